"""Periods, tenants' files, CSV files and the mail builder, given what no one should give them."""

import csv
import io
import logging
import random
import tempfile
from collections.abc import Callable
from copy import deepcopy
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import nbformat
import yaml
from bs4 import BeautifulSoup
from support.messages import NOW
from support.projects import TENANT, add_tenant, make_project, run
from support.random_rows import CLOCK_CHANGE, random_tables
from support.tables import edition_in, tenant

from tidings.errors import TidingsError
from tidings.mail.envelope import Envelope
from tidings.mail.message import build_message, message_bytes
from tidings.metrics import METRICS
from tidings.parts.bundle import MIMETYPE
from tidings.periods.period import parse_period
from tidings.sources.contract import TABLES
from tidings.sources.mapping import load_mapping
from tidings.tenants.tenant import Parameters, load_tenant
from torture.trial import HOSTILE, LONG, Trial, scramble, until

_PERIODS = (
    "2026-W46",
    "2026-11",
    "2026-11-H1",
    "2026-11-01..2026-11-07",
    "latest",
    "2026-11..2026-12",
    "today",
)
_VALUES = (
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    [],
    {},
    [None],
    [[]],
    {"a": {"b": []}},
    10**400,
    NOW,
    NOW.date(),
    LONG,
)
_MAPPING = """CREATE VIEW messages AS SELECT m.id AS message_id , thread AS conversation_id ,
"from" AS user_id , CAST ( "at" AS TIMESTAMP ) AS sent_at , 'incoming' AS direction , 'user' AS sender ,
d.topic AS intent FROM mails AS m LEFT JOIN details AS d ON d.mail = m.id WHERE m.team = :team ;
CREATE VIEW users AS SELECT "from" AS user_id , min ( CAST ( "at" AS TIMESTAMP ) ) AS first_seen_at
FROM mails GROUP BY "from" ;"""
_SQL = (
    *(
        "DROP TABLE mails",
        "COPY mails TO 'out.csv'",
        "INSERT INTO mails SELECT",
        "ATTACH 'x.db'",
        "SET x = 1",
    ),
    *(
        "INSTALL httpfs",
        "PRAGMA version",
        "CREATE TABLE t AS SELECT",
        "WITH a AS ( SELECT 1 )",
        "UNION ALL SELECT",
    ),
    *(";", "(", ")", "'", '"', "`", "--", "/*", "*/", "$$", "?", ":", ":nobody", "@x", "{{", "\\", "E'\\'"),
    *(
        "(" * 3000,
        "NOT " * 3000,
        "1 + " * 3000,
        "CASE " * 500,
        "x" * 100_000,
        "9" * 5000,
        "NULL",
        "*",
        "SELECT",
    ),
    *(
        "messages",
        "_watermark",
        "information_schema.tables",
        "mails.mails",
        "generate_series(1, 3)",
        "interval",
    ),
)
_DIALECTS = ("duckdb", "postgres", "mysql", "clickhouse", "pyspark")
_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Cc", "Bcc")
_ACTIVE = ("script", "iframe", "svg", "base", "object", "form")


def fuzz(seconds: float, chance: random.Random) -> Trial:
    """Whatever comes in: a result that holds, or an error of the library's own family."""
    trial, refused = Trial(), 0
    logging.getLogger("sqlglot").addHandler(
        logging.NullHandler()
    )  # it warns, which the command does not show
    with tempfile.TemporaryDirectory() as folder:
        tries = _tries(Path(folder))
        for _ in until(seconds):
            attempt = chance.choice(tries)
            trial.tries += 1
            try:
                attempt(chance)
            except TidingsError:
                refused += 1
            except Exception as error:
                trial.broken += 1
                trial.seen = f"{attempt.__name__}: {type(error).__name__}: {str(error)[:300]!r}"
    trial.seen = trial.seen or f"{refused:,} refused, the others taken"
    return trial


def _tries(folder: Path) -> list[Callable[[random.Random], Any]]:
    project = make_project(folder / "project")
    add_tenant(project, "acme", "activity, chatbot, contact-center", random_tables(1))
    who = load_tenant("acme", project / "parameters")
    run(
        project, "report", "acme", "--period", CLOCK_CHANGE
    )  # Held, for its rows are out of order; made all the same.
    notebook = nbformat.read(project / "outputs" / "acme" / CLOCK_CHANGE / "report.ipynb", as_version=4)

    def period(chance: random.Random) -> None:
        parse_period(scramble(chance.choice(_PERIODS), chance), who, NOW)

    def parameters(chance: random.Random) -> None:
        _read_parameters(project, chance)

    def csv_file(chance: random.Random) -> None:
        _read_csv(folder / "csv", chance)

    def mapping(chance: random.Random) -> None:
        _read_mapping(folder / "mapped", chance)

    def mail(chance: random.Random) -> None:
        _build_mail(notebook, chance)

    return [period, parameters, csv_file, mapping, mail]


def _read_parameters(project: Path, chance: random.Random) -> None:
    """A tenant's file, with values of any kind under any key, or no YAML at all."""
    text = TENANT.format(tenant="acme", services="activity")
    if chance.random() < 0.5:
        given = yaml.safe_load(text)
        keys = HOSTILE if chance.random() < 0.1 else tuple(Parameters.model_fields)
        for key in chance.sample(keys, chance.randrange(1, 3)):
            given[key] = chance.choice(
                (*_VALUES, *HOSTILE, [chance.choice(HOSTILE)], {"color": chance.choice(HOSTILE)})
            )
        text = yaml.safe_dump(given)
    else:
        text = scramble(text, chance)
    (project / "parameters" / "fuzz.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    load_tenant("fuzz", project / "parameters")


def _read_csv(folder: Path, chance: random.Random) -> None:
    """A CSV file of messages, torn or with hostile words in its cells: what is read gives every number."""
    folder.mkdir(exist_ok=True)
    names = [column.name for column in TABLES["messages"].columns]
    row = ["c1", "u1", "2026-11-10 15:00:00", "incoming", "user", "", "balance", "en", "web"]
    lines = [[*names, chance.choice(HOSTILE)], *([f"m{number}", *row, "more"] for number in range(4))]
    for column in chance.sample((0, 1, 2, 6, 7, 8, 9, 10), 3):
        lines[chance.randrange(1, 5)][column] = chance.choice((*HOSTILE, LONG))
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    text = scramble(written.getvalue(), chance) if chance.random() < 0.3 else written.getvalue()
    (folder / "messages.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    edition = edition_in(folder, "2026-W46", folder, services=["activity", "chatbot"])
    for compute in METRICS:
        if set(compute.metric.services) <= set(edition.tenant.services):
            compute(edition)


def _read_mapping(folder: Path, chance: random.Random) -> None:
    """A mapping, torn or with other SQL in it: what is taken are views, which read and change nothing."""
    if not folder.exists():
        folder.mkdir()
        (folder / "mails.csv").write_text(
            'id,thread,from,at,team\nm1,c1,u1,2026-11-10 12:00,a\nm2,c2,"u ""2",2026-11-11 13:00,b\n'
        )
        (folder / "details.json").write_text('[{"mail": "m1", "topic": "bill"}]')
    files = {path.name: path.read_bytes() for path in folder.glob("*.[cj]s*")}
    words = _MAPPING.split(" ")
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(words))
        words[at : at + chance.randrange(3)] = [
            chance.choice((*_SQL, *HOSTILE, words[chance.randrange(len(words))]))
        ]
    text = " ".join(words)
    text = scramble(text, chance) if chance.random() < 0.3 else text
    (folder / "own.sql").write_bytes(text.encode("utf-8", "surrogatepass"))
    keys = {"mapping": "own.sql", "services": ["activity"], "source_parameters": {"team": "a"}}
    try:
        views = load_mapping(tenant(folder, **keys), folder, chance.choice(_DIALECTS))
        assert set(views) <= {*TABLES, "_watermark"}
        edition = edition_in(folder, "2026-W46", folder, **keys)
        for name in filter(edition.has, TABLES):
            edition.fetch(edition.rows(name))
    finally:
        left = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "own.sql"}
        assert left == files


def _build_mail(notebook: nbformat.NotebookNode, chance: random.Random) -> None:
    """An executed notebook whose parts say hostile words: a message whose headers are those it was given."""
    said = deepcopy(notebook)
    shown = [output.data for cell in said.cells for output in cell.get("outputs", []) if "data" in output]
    for bundle in chance.sample([data for data in shown if MIMETYPE in data], 4):
        bundle[MIMETYPE] = _spoiled(bundle[MIMETYPE], chance)
    name, subject = (chance.choice(HOSTILE) if chance.random() < 0.2 else "Tidings" for _ in range(2))
    envelope = Envelope(
        sender=f"{name} <reports@example.com>",
        recipient="ana@example.com",
        subject=subject,
        date=NOW,
        message_id="<demo.2026-W46@example.com>",
    )
    message = message_from_bytes(message_bytes(build_message(said, envelope)), policy=default)
    defects = [defect for part in message.walk() for defect in part.defects]
    counts = [len(message.get_all(name, [])) for name in _HEADERS]
    assert (defects, counts) == ([], [1, 1, 1, 1, 1, 0, 0])
    assert message["To"].addresses[0].addr_spec == "ana@example.com"
    assert not BeautifulSoup(message.get_body(("html",)).get_content(), "html.parser")(_ACTIVE)


def _spoiled(value: Any, chance: random.Random) -> Any:
    """The JSON of a part, some of whose texts are hostile."""
    if isinstance(value, dict):
        return {key: inner if key == "kind" else _spoiled(inner, chance) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spoiled(inner, chance) for inner in value]
    if isinstance(value, str) and chance.random() < 0.3:
        return chance.choice(HOSTILE)
    return value
