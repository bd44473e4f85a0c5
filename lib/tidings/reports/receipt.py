"""The receipt of a report: what its files were made from and for whom, what was judged of it, and decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class Decision:
    """What someone decided of a report.

    Attributes
    ----------
    by, why : str
        Who did, and in their words why.
    at : str
        When, ISO 8601 in UTC.
    digest : str
        The SHA-256 of the executed notebook that it was decided of: made anew, the report is another.
    """

    by: str
    why: str
    at: str
    digest: str

    @property
    def reason(self) -> str:
        """As it stands among the reasons for which a report is held."""
        return f"by hand: {self.why} ({self.by})"


class Found(BaseModel):
    """What a check of the gate found: its name, a sentence, and what it does to the report."""

    model_config = ConfigDict(frozen=True, extra="allow")

    check: str = ""
    sentence: str
    severity: str = ""

    @property
    def reason(self) -> str:
        """As it stands among the reasons for which a report is held."""
        return f"{self.check}: {self.sentence}"


class Judged(BaseModel):
    """What the gate came to: ``refuse``, ``hold``, ``review``, ``note`` or ``clean``, and what it found."""

    model_config = ConfigDict(frozen=True, extra="allow")

    state: str
    findings: tuple[Found, ...] = ()


def _as_list(held: Any) -> Any:
    """The reasons of a receipt of an earlier version, which had one or none."""
    return [held] if isinstance(held, str) else held or []


class Receipt(BaseModel):
    """What is written down of a report once its files are in their place; of what no one knows, nothing.

    Attributes
    ----------
    fingerprint : str or None
        What the files were made from: see `tidings.reports.fingerprint`.
    files, stamps : mapping
        By the names of the files their SHA-256, and by what a change of them is seen at a glance.
    tenant, period, recipients
        Whose it is, of when, and for whom it was made.
    verdict : Judged or None
        What was judged of it when it was made.
    held : tuple of str
        Why it was kept back then, or is by hand.
    by_hand, approved : Decision or None
        Who held it, and who let it go.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    fingerprint: str | None = None
    files: dict[str, str]
    stamps: dict[str, list[int | float | str]] | None = None
    tenant: str | None = None
    period: str | None = None
    recipients: tuple[str, ...] | None = None
    verdict: Judged | None = None
    held: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    by_hand: Decision | None = None
    approved: Decision | None = None

    def is_approved(self, digest: str) -> bool:
        """Whether someone approved the very notebook of a digest."""
        return self.approved is not None and self.approved.digest == digest

    def list_reasons(self, digest: str, tenant: Tenant) -> tuple[str, ...]:
        """Why the report with the notebook of a digest may not be mailed to its tenant; none where it may."""
        if self.is_approved(digest):
            return ()
        if self.held or tenant.mail != "after-review" or not self.verdict or self.verdict.state != "review":
            return self.held
        return tuple(found.reason for found in self.verdict.findings if found.severity == "review")

    def amended(self, files: Mapping[str, str], stamps: Mapping[str, list], **about: Any) -> "Receipt":
        """The receipt with other digests and stamps of some files, and what else is new."""
        said = self.model_dump(exclude_unset=True)
        changed = {"files": self.files | dict(files), "stamps": (self.stamps or {}) | dict(stamps)}
        return Receipt.model_validate(said | changed | about)

    def written(self) -> str:
        """As JSON, of which another version of the library reads what it knows."""
        return self.model_dump_json(indent=1, exclude_unset=True)
