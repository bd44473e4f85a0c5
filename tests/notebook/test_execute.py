"""What is refused before anything runs, and the plain kernel, where each report starts one of its own."""

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


def _executed(folder, *cells):
    (folder / "draft").mkdir()
    master, output = _written(folder, *cells), folder / "draft/report.ipynb"
    return execute(master, output, {"tenant": "acme"}, ("activity",), seconds=60)


def test_a_notebook_that_names_no_language_is_executed_as_python(tmp_path):
    notebook = _executed(tmp_path, _cell("tenant = 'demo'", "parameters"), _cell("tenant.upper()"))
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "'ACME'"


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
