"""What a tenant's file may change of the gate: the limits of those checks that hold, or ask for a review."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from tidings.tenants.record import Record
from tidings.tenants.validators import refusal

REFUSALS = ("future", "isolation", "invariants", "rendered")
"""The checks that refuse a report, and instants that have not come, which the contract refuses. No parameter
loosens them: what they find is wrong for any tenant."""

_PERCENTAGE = "^(off|[0-9]{1,4}([.][0-9]{1,4})? ?%)$"
_NUMBER = "^(off|[1-9][0-9]{0,5})$"


def _read_share(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(_PERCENTAGE, value):
        return None if value == "off" else float(value.rstrip(" %")) / 100
    raise refusal("is not a percentage", "write a percentage such as 50%, or off")


def _read_number(value: Any) -> int | None:
    if isinstance(value, str | int) and re.fullmatch(_NUMBER, str(value)):
        return None if value == "off" else int(value)
    raise refusal("is not a whole number above 0", "write a whole number such as 10, or off")


def _read_switch(value: Any) -> bool:
    if value in ("on", "off"):
        return value == "on"
    raise refusal("is neither on nor off", "write on or off")


_Share = Annotated[
    float | None, BeforeValidator(_read_share), WithJsonSchema({"type": "string", "pattern": _PERCENTAGE})
]
_Number = Annotated[
    int | None,
    BeforeValidator(_read_number),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "off"}]}),
]
_Switch = Annotated[
    bool, BeforeValidator(_read_switch), WithJsonSchema({"type": "string", "enum": ["on", "off"]})
]


class Gate(Record):
    """From which limit on an edition of the tenant is held, or reviewed; off for a check that is not made.

    Of each field the value is a share (0 to 1), a number, or whether the check is made; None where it is not.
    """

    freshness: _Number = Field(
        6,
        examples=["6"],
        description="Hours without a row before the period's end that are never too long; more are, if the "
        "tenant was never silent for as long in its last eight periods.",
    )
    empty_day: _Number = Field(
        10,
        examples=["10"],
        description="Rows that each such weekday of the last eight weeks had, so that a day without is held.",
    )
    volume_review: _Share = Field(
        0.4,
        examples=["40%"],
        description="How far a count may be from its median of the last eight periods without a review.",
    )
    volume_hold: _Share = Field(
        0.6,
        examples=["60%"],
        description="How far it may be, in the sum and on most days, before the edition is held.",
    )
    half_loaded: _Share = Field(
        0.05,
        examples=["5%"],
        description="The share of rows that may lack what belongs to them in another table.",
    )
    duplicated_rows: _Share = Field(
        0.05,
        examples=["5%"],
        description="The share of a day's rows that may be there twice but for their id.",
    )
    references: _Share = Field(
        0.01, examples=["1%"], description="The share of rows whose id no row has, above which it is held."
    )
    order: _Share = Field(
        0.01,
        examples=["1%"],
        description="The share of rows whose instants run backwards, above which it is held.",
    )
    empty_table: _Switch = Field(
        True,
        examples=["on"],
        description="Whether an edition is held where a table is empty that others refer to.",
    )
    one_value: _Switch = Field(
        True,
        examples=["on"],
        description="Whether messages that are all of one minute, or of one user, are reviewed.",
    )

    @property
    def loosened(self) -> tuple[str, ...]:
        """What lets more through than by default, in words: ``volume_hold is off``."""
        return tuple(
            f"{name} is {'off' if not value else _write(value)}, by default {_write(field.default)}"
            for name, field in type(self).model_fields.items()
            if (value := getattr(self, name)) != field.default and (not value or value > field.default)
        )


def _write(value: float | bool) -> str:
    if value is True:
        return "on"
    return f"{value:.4%}".rstrip("0%").rstrip(".") + "%" if isinstance(value, float) else str(value)
