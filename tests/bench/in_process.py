"""Reports of several tenants, one after the other in this process: ``python -m bench.in_process <way> …``.

Prints as JSON the seconds and CPU seconds of each, after a first one by which everything is warm.
"""

import argparse
import ast
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from bench.measure import cpu_seconds
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from tidings.mail.message import message_bytes, unaddressed_message
from tidings.page.page import page_html
from tidings.periods.clock import now
from tidings.periods.period import latest_period
from tidings.tenants.tenant import load_tenant


def by_papermill(master: Path, executed: Path, parameters: dict) -> nbformat.NotebookNode:
    """Papermill as its documentation has it: a kernel is started for each notebook."""
    import papermill

    return papermill.execute_notebook(str(master), str(executed), parameters, progress_bar=False)


def by_ploomber(master: Path, executed: Path, parameters: dict) -> nbformat.NotebookNode:
    """Ploomber's engine: the cells run in this very process, one notebook's state beside the next one's."""
    os.environ["PLOOMBER_STATS_ENABLED"] = "false"  # else it tells its makers that it was used
    from ploomber_engine import execute_notebook

    return execute_notebook(
        str(master), str(executed), parameters=parameters, progress_bar=False, verbose=False
    )


def as_script(master: Path, executed: Path, parameters: dict) -> nbformat.NotebookNode:
    """The floor: each cell executed in this process as a script's lines, and what it shows put under it."""
    formatter = InteractiveShell.instance().display_formatter  # a shell, or nothing displayed is captured
    notebook, names = nbformat.read(master, as_version=4), {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with capture_output() as captured:
                shown = _run(cell.source, names)
            cell.outputs = [_output(each.data, each.metadata) for each in captured.outputs]
            if shown is not None:
                cell.outputs.append(_output(*formatter.format(shown)))
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters
    nbformat.write(notebook, executed)
    return notebook


def _run(source: str, names: dict) -> Any:
    """The value of the last line, where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def _output(data: dict, metadata: dict | None) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata or {})


WAYS: dict[str, Callable] = {"papermill": by_papermill, "ploomber": by_ploomber, "script": as_script}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("way", choices=WAYS)
    options.add_argument("project", type=Path)
    options.add_argument("outputs", type=Path)
    options.add_argument("tenants", nargs="+")
    chosen = options.parse_args()
    execute = WAYS[chosen.way]
    _make(execute, chosen.tenants[0], chosen.project, chosen.outputs)
    wall, cpu = time.perf_counter(), cpu_seconds()
    for tenant in chosen.tenants:
        _make(execute, tenant, chosen.project, chosen.outputs)
    took = time.perf_counter() - wall, cpu_seconds() - cpu
    print(json.dumps([seconds / len(chosen.tenants) for seconds in took]), file=sys.__stdout__)


def _make(execute: Callable, tenant: str, project: Path, outputs: Path) -> None:
    about = load_tenant(tenant, project / "parameters")
    period = latest_period(about, now())
    folder = outputs / tenant
    folder.mkdir(exist_ok=True)
    parameters = {"tenant": tenant, "period": period.key}
    notebook = execute(project / "notebooks" / "report.ipynb", folder / "report.ipynb", parameters)
    (folder / "report.html").write_text(page_html(notebook), encoding="utf-8")
    (folder / "message.eml").write_bytes(message_bytes(unaddressed_message(notebook, about, period)))


if __name__ == "__main__":
    main()
