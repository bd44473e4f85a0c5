"""Extracts what is said to readers, and keeps the catalogues of translations up to date with it."""

import io
from collections.abc import Iterator
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tidings.errors import UsageError
from tidings.language.catalogue import FOLDER
from tidings.metrics import METRICS
from tidings.metrics.metric import word_column
from tidings.page.markup import read_words
from tidings.project import master_notebook, project_folder

TEMPLATE = FOLDER / "tidings.pot"
LIBRARY = Path(__file__).parents[1]

_CALLS = {"say": (1,), "translate": (1,), "say_count": (1, 2)}
_METHODS = {".py": "python", ".j2": "jinja2"}
_HEADER = "# What Tidings says to readers: see CONTRIBUTING.md, Add a language."
_DATED = ("Project-Id", "Report-Msgid", "POT-", "PO-", "Last-Translator", "Language-Team", "Generated-By")


def extract() -> Catalog:
    """What is said to readers: in modules and templates, by metrics, and in the notebook."""
    catalog = Catalog(project="Tidings", charset="utf-8", fuzzy=False)
    for message, where in (*_from_files(), *_from_metrics(), *_from_notebook()):
        singular = message if isinstance(message, str) else message[0]
        known = catalog.get(singular)
        if known and known.id != message:
            raise UsageError(
                f"{singular!r} is said with another plural, or with none, in {known.locations[0][0]}",
                where=where,
                remedy="word one of the two differently: a catalogue tells sentences apart by their singular",
            )
        catalog.add(message, locations=[(where, 0)])
    return catalog


def update_catalogues(add: str = "") -> Iterator[str]:
    """Write the template and every catalogue anew, and tell of each what is not translated yet.

    What is new stands in a catalogue untranslated, what is said no more is gone. Of a language to ``add`` the
    catalogue is begun.
    """
    template = extract()
    _write(TEMPLATE, template)
    if add and not (FOLDER / f"{add}.po").exists():
        _write(FOLDER / f"{add}.po", Catalog(add, project="Tidings", charset="utf-8", fuzzy=False))
    for file in sorted(FOLDER.glob("*.po")):
        catalog = read_po(io.BytesIO(file.read_bytes()))
        catalog.update(template, no_fuzzy_matching=True)
        _write(file, catalog)
        yield f"{file.name}: {len(catalog)} messages, {len(untranslated(catalog))} not translated"


def untranslated(catalog: Catalog) -> list[str]:
    """What is not translated, or not for certain, or not in every plural form."""
    lacking = []
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            lacking.append(str(message.id))
    return lacking


def _write(file: Path, catalog: Catalog) -> None:
    """Write a catalogue, without dates and names, so that only what is said changes the file."""
    catalog.header_comment, written = _HEADER, io.BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, ignore_obsolete=True)
    dated = tuple(f'"{name}' for name in _DATED)
    lines = written.getvalue().decode().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(dated)), encoding="utf-8")


def _from_files() -> Iterator[tuple[str | tuple[str, ...], str]]:
    for file in sorted(LIBRARY.rglob("*")):
        if method := _METHODS.get(file.suffix):
            where = file.relative_to(LIBRARY).as_posix()
            for _, message, _, _ in extract_from_file(method, str(file), _CALLS, options={"silent": "false"}):
                yield message, where


def _from_metrics() -> Iterator[tuple[str, str]]:
    for compute in METRICS:
        metric = compute.metric
        yield metric.label, f"{metric.name}:label"
        yield metric.definition, f"{metric.name}:definition"
        yield from ((word_column(column), f"{metric.name}:column") for column in metric.columns)


def _from_notebook() -> Iterator[tuple[str, str]]:
    notebook = nbformat.read(master_notebook(project_folder()), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from ((words, "notebooks/report.ipynb") for words in read_words(cell.source))
