"""What a check of the gate is: its declaration, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import wraps
from typing import Protocol, cast

from tidings.metrics.metric import first_paragraph
from tidings.review.gate.evidence import Evidence


class Severity(IntEnum):
    """What a finding does to an edition; the greater, the worse."""

    NOTE = 1
    REVIEW = 2
    HOLD = 3
    REFUSE = 4

    @property
    def word(self) -> str:
        """As it is written: ``note``, ``review``, ``hold``, ``refuse``."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """Something that a check found.

    Attributes
    ----------
    sentence : str
        What was found, for an operator, in plain text: it may hold values of the data and is not escaped.
    severity : Severity or None
        What it does; None for the first severity that the check declares.
    table, column : str or None
        Where in the data it is, if it is there.
    example : str or None
        A row, an id or a value for which it is so.
    check : str
        The name of the check, which its declaration fills in.
    """

    sentence: str
    severity: Severity | None = None
    table: str | None = None
    column: str | None = None
    example: str | None = None
    check: str = ""


@dataclass(frozen=True)
class Check:
    """The declaration of a check.

    Attributes
    ----------
    name : str
        What reviews, messages and the documentation call it.
    severities : tuple of Severity
        What its findings may do, the usual one first.
    parameters : tuple of str
        The keys of a tenant's ``gate:`` that change its limits.
    summary : str
        The first paragraph of the function's docstring.
    """

    name: str
    severities: tuple[Severity, ...]
    parameters: tuple[str, ...]
    summary: str


class Declared(Protocol):
    """A function that was declared as a check: of the evidence it gives the findings.

    Attributes
    ----------
    check : Check
        Its declaration.
    """

    check: Check

    def __call__(self, evidence: Evidence) -> list[Finding]: ...


def check(
    name: str, *severities: Severity, parameters: tuple[str, ...] = ()
) -> Callable[[Callable[[Evidence], Iterator[Finding]]], Declared]:
    """Declare a function of the evidence as a check of the gate.

    The declared function gives the findings, each with the check's name and a severity. The declaration is
    its attribute ``check``.

    Parameters
    ----------
    name : str
        Its name.
    *severities : Severity
        What its findings may do; the first is meant where a finding says nothing.
    parameters : tuple of str, optional
        The keys of a tenant's ``gate:`` that change its limits.
    """

    def declare(judge: Callable[[Evidence], Iterator[Finding]]) -> Declared:
        declared = Check(name, severities, parameters, first_paragraph(judge))

        @wraps(judge)
        def findings(evidence: Evidence) -> list[Finding]:
            return [
                replace(finding, check=name, severity=finding.severity or severities[0])
                for finding in judge(evidence)
            ]

        function_of_evidence = cast(Declared, findings)
        function_of_evidence.check = declared
        return function_of_evidence

    return declare
