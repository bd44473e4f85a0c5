"""Compiled templates, which all processes of an installation share."""

import os
import subprocess
import sys

_COMPILES = """
import sys
from jinja2 import Environment
from tidings.parts.part import Notice
from tidings.parts.render import compile_parts, render

sys.pycache_prefix = sys.argv[1]  # only now: what is imported is bytecode already
compile, compiled = Environment.compile, []

def noted(self, source, name=None, *arguments, **keys):
    compiled.append(name)
    return compile(self, source, name, *arguments, **keys)

Environment.compile = noted
if "ahead" in sys.argv:
    compile_parts()
print(render(Notice("Held <b>", "Until approved."), "page").count("&lt;b&gt;"), end=" ")
print(render(Notice("Held <b>", "Until approved."), "text").count("<b>"), end=" ")
print(sorted(set(compiled) & {"parts/page/notice.j2", "parts/text/notice.j2", "parts/page/cards.j2"}))
"""


def _run(folder, *words, **environment):
    """What a process compiles that keeps it in a folder, to render a part for the page and as text."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", _COMPILES, str(folder), *words],
        env=given | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


BOTH = "['parts/page/notice.j2', 'parts/text/notice.j2']"


def _kept(folder):
    return sorted(path for path in folder.rglob("template-*"))


def test_a_template_that_one_process_compiled_is_not_compiled_by_the_next(tmp_path):
    assert _run(tmp_path) == f"1 1 {BOTH}"
    assert _run(tmp_path) == "1 1 []"


def test_templates_can_be_compiled_ahead(tmp_path):
    assert _run(tmp_path, "ahead").endswith(
        "['parts/page/cards.j2', 'parts/page/notice.j2', 'parts/text/notice.j2']"
    )
    assert _run(tmp_path) == "1 1 []"


def test_one_that_is_damaged_is_compiled_again(tmp_path):
    _run(tmp_path)
    for path in _kept(tmp_path):
        path.write_bytes(path.read_bytes()[:-20])
    assert _run(tmp_path) == f"1 1 {BOTH}"
    assert _run(tmp_path) == "1 1 []"


def test_where_python_writes_no_bytecode_none_is_written(tmp_path):
    assert _run(tmp_path, PYTHONDONTWRITEBYTECODE="1") == f"1 1 {BOTH}"
    assert _kept(tmp_path) == []


def test_where_nothing_can_be_written_each_process_compiles(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert _run(tmp_path / "file") == f"1 1 {BOTH}"
    assert _run(tmp_path / "file") == f"1 1 {BOTH}"
