"""Imported first where this library's own processes begin: spares each of them most of a second.

Notebooks are checked by jsonschema, which on import makes a parser for international addresses
(python-jsonschema/jsonschema#1428). No notebook holds what it would parse, and jsonschema does without it.
Papermill imports the client of each cloud that it finds installed, to read and write notebooks there; ours
lie on this machine while they are executed. A kernel imports a debugger, by which JupyterLab steps through
cells; no one is there to do so while a report is executed.
"""

import sys

for _module in ("rfc3987_syntax", "papermill.s3", "papermill.abs", "papermill.adl", "debugpy"):
    sys.modules.setdefault(_module, None)  # type: ignore[arg-type]  # None: not to be imported
