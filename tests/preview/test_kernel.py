"""The preview's kernel goes back to what it held after a cell, or says what stands in the way."""

import asyncio

import pytest
from nbclient.exceptions import CellExecutionError

from tidings.preview.kernel import PreviewKernel


def executed(kernel, *sources: str, go_back: int = 1, then: str = "0") -> tuple[str, str]:
    """What stands in the way of going back after some cells, and what a cell that follows prints."""

    async def run() -> tuple[str, str]:
        preview = PreviewKernel(kernel)
        await preview.start()
        try:
            for source in sources:
                await preview.execute(source)
            told = await preview.go_back(go_back)
            outputs = await preview.execute(f"print({then})")
            return told, outputs[0].text.strip()
        finally:
            await preview.close()

    return asyncio.run(run())


def test_a_name_that_a_later_cell_gave_is_gone(kernel):
    assert executed(kernel, "first = 1", "second = 2", then="'second' in globals()") == ("", "False")


def test_a_name_that_a_later_cell_gave_anew_is_what_it_was(kernel):
    assert executed(kernel, "total = 1", "total = total + 1", then="total") == ("", "1")


def test_a_name_that_a_later_cell_took_away_is_there_again(kernel):
    assert executed(kernel, "total = 1", "del total", then="total") == ("", "1")


def test_no_cell_sees_the_settings_of_mail(kernel, monkeypatch):
    monkeypatch.setenv("TIDINGS_SMTP_URL", "smtp://reports:s3cret@mail.example.com")
    monkeypatch.setenv("OF_A_SOURCE", "seen")
    seen = "[os.environ.get(name) for name in ('TIDINGS_SMTP_URL', 'OF_A_SOURCE')]"
    assert executed(kernel, "import os", then=seen) == ("", "[None, 'seen']")


@pytest.mark.parametrize(
    ("made", "changed"),
    [
        ("things = [1]", "things.append(2)"),
        ("things = {'a': [1]}", "things['a'].append(2)"),
        ("import pandas as pd\nthings = pd.DataFrame({'a': [1]})", "things['b'] = 2"),
        ("things = ([1],)", "(lambda it: it.append(2))(things[0])"),
    ],
)
def test_what_a_later_cell_changed_in_place_stands_in_the_way_by_its_name(kernel, made, changed):
    assert executed(kernel, made, changed)[0] == "things"


def test_what_is_only_read_does_not_stand_in_the_way(kernel):
    made = "import pandas as pd\nthings = pd.DataFrame({'a': [1]})"
    assert executed(kernel, made, "more = things.assign(b=2)", then="list(things)") == ("", "['a']")


@pytest.mark.parametrize(
    "made",
    [
        "import matplotlib.pyplot as plt\nthings, _ = plt.subplots()",
        "things = (number for number in [1])",
        "things = bytearray(9_000_000)",
    ],
)
def test_what_may_have_changed_unseen_stands_in_the_way(kernel, made):
    assert executed(kernel, made, "pass")[0] == "things"


def test_changed_settings_of_the_charts_stand_in_the_way(kernel):
    change = "import matplotlib\nmatplotlib.rcParams['font.size'] = 40"
    assert executed(kernel, "pass", change)[0] == "the settings of matplotlib"


def test_a_cell_that_failed_is_not_counted(kernel):
    async def run() -> str:
        preview = PreviewKernel(kernel)
        await preview.start()
        try:
            await preview.execute("first = 1")
            with pytest.raises(CellExecutionError):
                await preview.execute("first = 2\n1 / 0")
            assert await preview.go_back(1) == ""
            return (await preview.execute("print(first)"))[0].text.strip()
        finally:
            await preview.close()

    assert asyncio.run(run()) == "1"
