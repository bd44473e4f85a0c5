"""Languages by the names that readers have for them."""

from babel import Locale, UnknownLocaleError


def name_language(code: str, locale: Locale) -> str:
    """Name a language (BCP 47) in another: "pt-BR" is "Brazilian Portuguese". An unknown one is its code."""
    plain = code.strip().replace("_", "-")
    try:
        spoken = Locale.parse(plain, sep="-")
    except (ValueError, UnknownLocaleError):
        name = locale.languages.get(plain.lower())
    else:
        name = locale.languages.get(str(spoken)) or spoken.get_display_name(locale)
    return name[0].upper() + name[1:] if name else code
