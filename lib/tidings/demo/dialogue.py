"""Conversations with the demo company's bot, as rows."""

import numpy as np

from tidings.demo import words
from tidings.demo.rows import CONVERSATION, MESSAGE, SECOND, positions, running_totals

REACH_AGENT = 0.225
_UNDETECTED = round(0.05 * words.URN_SIZE)
_CODE_SWITCH = _UNDETECTED + round(0.015 * words.URN_SIZE)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def begin(starts: np.ndarray, campaign: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Conversations that begin at the given instants; where ``campaign`` holds, from the campaign.

    Their user, tenant and number are left to the caller.
    """
    threads = np.zeros(len(starts), CONVERSATION)
    threads["started_at"] = starts
    threads["entry_point"] = np.where(
        campaign, words.CAMPAIGN, words.draw(words.ENTRY_POINT, rng, len(starts))
    )
    threads["channel"] = words.draw_given(words.CHANNEL_OF_ENTRY, threads["entry_point"], rng)
    threads["start_flow"] = words.draw_given(words.FLOW_OF_ENTRY, threads["entry_point"], rng)
    return threads


def languages(users: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The language detected in a message of each user: mostly their own, at times English or none."""
    own = words.LANGUAGE[((users.astype(np.uint64) + np.uint64(1)) * _GOLDEN) >> np.uint64(52)]
    chance = rng.integers(words.URN_SIZE, size=len(users), dtype=np.uint16)
    spoken = np.where(chance < _CODE_SWITCH, words.ENGLISH, own)
    return np.where((own < 0) | (chance < _UNDETECTED), -1, spoken).astype(np.int8)


def messages_of(threads: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Blank messages, so many for each conversation, with the conversation's index and their place in it."""
    owner, place = positions(counts)
    messages = np.zeros(len(owner), MESSAGE)
    for name in ("conversation", "user", "tenant", "channel"):
        messages[name] = threads[name][owner]
    for name in ("assignment", "intent", "language"):
        messages[name] = -1
    return messages, owner, place


def _lengths(handed_over: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Messages between user and bot: 4 to 14; fewer, and the bot's word last, before an agent is called."""
    whole = 3 + np.minimum(rng.geometric(0.28, len(handed_over)), 11)
    short = 2 + 2 * np.minimum(rng.geometric(0.6, len(handed_over)), 4)
    return np.where(handed_over, short, whole)


def _gaps(place: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Microseconds since the message before: a bot answers in seconds, a user takes half a minute."""
    pause = rng.standard_exponential(len(place), dtype=np.float32)
    gaps = np.where(place % 2, 0.7 + 0.8 * pause, 4 + 27 * pause) * np.float32(SECOND)
    return np.where(place == 0, 0, gaps).astype(np.int64)


def talk_to_bot(threads: np.ndarray, handed_over: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The messages that user and bot exchange in turns; sets ``ended_at`` to each conversation's last.

    Parameters
    ----------
    threads : numpy.ndarray
        Rows of CONVERSATION, changed in place.
    handed_over : numpy.ndarray of bool
        Which of them ask for an agent in the end.
    """
    counts = _lengths(handed_over, rng)
    messages, owner, place = messages_of(threads, counts)
    messages["sent_at"] = threads["started_at"][owner] + running_totals(_gaps(place, rng), counts)
    messages["sender"] = place % 2
    threads["ended_at"] = messages["sent_at"][np.cumsum(counts) - 1]

    heard = np.flatnonzero(messages["sender"] == words.USER)
    intents = words.draw(words.LATER_INTENT, rng, len(heard))
    opening = place[heard] == 0
    flows = threads["start_flow"][owner[heard[opening]]]
    intents[opening] = words.draw_given(words.FIRST_INTENT_OF_FLOW, flows, rng)
    parting = handed_over[owner[heard]] & (place[heard] >= counts[owner[heard]] - 2)
    intents[parting] = words.draw(words.HANDOVER_INTENT, rng, int(np.count_nonzero(parting)))
    messages["intent"][heard] = intents
    messages["language"][heard] = languages(messages["user"][heard], rng)
    return messages
