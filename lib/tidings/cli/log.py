"""The log: what a command does, shown with ``--verbose``, and what no one expected, in a file.

Modules log by ``logging.getLogger(__name__)``. Only here is it decided where that goes.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tidings.errors import TidingsError
from tidings.project import project_folder
from tidings.sources.secrets import redact

FILE_NAME = "_tidings.log"

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_BYTES, _FILES = 1_000_000, 3


class LogFile(RotatingFileHandler):
    """The file that errors go to, made when the first one comes.

    Attributes
    ----------
    is_written : bool
        Whether the last error could be written.
    """

    def __init__(self, folder: Path):
        path = folder / FILE_NAME
        super().__init__(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
        self.setLevel(logging.ERROR)
        self.is_written = False

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.baseFilename)

    def move(self, folder: Path) -> None:
        """Be in another folder."""
        self.close()
        self.baseFilename = os.path.abspath(folder / FILE_NAME)

    def emit(self, record: logging.LogRecord) -> None:
        """Write an error."""
        self.is_written = True
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Remember that an error could not be written, and stop no one for it."""
        self.is_written = False

    def _open(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


@contextmanager
def open_log() -> Iterator[LogFile]:
    """Send errors to a file in the project's outputs, and all else nowhere; other libraries are not heard.

    Left to itself, Python shows at the terminal what no one takes. In the end all is as it was.
    """
    try:
        project = project_folder()
    except TidingsError:  # which the command says, if it needs one
        project = Path.cwd()
    file = LogFile(project / "outputs")
    file.setFormatter(_Redacting(_FORMAT))
    loggers = (logging.getLogger("tidings"), logging.getLogger())
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    for logger, handler in zip(loggers, (file, logging.NullHandler()), strict=True):
        logger.addHandler(handler)
    try:
        yield file
    finally:
        file.close()
        for logger, level, handlers in before:
            logger.setLevel(level)
            logger.handlers[:] = handlers


def log_to(folder: Path) -> None:
    """Have errors in another folder's file from now on."""
    for handler in logging.getLogger("tidings").handlers:
        if isinstance(handler, LogFile):
            handler.move(folder)


def show_steps() -> None:
    """Show at the terminal what this library does, step by step."""
    terminal = logging.StreamHandler()
    # Errors a command tells itself, in a line; their tracebacks are in the file.
    terminal.addFilter(lambda record: record.levelno < logging.ERROR)
    terminal.setFormatter(_Redacting(_FORMAT))
    logging.getLogger("tidings").addHandler(terminal)
    logging.getLogger("tidings").setLevel(logging.INFO)


class _Redacting(logging.Formatter):
    """Leaves out secrets, which libraries put into the messages of their errors."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
