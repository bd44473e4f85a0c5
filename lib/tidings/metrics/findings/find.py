"""The few findings that a reader is told first, chosen from all that there are."""

from collections import Counter

from tidings.metrics.edition import Edition
from tidings.metrics.findings import (
    agents,
    bot,
    changes,
    days,
    goals,
    minutes,
    missed,
    most,
    shifts,
    silence,
    waits,
)
from tidings.metrics.findings.finding import Finding
from tidings.metrics.findings.recorded import Recorded
from tidings.metrics.findings.score import NEWS
from tidings.metrics.results import edition_results

MOST, MOST_OF_A_SECTION = 5, 3

# Of findings that are as unusual as each other the earlier is told first. No candidate knows of another.
CANDIDATES = (
    goals.goals,
    silence.no_messages,
    silence.no_users,
    silence.no_conversations,
    missed.missed,
    waits.waits,
    agents.unattended,
    agents.one_agent,
    agents.idle,
    days.outlying_day,
    minutes.outlying_minute,
    changes.changes,
    changes.little_change,
    days.busiest_day,
    bot.unrecognised,
    shifts.shifts,
    most.most_asked,
    most.most_spoken,
    bot.automated,
    most.most_closed,
)


def find(edition: Edition) -> list[Finding]:
    """What stands out in an edition's recorded numbers, the most unusual first.

    There are at most five; of each section that has rows one to three, and never two of one cause.
    """
    return edition.cached(_find)


def choose(found: list[Finding]) -> list[Finding]:
    """Choose from all findings those to tell: the best of each section, then what is news of the others."""
    ranked = sorted(found, key=lambda finding: -finding.score)
    chosen: list[Finding] = []
    for is_first in (True, False):
        for finding in ranked:
            of_sections = Counter(other.section for other in chosen)
            is_wanted = (
                not of_sections[finding.section]
                if is_first
                else finding.score >= NEWS and of_sections[finding.section] < MOST_OF_A_SECTION
            )
            is_new = finding.cause not in {other.cause for other in chosen}
            if is_wanted and is_new and len(chosen) < MOST:
                chosen.append(finding)
    return sorted(chosen, key=lambda finding: -finding.score)


def _find(edition: Edition) -> list[Finding]:
    results = {result.metric.name: result for result in edition_results(edition)}
    recorded = Recorded(edition, results)
    return choose([finding for look in CANDIDATES for finding in look(recorded)])
