"""Files that stand beside the reports: whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tidings.errors import ReportError


@contextmanager
def write_whole(file: Path, remedy: str) -> Iterator[Path]:
    """A draft to write to: what the file was before is replaced once the draft is complete.

    Parameters
    ----------
    file : pathlib.Path
        What is written.
    remedy : str
        What to do where it cannot be.

    Raises
    ------
    ReportError
        It cannot be written; no draft is left then.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield draft
        os.replace(draft, file)
    except OSError as error:
        raise ReportError(
            f"cannot be written ({error.strerror})", where=f"file {file}", remedy=remedy
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
