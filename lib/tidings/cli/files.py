"""Files that commands write beside the reports: whole, or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from upath import UPath

from tidings.errors import ReportError


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
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, file)
    except OSError as error:
        raise ReportError(
            f"cannot be written ({error.strerror})", where=f"file {file}", remedy="let this user write there"
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
