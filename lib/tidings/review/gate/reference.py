"""The gate's page of the documentation, made from the checks themselves."""

import inspect
from collections.abc import Iterator

from tidings.review.gate.check import Declared
from tidings.review.gate.checks import CHECKS
from tidings.tenants.gate import Gate

_INTRODUCTION = """\
# The gate

<!-- Made from the docstrings in lib/tidings/review/gate by `make docs`: edit them, not this page. -->

A wrong report is worse than a late one. When a report is made, a few cheap queries look at its source, and
what they find is recorded in the executed notebook as `gate.observations`. The checks below read that, the
recorded numbers and what earlier editions recorded. The worst of what they find decides:

| severity | what follows |
|---|---|
| refuse | the data or the report are broken: there is no report |
| hold | the report is kept and not mailed until someone approves it |
| review | it is mailed, unless the tenant's file says `mail: after-review`; the review shows what was found |
| note | the review shows what was found |

What breaks the data contract is refused when the source is opened, before any check: among it an instant that
lies more than an hour after the data were read (`make report` names its row).

A check that compares with earlier periods says nothing where there are fewer than two. Earlier periods are
counted in the source where that costs nothing (files, DuckDB, PostgreSQL), and are else taken from earlier
editions: an engine that bills for what it reads is asked for the period and the one before alone.

A tenant's file may change the limits, or switch a check `off`, where it holds or asks for a review. What
refuses a report cannot be loosened. What was loosened is noted.

```yaml
mail: after-review
holidays: [2026-12-25, 2027-01-01]     # local days on which little or nothing is expected
complete_until: 2026-11-22             # the source is known to be complete, that day included
gate:
  volume_hold: 80%
  empty_day: off
```

A source may say itself until when it is complete, by a table or file `_watermark` with a column
`complete_until` of UTC instants (and `tenant_id`, where tenants share it); its newest row counts.
"""
_CLOCK = """\
## clock

*Stops a run that makes or mails.*

The clock is neither before what the ledger holds nor more than two periods past the newest row of all
tenants: what is mailed on a wrong day cannot be taken back.
"""


def gate_page() -> str:
    """The page, in Markdown: each check's name, severity, whole description and parameters."""
    lines = [_INTRODUCTION]
    for judge in CHECKS:
        lines.extend(_entry(judge))
    return "\n".join([*lines, _CLOCK]).rstrip() + "\n"


def _entry(judge: Declared) -> Iterator[str]:
    declared = judge.check
    yield f"## {declared.name}\n"
    yield f"*{' or '.join(severity.word for severity in declared.severities).capitalize()}.*\n"
    yield f"{inspect.getdoc(judge)}\n"
    for name in declared.parameters:
        field = Gate.model_fields[name]
        assert field.examples, "a limit of the gate shows its default as an example"
        yield f"`gate: {{{name}: {field.examples[0]}}}` (that is the default): {field.description}\n"
