"""The rule of the flow: a room imports only itself and the rooms to its left."""

import ast
from pathlib import Path

import pytest
from support.projects import CHECKOUT

LIBRARY = CHECKOUT / "lib" / "tidings"
FLOW = (
    *("language", "tenants", "periods", "sources", "metrics", "parts", "charts"),
    *("notebook", "page", "mail", "reports", "review", "delivery"),
)
BESIDE = ("kernels", "preview", "cli", "demo", "starter")  # of these the flow imports kernels alone
FILES = ("__init__.py", "__main__.py", "errors.py", "project.py")
EVERYWHERE = ("errors", "project")


def rooms_imported(path: Path) -> set[str]:
    """The rooms and files of the library that a module imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "tidings":
            names += [f"tidings.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: imports are absolute"
            names.append(node.module)
    return {name.split(".")[1] for name in names if name.startswith("tidings.")}


def test_the_library_reads_as_the_flow():
    found = {path.name for path in LIBRARY.iterdir() if path.name != "__pycache__"}

    assert found == {*FLOW, *BESIDE, *FILES}


@pytest.mark.parametrize("room", FLOW)
def test_a_room_imports_only_those_to_its_left(room):
    allowed = {*FLOW[: FLOW.index(room) + 1], *EVERYWHERE, *(("kernels",) if room == "reports" else ())}
    wrong = {
        f"{path.relative_to(LIBRARY)} imports {name}"
        for path in (LIBRARY / room).rglob("*.py")
        for name in rooms_imported(path) - allowed
    }

    assert not wrong


def test_errors_and_the_project_know_no_room():
    assert {name for file in EVERYWHERE for name in rooms_imported(LIBRARY / f"{file}.py")} <= {"errors"}
