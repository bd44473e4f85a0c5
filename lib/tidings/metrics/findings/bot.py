"""How much the bot did alone, and how much of what people wrote it understood."""

from collections.abc import Iterator

from tidings.language.numbers import number, percent
from tidings.language.sentences import say
from tidings.metrics.findings.finding import Cause, Finding, Kind, candidate
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import FEWEST, PLAIN, UNRECOGNISED, score_change, score_share

_AUTOMATED, _COUNT = "contact_center.automated_share", "contact_center.automated_resolutions"
_UNRECOGNISED, _INTENTS = "chatbot.unrecognised_share", "chatbot.intents"


@candidate(Kind.AUTOMATED)
def automated(recorded: Recorded) -> Iterator[Finding]:
    """The share of conversations that never needed a person, and its change where that is news."""
    share, count = recorded.number(_AUTOMATED), recorded.number(_COUNT)
    if not share:
        return
    total = round(count / share)
    locale, before, score = recorded.locale, recorded.before(_AUTOMATED), _score_automated(recorded)
    places = {
        "share": percent(share, locale),
        "before": percent(before, locale),
        "automated": number(count, locale),
        "total": number(total, locale),
    }
    if not score or places["share"] == places["before"]:
        words = (
            say("{share} of conversations never needed a person ({automated} of {total}).", locale, **places),
            say("{share} automated", locale, **places),
        )
    elif share > before:
        words = (
            say(
                "{share} of conversations never needed a person, up from {before} ({automated} of {total}).",
                locale,
                **places,
            ),
            say("{share} automated, up from {before}", locale, **places),
        )
    else:
        words = (
            say(
                "{share} of conversations never needed a person, down from {before} "
                "({automated} of {total}).",
                locale,
                **places,
            ),
            say("{share} automated, down from {before}", locale, **places),
        )
    yield Finding(_AUTOMATED, max(score, PLAIN), *words, Cause.AUTOMATION)


def _score_automated(recorded: Recorded) -> float:
    """Score the change of the automated share or of the rest, whichever changed more; 0 for no news."""
    share, before = recorded.number(_AUTOMATED), recorded.before(_AUTOMATED)
    if not before:
        return 0.0
    total, earlier = recorded.number(_COUNT) / share, recorded.before(_COUNT) / before
    if min(total, earlier) < FEWEST:
        return 0.0
    pairs = [(share, before), (1 - share, 1 - before)]
    return max(score_change(one / two, (one * total, two * earlier)) for one, two in pairs if two > 0)


@candidate(Kind.UNRECOGNISED)
def unrecognised(recorded: Recorded) -> Iterator[Finding]:
    """The share of messages that the bot did not understand, and its change where that is news."""
    share, recognised = recorded.number(_UNRECOGNISED), recorded.table(_INTENTS)["messages"].sum()
    if not share:
        return
    total = max(round(recognised / (1 - share)), FEWEST) if share < 1 else FEWEST
    locale, before = recorded.locale, recorded.before(_UNRECOGNISED)
    # How many messages of the period before have an intent is not recorded: about as many are assumed.
    change = score_change(share / before, (share * total, before * total)) if before and recognised else 0.0
    places = {"share": percent(share, locale), "before": percent(before, locale)}
    level = score_share(round(share * total), total, UNRECOGNISED)
    if not change or places["share"] == places["before"]:
        words = (
            say("The bot did not understand {share} of the messages.", locale, **places),
            say("{share} not understood", locale, **places),
        )
    elif share > before:
        words = (
            say("The bot did not understand {share} of the messages, up from {before}.", locale, **places),
            say("{share} not understood, up from {before}", locale, **places),
        )
    else:
        words = (
            say("The bot did not understand {share} of the messages, down from {before}.", locale, **places),
            say("{share} not understood, down from {before}", locale, **places),
        )
    yield Finding(_UNRECOGNISED, max(level, change, PLAIN), *words, Cause.RECOGNITION)
