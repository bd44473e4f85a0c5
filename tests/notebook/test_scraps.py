"""Scraps, read back from executed notebooks made by hand."""

import json

import pandas as pd
import pytest
import scrapbook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tidings.errors import ReportError
from tidings.notebook.scraps import is_scrap, recorded, recorded_edition, write_scrap


def _cell(**values):
    outputs = [
        new_output(
            "display_data",
            {
                "application/scrapbook.scrap.json+json": {
                    "name": name,
                    "data": value,
                    "encoder": "json",
                    "version": 1,
                }
            },
            metadata={"scrapbook": {"name": name, "data": True, "display": False}},
        )
        for name, value in values.items()
    ]
    return new_code_cell("open_edition(tenant)", outputs=outputs)


def _edition(tenant="acme", period="2026-W46"):
    return _cell(**{"report.edition": {"tenant": tenant, "period": period}})


def test_values_are_read_under_their_names():
    notebook = new_notebook(cells=[_edition(), _cell(**{"team.users": 3, "team.none": "null"})])
    edition = {"tenant": "acme", "period": "2026-W46"}
    assert recorded(notebook) == {"report.edition": edition, "team.users": 3, "team.none": None}
    assert recorded_edition(notebook) == edition


@pytest.mark.parametrize("other", [{"tenant": "globex"}, {"period": "2026-W45"}])
def test_two_editions_in_one_notebook_are_refused(other):
    notebook = new_notebook(cells=[_edition(), _edition(**other)])
    for read in (recorded, recorded_edition):
        with pytest.raises(ReportError, match="two editions: tenant acme, period 2026-W46, and tenant"):
            read(notebook)


def test_one_edition_recorded_twice_is_one():
    assert recorded(new_notebook(cells=[_edition(), _edition()])).keys() == {"report.edition"}


def test_two_values_of_one_name_are_refused():
    notebook = new_notebook(cells=[_edition(), _cell(**{"team.users": 3}), _cell(**{"team.users": 4})])
    with pytest.raises(ReportError, match=r"two values of team\.users"):
        recorded(notebook)


def test_a_notebook_without_an_edition_recorded_none():
    assert recorded_edition(new_notebook(cells=[_cell(**{"team.users": 3})])) is None
    with pytest.raises(ReportError, match="recorded no numbers"):
        recorded(new_notebook())


def test_a_picture_is_no_scrap():
    assert not is_scrap({"image/png": ""})
    assert is_scrap({"application/scrapbook.scrap.pandas+json": {}})


@pytest.fixture
def shell():
    """A shell, in which what is displayed can be captured."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


VALUES = {
    "json": (3, 2.5, True, [1, "two"], {"three": 3}),
    "text": ("three", "3"),
    "pandas": (pd.DataFrame({"day": pd.to_datetime(["2026-11-09"]), "messages": [3]}),),
}


@pytest.mark.parametrize(("encoder", "value"), [(kind, value) for kind in VALUES for value in VALUES[kind]])
def test_a_value_is_written_as_scrapbook_writes_it(shell, encoder, value):
    with capture_output() as ours:
        write_scrap("team.value", value)
    with capture_output() as its:
        scrapbook.glue("team.value", value, encoder=encoder)
    assert [(shown.data, shown.metadata) for shown in ours.outputs] == [
        (shown.data, shown.metadata) for shown in its.outputs
    ]


NUMBERS = {"whole": [1, 2], "part": [0.5, None], "is_so": [True, False]}
FRAMES = (
    pd.DataFrame(NUMBERS | {"name": ["Ana", None], "day": pd.to_datetime(["2026-11-09", None])}),
    pd.DataFrame(
        {"at": pd.to_datetime(["2026-11-09 10:00:00.000001"], utc=True).tz_convert("America/Bogota")}
    ),
    pd.DataFrame({"agent": pd.Categorical(["Ana", "Jorge"]), "hours": pd.array([1, None], "Int64")}),
    pd.DataFrame(NUMBERS, index=pd.Index(["first", "second"], name="which")),
    pd.DataFrame(NUMBERS, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
    pd.DataFrame({"intent": pd.Series([], dtype=str), "messages": pd.Series([], dtype=int)}),
    pd.DataFrame(index=[3, 5]),
)
VALUES_READ = [value for kind, values in VALUES.items() if kind != "pandas" for value in values] + [
    "null",
    "{",
    "",
    None,
    [],
    {},
]


def _written(**values):
    """A notebook in which values are recorded."""
    with capture_output() as captured:
        for name, value in values.items():
            write_scrap(name, value)
    outputs = [new_output("display_data", shown.data, metadata=shown.metadata) for shown in captured.outputs]
    return new_notebook(cells=[_edition(), new_code_cell("", outputs=outputs)])


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: ",".join(frame) or "index")
def test_a_frame_is_read_as_it_was_recorded_and_as_scrapbook_reads_it(shell, frame):
    notebook = _written(frame=frame)
    read = recorded(notebook)["frame"]
    pd.testing.assert_frame_equal(read, frame)
    pd.testing.assert_frame_equal(read, scrapbook.models.Notebook(notebook).scraps["frame"].data)


@pytest.mark.parametrize("value", VALUES_READ, ids=repr)
def test_a_value_is_read_as_it_was_recorded_and_as_scrapbook_reads_it(shell, value):
    notebook = _written(value=value)
    read = recorded(notebook)["value"]
    assert json.dumps(read) == json.dumps(value)
    assert read == scrapbook.models.Notebook(notebook).scraps["value"].data


@pytest.mark.parametrize(
    "scrap",
    [
        {"encoder": "pandas", "data": "no table"},
        {"encoder": "pandas", "data": "bm8gdGFibGU="},
        {"encoder": "pandas", "data": "UEFSMQEAAAAEAAAAUEFSMQ=="},
        {"encoder": "pandas", "data": 3},
        {"encoder": "of their own", "data": 3},
        {"encoder": "json"},
        {"data": 3},
    ],
    ids=repr,
)
def test_what_is_no_value_is_refused(scrap):
    bundle = {"application/scrapbook.scrap.json+json": {"name": "team.value"} | scrap}
    cell = new_code_cell("", outputs=[new_output("display_data", bundle)])
    with pytest.raises(ReportError, match=r"recorded no value of team\.value"):
        recorded(new_notebook(cells=[_edition(), cell]))


def test_no_value_is_written_as_what_scrapbook_reads_as_none(shell):
    with capture_output() as captured:
        write_scrap("team.value", None)
    (shown,) = captured.outputs
    outputs = [new_output("display_data", shown.data, metadata=shown.metadata)]
    read = recorded(new_notebook(cells=[_edition(), new_code_cell("", outputs=outputs)]))
    assert read["team.value"] is None
