"""Lean imports: what this library's own processes do without."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["tidings.cli.main", "tidings.reports.workers", "tidings.kernels.preload"])
def test_a_process_of_this_library_checks_notebooks_without_a_parser_for_addresses(module):
    check = "import nbformat, sys; nbformat.v4.new_notebook(); print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", f"import {module}; {check}"], capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr
