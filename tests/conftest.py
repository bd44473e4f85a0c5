"""What several tests need: notebooks executed by hand, the command, kernels, a browser, an HTML checker."""

import base64
import io
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw
from support.projects import NOW
from support.reading import find_html_errors, find_program, find_violations, open_browser
from support.tools import MISSING

from tidings.cli.main import main
from tidings.kernels import warm_kernels
from tidings.parts.bundle import MIMETYPE, to_json
from tidings.parts.part import (
    Agents,
    Amount,
    Card,
    Cards,
    Change,
    Chart,
    Column,
    DataTable,
    Footer,
    Header,
    Highlights,
    Line,
    Measure,
    Notice,
    Part,
    Ranking,
    Row,
    Table,
)

HEADER = Header(
    tenant="Demo Telecom",
    period="Mon 9 – Sun 15 November 2026",
    zone="America/Bogota",
    compared="compared with Mon 2 – Sun 8 November 2026",
    lengths=None,
    color="#0B6E4F",
    language="en",
    alt=None,
)

HOSTILE = (
    "</title></style>--><script>alert(1)</script>\"'><img src=http://x.invalid/ onerror=alert(1)>"
    "{{ 7*7 }} مرحبا " + "W" * 300
)


def _png(width: int = 1136, height: int = 512) -> bytes:
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((width // 4, height // 4, width // 2, height), fill="#0B6E4F")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _shown(part: Part, png: bytes | None = None, tags: tuple[str, ...] = ()):
    data = {MIMETYPE: to_json(part), "text/html": "as in JupyterLab", "text/plain": "as in a terminal"}
    if png:
        data["image/png"] = base64.b64encode(png).decode()
    return new_code_cell("code()", outputs=[new_output("display_data", data)], metadata={"tags": list(tags)})


def _chart(text: str = "Incoming Messages", **changes) -> Chart:
    columns = Column("Day", numeric=False), Column(text, numeric=True)
    chart = Chart(
        metric="activity.incoming_messages",
        title=text,
        finding=f"{text}: 28,705 in the week",
        definition=f"{text}, per day.",
        notes=(text,),
        alt=f"{text}. 28,705 in the week, most on Friday",
        width=568,
        height=256,
        wide=False,
        table=DataTable(columns, (("Mon 9 Nov", "4,210"), (text, "5,610"))),
    )
    return replace(chart, **changes)


def _card(text: str = "New Users", **changes) -> Card:
    card = Card(
        metric="activity.new_users",
        label=text,
        definition=f"{text}: people who wrote for the first time.",
        value="1,204",
        change=Change("8%", "up", "good", "up 8% from 1,115"),
        before="1,115 before",
    )
    return replace(card, **changes)


def _statement(text: str) -> Table:
    rows = Row(text, text, "1,871", total=False), Row("Total Conversations", "", "1,871", total=True)
    return Table("contact_center.reconciliation", text, text, text, (text,), rows)


def _line(name: str, lengths: tuple[float | None, ...] = (0.5,), **changes) -> Line:
    line = Line(name, None, tuple(Amount("681", length) for length in lengths), "13%")
    return replace(line, **changes)


def _ranking(text: str = "Most Frequent Intents", **changes) -> Ranking:
    ranking = Ranking(
        metric="chatbot.intents",
        title=text,
        finding=f"{text}: the first three",
        definition=f"{text}, by messages.",
        notes=(text,),
        columns=(text, "Messages", "Share"),
        lines=(_line("Check balance", (1,)), _line(text[:79] + "…", whole=text)),
        rest=_line("2 others together", (None,)),
        folded=(_line(text, (None,)), _line("查询余额", (None,))),
        leading=1,
        whole=False,
        wide=False,
    )
    return replace(ranking, **changes)


def _agents(text: str = "Agents", **changes) -> Agents:
    agents = Agents(
        title=text,
        finding=f"{text}: Ana the most",
        notes=(text,),
        name=text,
        measures=(
            Measure("contact_center.agent_conversations", text, text),
            Measure("contact_center.agent_hours", "Total Connection Hours", "Time logged in."),
        ),
        lines=(_line(text, (1, 0.5), share=None), _line("陈伟", (0.1, 0), share=None)),
        rest=_line("2 others together", (None, None), share=None),
        folded=(_line(text, (0.1, 0.2), share=None), _line("مريم", (0.1, 0.2), share=None)),
    )
    return replace(agents, **changes)


def _parts(text: str, tenant: str) -> dict[str, Part]:
    """A part of every kind, each saying the text."""
    return {
        "header": replace(HEADER, tenant=tenant, alt=tenant),
        "highlights": Highlights("In short", (text, "Friday was busiest.")),
        "cards": Cards((_card(text), _card("Peak Volume", unit="/min"), _absent(text))),
        "chart": _chart(text),
        "ranking": _ranking(text),
        "agents": _agents(text),
        "notice": Notice(text, text),
        "table": _statement(text),
        "footer": Footer((text,)),
    }


def _report(text: str = "Incoming Messages", tenant: str = "Demo Telecom"):
    """A notebook with every kind of part."""
    parts = _parts(text, tenant)
    cells = [
        new_code_cell("tenant = 'demo'", metadata={"tags": ["parameters"]}),
        _shown(parts["header"], _png(120, 40)),
        _shown(parts["highlights"]),
        new_markdown_cell("## Activity\n\nHow many people *wrote*."),
        _shown(parts["cards"]),
        _shown(parts["chart"], _png()),
        _shown(_chart("Conversations"), _png(1136, 480)),
        _shown(parts["notice"]),
        _shown(parts["ranking"]),
        _shown(replace(parts["ranking"], whole=True)),
        new_markdown_cell("## Contact Center", metadata={"tags": ["section-contact-center"]}),
        _shown(parts["agents"]),
        _shown(parts["table"]),
        _shown(parts["footer"]),
    ]
    return new_notebook(cells=cells)


def _absent(text: str) -> Card:
    return _card(text, value="not available from this source", change=None, before=None, available=False)


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Makers of executed notebooks and of what is in them."""
    return SimpleNamespace(
        header=HEADER,
        hostile=HOSTILE,
        png=_png,
        shown=_shown,
        chart=_chart,
        card=_card,
        line=_line,
        ranking=_ranking,
        agents=_agents,
        parts=lambda text: _parts(text, tenant=text),
        report=_report,
        notebook=lambda *cells: new_notebook(cells=[_shown(HEADER), *cells]),
    )


@pytest.fixture(scope="session")
def kernel() -> Iterator[dict]:
    """Warm kernels, so that a dozen reports do not start Python a dozen times; test_cli starts plain ones."""
    with warm_kernels() as warm:
        yield warm


@pytest.fixture
def tidings(monkeypatch, capsys):
    """Runs a command in a project as its users do, but in this process: an interpreter's start is saved."""

    def call(project: Path, *words: str) -> CompletedProcess:
        monkeypatch.setenv("TIDINGS_HOME", str(project))
        monkeypatch.setenv("TIDINGS_NOW", NOW)
        monkeypatch.chdir(project)
        monkeypatch.setattr(sys, "argv", ["tidings", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return CompletedProcess(words, ended.value.code or 0, shown.out, shown.err)

    return call


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium, as a program that others start."""
    return find_program()


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, closed after each module: until then its event loop runs in this thread."""
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def violations():
    """What axe finds wrong with an open page by WCAG 2.2 AA, one line each."""
    return find_violations


@pytest.fixture(scope="session")
def html_errors(tmp_path_factory):
    """What the Nu Html Checker calls an error in some documents."""

    def check(*documents: str) -> str:
        folder = tmp_path_factory.mktemp("html")
        for number, document in enumerate(documents):
            (folder / f"{number}.html").write_text(document, "utf-8")
        return find_html_errors(folder)

    return check


def pytest_terminal_summary(terminalreporter):
    """Say what was not tested because a program is not installed: dots and an s are easily overlooked."""
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    lacking = Counter(reason.partition(MISSING)[2] for reason in reasons if MISSING in reason)
    for what, count in sorted(lacking.items()):
        terminalreporter.write_line(f"NOT TESTED ({count}): no {what}", yellow=True, bold=True)
