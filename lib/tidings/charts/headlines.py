"""Headline numbers of the chatbot that are no metrics of their own, made from those that are."""

from dataclasses import replace

from babel import Locale

from tidings.charts.base import is_empty
from tidings.charts.draw.slots import Slot, label, read_slots
from tidings.language import numbers
from tidings.language.languages import word_language
from tidings.language.sentences import brief, say, say_count
from tidings.metrics.metric import Result
from tidings.parts.part import Card


def show_recognised(unrecognised: Result) -> Result:
    """Turn the unrecognised share into the recognised one, for `charts.cards`.

    Parameters
    ----------
    unrecognised : Result
        Of ``chatbot.unrecognised_share``.
    """
    locale = unrecognised.edition.tenant.locale
    metric = replace(
        unrecognised.metric,
        label=say("Recognised", locale),
        better="up",
        definition=say(
            "Incoming messages in which the chatbot recognised an intent, as a share of all it looked at.",
            locale,
        ),
    )
    return replace(
        unrecognised,
        metric=metric,
        value=_rest(unrecognised.value),
        previous=_rest(unrecognised.previous),
        by_day=tuple(map(_rest, unrecognised.by_day)),
    )


def name_top_intent(intents: Result) -> Card:
    """Make a card of the most frequent intent, with its messages and their share.

    Parameters
    ----------
    intents : Result
        Of ``chatbot.intents``.
    """
    locale = intents.edition.tenant.locale
    definition = say("The intent of the most messages among those that were recognised.", locale)
    card = Card(intents.metric.name, say("Top Intent", locale), definition, numbers.NONE)
    if not intents.available or is_empty(intents):
        return _without(card, intents, say("no message was recognised", locale))
    first = read_slots(intents.value)[0]
    share = numbers.percent(first.share, locale)
    note = say_count(
        "{count} message, {share}", "{count} messages, {share}", int(first.value), locale, share=share
    )
    return replace(card, value=brief(label(first, locale)), note=note)


def count_languages(languages: Result) -> Card:
    """Make a card of how many languages users wrote in, with the one of most.

    Parameters
    ----------
    languages : Result
        Of ``chatbot.languages``.
    """
    locale = languages.edition.tenant.locale
    definition = say("Languages that at least one active user wrote most messages in.", locale)
    card = Card(languages.metric.name, say("Languages", locale), definition, numbers.NONE)
    if not languages.available or is_empty(languages):
        return _without(card, languages, say("nobody wrote", locale))
    known = [slot for slot in read_slots(languages.value) if slot.name is not None]
    note = _say_largest(known[0], locale) if known else say("no language was detected", locale)
    return replace(card, value=numbers.number(len(known), locale), note=note)


def _say_largest(slot: Slot, locale: Locale) -> str:
    name, share = word_language(str(slot.name), locale), numbers.percent(slot.share, locale)
    return say("most: {language}, {share}", locale, language=brief(name), share=share)


def _without(card: Card, result: Result, note: str) -> Card:
    """The card of what the source cannot give, or of nothing."""
    if result.available:
        return replace(card, note=note)
    absent = say("not available from this source", result.edition.tenant.locale)
    return replace(card, value=absent, available=False)


def _rest(share: float | None) -> float | None:
    return None if numbers.is_missing(share) else 1 - share
