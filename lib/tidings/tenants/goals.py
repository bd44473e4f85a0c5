"""The goals of a tenant: limits that some of its numbers are to keep to."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from tidings.tenants.record import Record
from tidings.tenants.validators import refusal

_LIMIT = "(?P<sign><=|>=) ?(?P<value>[0-9]{1,9}([.][0-9]{1,4})?) ?(?P<unit>%|min|)"
_NAME = "[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*"
_EXAMPLE = 'contact_center.missed_share: "<= 8%"'


class Goal(Record):
    """A limit of a number.

    Attributes
    ----------
    name : str
        The recorded name of the number.
    sign : {"<=", ">="}
        Whether it may be no more, or no less.
    value : float
        The limit as it is written: 8 for 8%.
    unit : {"%", "min", ""}
        What the limit is written in.
    """

    name: str
    sign: Literal["<=", ">="]
    value: float
    unit: Literal["%", "min", ""]


def _read_goals(value: Any) -> tuple[Goal, ...]:
    if not isinstance(value, dict):
        raise refusal("is no list of numbers with their limits", f"write {{{_EXAMPLE}}}")
    return tuple(_read_goal(name, limit) for name, limit in value.items())


def _read_goal(name: str, limit: Any) -> Goal:
    if not re.fullmatch(_NAME, name):
        raise refusal(f"has a goal of {name[:80]!r}, which is no number's name", f"write {_EXAMPLE}")
    if not isinstance(limit, str) or not (found := re.fullmatch(_LIMIT, limit.strip())):
        raise refusal(
            f"has a goal of {name} that is none: {str(limit)[:40]!r}",
            f"write <= or >=, a number, and % of a share or min of minutes: {_EXAMPLE}",
        )
    return Goal.model_validate({"name": name, **found.groupdict(), "value": float(found["value"])})


Goals = Annotated[
    tuple[Goal, ...],
    BeforeValidator(_read_goals),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": f"^{_NAME}$"},
            "additionalProperties": {"type": "string", "pattern": f"^{re.sub('[?]P<[a-z]+>', '', _LIMIT)}$"},
        }
    ),
]
"""The goals of a tenant's file, each a limit by a number's name."""
