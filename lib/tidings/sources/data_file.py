"""One file of data: its form, by its name, and its text, however that is compressed and encoded."""

import codecs
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from upath import UPath

from tidings.errors import SourceError, trouble_of_store
from tidings.sources.forms import Form, table_and_form

_BEGINNING = 1_000_000  # bytes, of which the first line is one
_COPIED_AT_ONCE = 1_000_000
_REPLACED = "\ufffd"  # stands for bytes that are no text
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_SIGNS = (  # with which files of other kinds begin
    (b"\x1f\x8b", "is compressed by gzip, which its name does not say", "let its name end in .gz"),
    (b"\x28\xb5\x2f\xfd", "is compressed by zstd, which its name does not say", "let its name end in .zst"),
    (b"BZh", "is compressed by bzip2", "compress it by gzip or zstd, or not at all"),
    (b"\xfd7zXZ", "is compressed by xz", "compress it by gzip or zstd, or not at all"),
    (b"PK\x03\x04", "is a workbook or a zip archive", "unpack it; in Excel, save it as CSV UTF-8"),
    (b"PAR1", "is Parquet, which its name does not say", "let its name end in .parquet"),
)


@dataclass(frozen=True)
class DataFile:
    """A file that holds a table's rows.

    Attributes
    ----------
    path : UPath
        Where it is.
    table : str
        The name of the table.
    where : str
        Its place, for messages.
    """

    path: UPath
    table: str
    where: str

    @property
    def form(self) -> Form | None:
        """How it keeps its rows."""
        return table_and_form(self.path.name)[1]

    def beginning(self) -> str:
        """Its first characters, a million at most.

        Raises
        ------
        SourceError
            Its first line is neither UTF-8 nor UTF-16, or it is a file of another kind.
        OSError
            It cannot be read, or is not compressed as its name says.
        """
        with self._opened() as stream:
            start = stream.read(_BEGINNING)
        for sign, what, remedy in _SIGNS:
            if start.startswith(sign):
                raise SourceError(what, where=self.where, remedy=remedy)
        text = start.decode(_encoding(start), errors="replace").removeprefix("\ufeff")
        if _REPLACED in text.lstrip().partition("\n")[0]:
            raise self.no_text()
        return text

    @property
    def is_utf8(self) -> bool:
        """Whether it begins as UTF-8 does: what DuckDB reads as it is."""
        with self._opened() as stream:
            return _encoding(stream.read(4)) == "utf-8"

    @contextmanager
    def as_utf8(self, with_one_line_end: bool = False) -> Iterator[str]:
        """Its address, as DuckDB names it; of UTF-16, which DuckDB reads in part, that of a copy for a while.

        Parameters
        ----------
        with_one_line_end : bool
            Whether a copy is wanted in which all lines end alike.

        Raises
        ------
        SourceError
            It is not the text as which it begins.
        """
        with self._opened() as stream:
            encoding = _encoding(stream.read(4))
        if encoding == "utf-8" and not with_one_line_end:
            yield address(self.path)
            return
        with tempfile.TemporaryDirectory(prefix="tidings-") as folder:
            copy = Path(folder) / "text"
            self._copy(encoding, copy, with_one_line_end)
            yield str(copy)

    def no_text(self, where: str | None = None) -> SourceError:
        """The refusal of text in another encoding, found at a place of it."""
        remedy = "save it as UTF-8" + (", in Excel as CSV UTF-8" if self.form is Form.CSV else "")
        return SourceError("is not UTF-8 text", where=where or self.where, remedy=remedy)

    def _copy(self, encoding: str, copy: Path, with_one_line_end: bool) -> None:
        text = codecs.getincrementaldecoder(encoding)()
        decoder = io.IncrementalNewlineDecoder(text, translate=True) if with_one_line_end else text
        try:
            with self._opened() as stream, copy.open("w", encoding="utf-8", newline="") as target:
                while some := stream.read(_COPIED_AT_ONCE):
                    target.write(decoder.decode(some).removeprefix("\ufeff"))
                target.write(decoder.decode(b"", final=True))
        except UnicodeError:
            raise self.no_text() from None

    @contextmanager
    def _opened(self) -> Iterator[pa.NativeFile]:
        """Its bytes, no longer compressed."""
        packed = _COMPRESSIONS.get(self.path.suffix.lower())
        with self.path.open("rb") as file, pa.input_stream(file, compression=packed) as stream:
            yield stream


def unreadable(error: Exception, file: DataFile) -> SourceError:
    """What keeps a file from being read, in words: an engine's own would speak of the engine."""
    if trouble := trouble_of_store(error):
        what, remedy = trouble
    elif isinstance(error, PermissionError):
        what, remedy = "may not be read", "give the account that makes reports the right to read it"
    elif isinstance(error, FileNotFoundError):
        what, remedy = "is no longer there", "put it back, and do not move files while reports are made"
    elif isinstance(error, duckdb.OutOfMemoryException):
        what, remedy = "does not fit into the memory", "raise TIDINGS_MEMORY_LIMIT, or write it as Parquet"
    elif "non-root column" in str(error):  # as pandas writes a frame that is nothing at all
        what, remedy = "has no columns", "write all columns, even where there are no rows"
    else:
        form = file.form.value if file.form else Form.PARQUET.value
        what = f"cannot be read as {form}"
        remedy = "the file is damaged, cut short or of another format: write it again"
    return SourceError(what, where=file.where, remedy=remedy)


def address(path: UPath) -> str:
    """A path as DuckDB names one file, and no pattern of files."""
    return re.sub(r"([*?[])", r"[\1]", _uri(path))


def _uri(path: UPath) -> str:
    if path.protocol in ("", "file"):
        return str(path)
    # By the name s3, Ibis would fetch an extension of DuckDB's; by the other one, s3fs reads, as registered.
    return re.sub("^s3://", "s3a://", path.as_uri())


def _encoding(start: bytes) -> str:
    """UTF-32 or UTF-16 where the first bytes say so, UTF-16 too where every other one is 0; else UTF-8."""
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if start[:1] and start[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\0" and start[1:2] else "utf-8"
