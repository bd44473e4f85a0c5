"""Files that commands write beside the reports: whole, or not at all."""

from pathlib import Path

from upath import UPath

from tidings.review.files import write_whole


def put(file: Path | UPath, content: bytes) -> None:
    """Write a file; what is there is replaced once the new one is complete.

    Raises
    ------
    ReportError
        It cannot be written.
    """
    if isinstance(file, UPath):
        file.write_bytes(content)
        return
    with write_whole(file, "let this user write there") as draft:
        draft.write_bytes(content)
