"""Shares as people say them, where that is near enough to be true."""

from babel import Locale

from tidings.language.sentences import say

_NEAR = 0.05


def one_in(share: float, locale: Locale) -> str | None:
    """The word that completes "one in …": "ten" for 42 of 435; None where none is near the share."""
    if not share:
        return None
    whole = round(1 / share)
    words = {
        2: say("two", locale),
        3: say("three", locale),
        4: say("four", locale),
        5: say("five", locale),
        6: say("six", locale),
        7: say("seven", locale),
        8: say("eight", locale),
        9: say("nine", locale),
        10: say("ten", locale),
        20: say("twenty", locale),
    }
    return words.get(whole) if abs(share * whole - 1) <= _NEAR else None
