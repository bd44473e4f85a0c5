"""What is refused before anything runs, and the plain kernel, where each report starts one of its own."""

import textwrap
import threading
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tidings.errors import ReportError
from tidings.notebook.execute import PlainKernelManager, execute, read_master


def test_kernels_of_two_runs_share_no_socket_and_nobody_else_reaches_them():
    managers = PlainKernelManager(), PlainKernelManager()
    one, other = (Path(manager.ip) for manager in managers)
    assert one != other
    assert one.is_absolute()
    assert one.parent.stat().st_mode & 0o077 == 0


def _written(folder, *cells):
    nbformat.write(new_notebook(cells=list(cells)), folder / "report.ipynb")
    return folder / "report.ipynb"


def _cell(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def _executed(folder, *cells, **more):
    (folder / "draft").mkdir()
    master, output = _written(folder, *cells), folder / "draft/report.ipynb"
    return execute(master, output, {"tenant": "acme"}, ("activity",), seconds=60, **more)


def test_a_notebook_that_names_no_language_is_executed_as_python(tmp_path):
    notebook = _executed(tmp_path, _cell("tenant = 'demo'", "parameters"), _cell("tenant.upper()"))
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "'ACME'"


def test_what_cells_show_is_added_in_order_and_replaced_or_cleared_where_they_say_so(tmp_path):
    show = """
        from IPython.display import clear_output, display
        display({"application/x+json": {"rows": [[1, {"of": None}]]}}, metadata={"x": {"y": 1}}, raw=True)
        display({"text/plain": "words", "application/json": 3}, raw=True)
        place = display({"application/x+json": "before"}, display_id=True, raw=True)
        place.update({"application/x+json": "after"}, raw=True)
    """
    clear = """
        display({"application/x+json": 1}, raw=True)
        clear_output(wait=True)
        display({"application/x+json": 2}, raw=True)
        display({"application/x+json": 3}, raw=True)
    """
    cells = (_cell(textwrap.dedent(source)) for source in (show, clear))
    notebook = _executed(tmp_path, _cell("tenant = 'demo'", "parameters"), *cells)
    nbformat.validate(notebook)
    shown = [[(output.data, output.metadata) for output in cell.outputs] for cell in notebook.cells[-2:]]
    assert shown == [
        [
            ({"application/x+json": {"rows": [[1, {"of": None}]]}}, {"x": {"y": 1}}),
            ({"text/plain": "words", "application/json": 3}, {}),
            ({"application/x+json": "after"}, {}),
        ],
        [({"application/x+json": 2}, {}), ({"application/x+json": 3}, {})],
    ]
    assert notebook.cells[-2].outputs[0].data["application/x+json"].rows[0][1].of is None


def test_while_cells_are_executed_another_thread_does_what_it_is_given_and_what_fails_there_does_not_matter(
    tmp_path,
):
    done = []

    def fail():
        done.append("failed")
        raise OSError

    def write():
        done.append(threading.current_thread() is threading.main_thread())
        (tmp_path / "there").touch()

    waits = f"""
        import pathlib, time
        deadline = time.monotonic() + 30
        while not pathlib.Path({str(tmp_path / "there")!r}).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        pathlib.Path({str(tmp_path / "there")!r}).exists()
    """
    cells = _cell("tenant = 'demo'", "parameters"), _cell(textwrap.dedent(waits))
    notebook = _executed(tmp_path, *cells, meanwhile=(fail, write))
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "True"
    assert done == ["failed", False]


def test_where_no_cell_is_executed_nothing_is_done_meanwhile(tmp_path):
    done = []
    with pytest.raises(ReportError, match="no cell is tagged parameters"):
        _executed(tmp_path, _cell("1"), meanwhile=(lambda: done.append("begun"),))
    assert done == []


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ([_cell("open('trace', 'w')", "hide-input")], "no cell is tagged parameters"),
        ([_cell("open('trace', 'w')", "parameters", "hide-outputs")], "cell 1: the tag 'hide-outputs'"),
    ],
)
def test_what_would_be_shown_or_set_wrong_is_refused_before_anything_runs(tmp_path, cells, what):
    with pytest.raises(ReportError, match=what):
        _executed(tmp_path, *cells)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["draft", "report.ipynb"]


def test_what_a_notebook_says_of_its_kernel_stays(tmp_path):
    path = _written(tmp_path, _cell("", "parameters"))
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = {"kernelspec": {"name": "mine", "display_name": "Mine", "language": "python"}}
    nbformat.write(notebook, path)
    assert read_master(path).metadata.kernelspec.name == "mine"
