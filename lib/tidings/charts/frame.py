"""The parts that frame a report: its head, the highlights, and its foot."""

from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from struct import error as StructError
from struct import unpack

from PIL import Image, UnidentifiedImageError

from tidings.errors import ParametersError
from tidings.language.dates import days_title, zone_name
from tidings.language.numbers import moment, number
from tidings.language.sentences import say, say_count
from tidings.metrics.comparison import days_of_both
from tidings.metrics.edition import Edition
from tidings.metrics.findings.find import find
from tidings.metrics.observations import observe
from tidings.parts.part import Footer, Header, Highlights, Part
from tidings.periods.period import next_due
from tidings.project import project_folder

_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_LOGO = 200_000
_LARGEST_SIDE = 4_000


def header(edition: Edition) -> Part:
    """Whose report it is, of which period and zone, and what it is compared with."""
    locale, brand = edition.tenant.locale, edition.tenant.brand
    return Header(
        tenant=edition.tenant.name,
        period=edition.period.title(locale),
        zone=zone_name(edition.tenant.time_zone, locale),
        compared=_compared(edition),
        lengths=_lengths(edition),
        color=brand.color,
        language=edition.tenant.language,
        alt=edition.tenant.name if brand.logo else None,
        png=_logo(brand.logo) if brand.logo else None,
    )


def highlights(edition: Edition) -> Part:
    """At most five sentences on what stands out in the recorded numbers."""
    found, locale = find(edition), edition.tenant.locale
    return Highlights(
        say("In short", locale),
        tuple(finding.sentence for finding in found),
        headlines=tuple(finding.headline for finding in found),
    )


def footer(edition: Edition) -> Part:
    """How far the data reach, what times and numbers mean, when the next report is due, what made it."""
    tenant, locale = edition.tenant, edition.tenant.locale
    due = next_due(tenant, edition.period)
    lines = (
        *_reach(edition),
        say("All times are in {zone}.", locale, zone=zone_name(tenant.time_zone, locale)),
        say("Each number is defined where it is shown.", locale),
        say("Next report: {day}.", locale, day=days_title(due, due, locale)),
        say("Made by Tidings {version}.", locale, version=version("tidings")),
    )
    return Footer(lines)


def _reach(edition: Edition) -> tuple[str, ...]:
    """To which minute there are rows, if there are any."""
    newest, locale = edition.cached(observe)["newest"], edition.tenant.locale
    if newest is None:
        return (say("There are no data near this period.", locale),)
    local = datetime.fromisoformat(newest).astimezone(edition.tenant.zone)
    return (say("The data reach to {moment}.", locale, moment=moment(local.isoformat(), locale, True)),)


def _compared(edition: Edition) -> str:
    locale, before = edition.tenant.locale, edition.previous.period
    if not edition.has_previous:
        return say("the first report: nothing to compare with yet", locale)
    period = before.whole().title(locale)
    if before.until:
        return say("compared with the same part of {period}", locale, period=period)
    return say("compared with {period}", locale, period=period)


def _lengths(edition: Edition) -> str | None:
    locale, (now, before) = edition.tenant.locale, days_of_both(edition)
    if now == before or not edition.has_previous:
        return None
    return say_count(
        "per day: {count} day now, {before} before",
        "per day: {count} days now, {before} before",
        now,
        locale,
        before=number(before, locale),
    )


def _logo(name: str) -> bytes:
    path = project_folder() / name
    remedy = f"put a PNG of at most {_LARGEST_LOGO:,} bytes there, or say logo: null"
    if not path.is_file():
        raise ParametersError("the brand's logo is not there", where=f"file {name}", remedy=remedy)
    picture = path.read_bytes()
    if not picture.startswith(_PNG) or len(picture) > _LARGEST_LOGO:
        raise ParametersError("the brand's logo is not a small PNG", where=f"file {name}", remedy=remedy)
    try:
        largest = max(unpack(">II", picture[16:24]))  # as its header says, before anything is decoded
        if largest <= _LARGEST_SIDE:
            with Image.open(BytesIO(picture)) as opened:
                opened.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, StructError):
        raise ParametersError(
            "the brand's logo is a damaged PNG", where=f"file {name}", remedy=remedy
        ) from None
    if largest > _LARGEST_SIDE:
        raise ParametersError(
            f"the brand's logo has a side of {largest:,} pixels",
            where=f"file {name}",
            remedy=f"scale it to at most {_LARGEST_SIDE:,} by {_LARGEST_SIDE:,}",
        )
    return picture
