"""Imported first where this library's own processes begin: spares each of them most of a second.

Notebooks are checked by jsonschema, which on import makes a parser for international addresses
(python-jsonschema/jsonschema#1428). No notebook holds what it would parse, and jsonschema does without it.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be imported
