"""Lean imports: what this library's own processes do without."""

import subprocess
import sys

import pytest
from support.quick import slow_but

BEGINNINGS = ["tidings.cli.main", "tidings.reports.workers", "tidings.kernels.preload"]


@pytest.mark.parametrize("module", slow_but(BEGINNINGS[:1], BEGINNINGS))
def test_a_process_of_this_library_checks_notebooks_without_a_parser_for_addresses(module):
    check = "import nbformat, sys; nbformat.v4.new_notebook(); print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", f"import {module}; {check}"], capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr


def test_a_kernel_imports_nothing_that_only_whoever_executes_or_reads_a_notebook_needs():
    without = {"papermill", "nbclient", "nbformat", "nbconvert", "scrapbook", "jsonschema", "requests", "bs4"}
    check = f"import sys, tidings.kernels.preload; print({without} & sys.modules.keys(), flush=True)"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert run.stdout == "set()\n", run.stderr


def test_of_ibis_compilers_that_of_duckdb_is_imported_alone_until_another_is_asked_for():
    check = """
import sys
import tidings.kernels.preload
import ibis.backends.sql.compilers as compilers

def known():
    names = {"duckdb", "snowflake", "trino"}
    return {name for name in names if f"{compilers.__name__}.{name}" in sys.modules}

print(sorted(known()), compilers.DuckDBCompiler.__name__, compilers.duckdb.__name__)
print(compilers.TrinoCompiler.__name__, sorted(known()), compilers.mysql.compiler.dialect.__name__)
try:
    compilers.NoCompiler
except AttributeError as error:
    print(error, flush=True)
"""
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert run.stdout.splitlines() == [
        "['duckdb'] DuckDBCompiler ibis.backends.sql.compilers.duckdb",
        "TrinoCompiler ['duckdb', 'snowflake', 'trino'] MySQL",
        "module 'ibis.backends.sql.compilers' has no attribute 'NoCompiler'",
    ], run.stderr
