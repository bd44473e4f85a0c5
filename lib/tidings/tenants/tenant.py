"""A tenant's parameters: all that may differ from tenant to tenant, checked before it is used."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from upath import UPath

from tidings.errors import ParametersError
from tidings.language.locale import reader_locale
from tidings.tenants.address import check_address, check_addresses
from tidings.tenants.file import read_tenant_file, shown
from tidings.tenants.gate import REFUSALS, Gate
from tidings.tenants.goals import Goals
from tidings.tenants.recipients import read_recipients
from tidings.tenants.record import Record
from tidings.tenants.validators import (
    WEEKDAYS,
    Weekday,
    check_language,
    check_logo,
    check_mapping,
    check_name,
    check_notebook,
    check_source,
    check_time_zone,
    nearest,
    read_day,
    read_day_or_instant,
    read_source_parameters,
    read_weekdays,
    refusal,
    weekend_of,
)

Service = Literal["activity", "chatbot", "contact-center"]
Cadence = Literal["weekly", "twice-monthly", "bi-monthly", "monthly", "every-two-months"]
Attachment = Literal["page", "pdf", "data", "xlsx"]
Mail = Literal["now", "after-review"]

SERVICES: tuple[str, ...] = get_args(Service)

_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_BELONGS = {
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a mapping",
    "string_pattern_mismatch": 'a colour "#rrggbb"',
}
_ID_REMEDY = "use 1 to 64 small letters, digits and hyphens, not beginning with a hyphen"


def _one_name(cadence: str) -> str:
    return "twice-monthly" if cadence == "bi-monthly" else cadence


def _in_order(services: tuple[str, ...]) -> tuple[str, ...]:
    """Services in the order of the report."""
    if len(set(services)) < len(services):
        raise refusal("names a service twice", "name each service once")
    return tuple(sorted(services, key=SERVICES.index))


def _each_once(files: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(files)) < len(files):
        raise refusal("names a file twice", "name each once")
    return files


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_List = BeforeValidator(_as_tuple)
_WEEKDAYS_SCHEMA = {"type": "array", "items": {"enum": list(WEEKDAYS), "type": "string"}}
_Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"})]


class Brand(Record):
    """How a tenant's report is dressed."""

    color: str = Field(
        "#0B6E4F",
        pattern="^#[0-9A-Fa-f]{6}$",
        examples=['"#0B6E4F"'],
        description='The accent colour, "#rrggbb"; in quotes, since # begins a comment.',
    )
    logo: Annotated[str, AfterValidator(check_logo)] | None = Field(
        None,
        examples=["brand/demo.png"],
        description="A PNG picture, by its path from the project's folder; null for none.",
    )


class Parameters(Record):
    """What a tenant's file says: one field for each key that it may have."""

    name: Annotated[str, AfterValidator(check_name)] = Field(
        examples=["Demo Telecom"], description="The tenant's name, as its readers know it."
    )
    services: Annotated[tuple[Service, ...], _List, AfterValidator(_in_order)] = Field(
        min_length=1,
        examples=["[activity, chatbot]"],
        description="The services the tenant has; the report has a section for each.",
    )
    cadence: Annotated[Cadence, AfterValidator(_one_name)] = Field(
        examples=["weekly"],
        description="How often a report is made. twice-monthly covers the 1st to the 15th and the 16th to "
        "the month's end, and bi-monthly is another name for it; every-two-months begins in January.",
    )
    time_zone: Annotated[str, AfterValidator(check_time_zone)] = Field(
        examples=["America/Bogota"],
        description="The IANA time zone in which the tenant's days begin and end.",
    )
    week_starts: Weekday = Field(
        "monday", examples=["monday"], description="The first day of the tenant's week; matters if weekly."
    )
    weekend: Annotated[tuple[int, ...], BeforeValidator(read_weekdays), WithJsonSchema(_WEEKDAYS_SCHEMA)] = (
        Field(
            default_factory=lambda given: weekend_of(given["time_zone"]),
            examples=["[friday, saturday]"],
            description="The days of the week that charts shade as the weekend; by default those of the time "
            "zone's country. [] for none.",
        )
    )
    language: Annotated[str, AfterValidator(check_language)] = Field(
        "en",
        examples=["es-419"],
        description="The readers' language: en, es or pt, with a region if it matters, such as es-CO.",
    )
    recipients: Annotated[
        tuple[Annotated[str, AfterValidator(check_address)], ...], _List, AfterValidator(check_addresses)
    ] = Field(
        min_length=1,
        examples=["[ana@example.com]"],
        description="The e-mail addresses to which the report goes, one message each; or a CSV file of "
        "addresses and names, by its path from the project's folder.",
    )
    source: Annotated[str, AfterValidator(check_source)] = Field(
        examples=["data/demo"],
        description="Where the data are: a folder, an object-store prefix or a database URL. ${NAME} stands "
        "for an environment variable: passwords are never written here.",
    )
    tenant_column: bool = Field(
        False,
        examples=["false"],
        description="Whether several tenants share the source, each row saying whose it is in tenant_id.",
    )
    mapping: Annotated[str, AfterValidator(check_mapping)] | None = Field(
        None,
        examples=["sources/chatwoot.sql"],
        description="A file of SQL that makes the contract's tables of the source's own, by its path from "
        "the project's folder; null where the source has the contract's tables.",
    )
    source_parameters: Annotated[
        tuple[tuple[str, str], ...],
        BeforeValidator(read_source_parameters),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
    ] = Field(
        (),
        examples=['{account_id: "3"}'],
        description="The values that the mapping has placeholders for, such as :account_id.",
    )
    query_time_limit: int = Field(
        300,
        ge=1,
        le=86_400,
        examples=["600"],
        description="How many seconds one query of a database may take; what takes longer stops the report.",
    )
    unverified: bool = Field(
        False,
        examples=["true"],
        description="Whether a database may be tried of which nothing shows that its numbers are right.",
    )
    notebook: Annotated[str, AfterValidator(check_notebook)] | None = Field(
        None,
        examples=["notebooks/acme.ipynb"],
        description="The notebook of the tenant's own layout, by its path from the project's folder; tidings "
        "new-layout makes one. null for the one that all others have, notebooks/report.ipynb.",
    )
    attachments: Annotated[tuple[Attachment, ...], _List, AfterValidator(_each_once)] = Field(
        (),
        examples=["[page, data]"],
        description="What goes with each message beside the mail itself: page, the whole report as a page; "
        "pdf, the same on paper; data, its numbers as CSV files in one ZIP; xlsx, its numbers as a workbook. "
        "None, if left out.",
    )
    brand: Brand = Field(
        Brand(), examples=['{color: "#0B6E4F"}'], description="How the tenant's report is dressed."
    )
    fallback_intents: Annotated[tuple[str, ...], _List] = Field(
        ("none", "fallback", "nlu_fallback", "out_of_scope"),
        examples=["[none, fallback]"],
        description="The names of intents that mean that nothing was recognised, in any case of letters.",
    )
    mail: Mail = Field(
        "now",
        examples=["after-review"],
        description="When the report is mailed: now, unless it is held; or after-review, that is only once "
        "someone has approved it, if a check of the gate asks for a review.",
    )
    holidays: Annotated[tuple[_Day, ...], _List] = Field(
        (),
        examples=["[2026-12-25, 2027-01-01]"],
        description="Local days on which little or nothing is expected: the gate does not compare them.",
    )
    complete_until: Annotated[date | datetime | None, BeforeValidator(read_day_or_instant)] = Field(
        None,
        examples=["2026-11-22"],
        description="Until when the source is known to be complete, whatever its newest row: a local day, "
        "that day included, or an instant with its offset. null for unknown.",
    )
    goals: Goals = Field(
        (),
        examples=['{contact_center.missed_share: "<= 8%"}'],
        description="Limits of some numbers, by their recorded names: no more or no less than so many "
        "percent of a share, minutes of a time, or so many of what is counted. Readers see whether they are "
        "kept to.",
    )
    gate: Gate = Field(
        Gate(),
        examples=["{volume_hold: 80%, empty_day: off}"],
        description="The limits of the checks that hold a report or ask for a review.",
    )


class Tenant(Parameters):
    """One tenant, with its parameters checked and complete.

    Attributes
    ----------
    id : str
        The name of its file without ``.yaml``.
    names : tuple of tuple
        Addresses of recipients, each with its name, where a file has such.

    The other attributes are the keys of the file.
    """

    id: str = Field(pattern=f"^{_ID.pattern}$")
    names: tuple[tuple[str, str], ...] = ()

    def __repr_args__(self) -> list[tuple[None, str]]:
        """Its id alone: recipients and source are not for a notebook that others read."""
        return [(None, self.id)]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its days."""
        return ZoneInfo(self.time_zone)

    @property
    def locale(self) -> Locale:
        """The language of its readers, with that language's words and formats."""
        return reader_locale(self.language)


def load_tenant(tenant_id: str, folder: Path | UPath) -> Tenant:
    """The tenant of an id, from ``<id>.yaml`` in the folder of parameters.

    Raises
    ------
    ParametersError
        If there is no such tenant, or its file is wrong; all that is wrong in it is said at once, without
        ever showing its source.
    """
    if not _ID.fullmatch(tenant_id):
        raise ParametersError(f"{shown(tenant_id)} is not a tenant's id", remedy=_ID_REMEDY)
    path = folder / f"{tenant_id}.yaml"
    if not path.is_file():
        raise _unknown_tenant(tenant_id, folder)
    values = read_tenant_file(path)
    names: tuple[tuple[str, str], ...] = ()
    if isinstance(named := values.get("recipients"), str) and "@" not in named:
        listed = read_recipients(named, folder)
        values["recipients"], names = list(listed), tuple(pair for pair in listed.items() if pair[1])
    try:
        Parameters.model_validate(values)
        return Tenant.model_validate({**values, "id": tenant_id, "names": names})
    except ValidationError as error:
        raise _combined(path, _problems(error)) from None


def tenant_ids(folder: Path | UPath) -> list[str]:
    """The ids of all tenants with a file in the folder of parameters, in alphabetical order.

    Raises
    ------
    ParametersError
        If there is no such folder, or a file in it whose name is no tenant's: left out silently, it would be
        a tenant without its report.
    """
    if not folder.is_dir():
        raise _no_folder(folder)
    paths: Iterable[Path | UPath] = folder.glob("[!.]*.y*ml")
    for path in sorted(paths, key=str):
        if path.suffix != ".yaml" or not _ID.fullmatch(path.stem):
            raise ParametersError(
                f"{shown(path.name)} is not the name of a tenant's file",
                where=str(folder),
                remedy=f"rename it <id>.yaml, or move it elsewhere; for the id {_ID_REMEDY}",
            )
    return _known_ids(folder)


def schema() -> dict[str, Any]:
    """The JSON Schema of a tenant's file, from which editors complete and check as one writes."""
    written = Parameters.model_json_schema()
    keys = written["properties"]
    keys["recipients"] = {
        "anyOf": [keys["recipients"], {"type": "string", "pattern": r"^[^@]+\.csv$"}],
        "description": f"{keys['recipients'].pop('description')}",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **written,
        "title": "A tenant's parameters",
    }


def write_schema(path: Path) -> None:
    """Write `schema` to a file, to which the first line of each tenant's file refers."""
    path.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _known_ids(folder: Path | UPath) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml") if _ID.fullmatch(path.stem))


def _unknown_tenant(tenant_id: str, folder: Path | UPath) -> ParametersError:
    if not folder.is_dir():
        return _no_folder(folder)
    known = _known_ids(folder)
    close = nearest(tenant_id, known, most=5)
    listed = (close + [other for other in known if other not in close])[:5]
    remedy = f"use one of {', '.join(listed)}" if listed else "add one"
    if len(known) > len(listed):
        remedy += f" (or {len(known) - len(listed)} more)"
    return ParametersError(
        f"there is no tenant {tenant_id!r}", where=str(folder), remedy=f"{remedy}, or write {tenant_id}.yaml"
    )


def _no_folder(folder: Path | UPath) -> ParametersError:
    return ParametersError("there is no such folder", where=str(folder), remedy="name the parameters folder")


def _combined(path: Path | UPath, problems: list[tuple[str, str, str]]) -> ParametersError:
    """One error for all problems, each a key, what is wrong with it, and the remedy."""
    if len(problems) == 1:
        key, what, remedy = problems[0]
        return ParametersError(what, where=f"{path}, {key}", remedy=remedy)
    lines = [f"\n  {key}: {what}; {remedy}" for key, what, remedy in problems]
    return ParametersError(f"{len(lines)} things are wrong{''.join(lines)}", where=str(path))


def _problems(error: ValidationError) -> list[tuple[str, str, str]]:
    """For each error that pydantic found: the key, what is wrong with it, and the remedy."""
    # A list that loses its only item to an error of its own is called too short besides, and a default that
    # is made of other keys is called missing where these are wrong.
    return [
        _problem(found)
        for found in error.errors()
        if found["type"] != "default_factory_not_called"
        and (found["type"] != "too_short" or not found["input"])
    ]


def _problem(found: ErrorDetails) -> tuple[str, str, str]:
    names = [part for part in found["loc"] if isinstance(part, str)]
    key = ".".join(names) + "".join(f", item {part + 1}" for part in found["loc"] if isinstance(part, int))
    if found["type"] == "missing":
        return key, "the key is missing", f"add a line such as {key}: {_example(names)}"
    if found["type"] == "extra_forbidden" and names[0] == "gate" and names[-1] in REFUSALS:
        return key, "this check refuses what is wrong for any tenant, and cannot be loosened", "take it out"
    if found["type"] == "extra_forbidden":
        return shown(key), "there is no such key", _known_key(names)
    what, remedy = _wording(found, _example(names))
    return key, f"{'the value' if names[0] == 'source' else shown(found['input'])} {what}", remedy


def _wording(found: ErrorDetails, example: str) -> tuple[str, str]:
    """What a sentence says of a refused value, and the remedy."""
    if found["type"] == "refused":
        return found["ctx"]["what"], found["ctx"]["remedy"]
    if found["type"] == "literal_error":
        known = re.findall("'([^']+)'", found["ctx"]["expected"])
        close = nearest(str(found["input"]), known)
        return f"is not one of {', '.join(known)}", f"write {close[0] if close else 'one of them'}"
    if found["type"] == "too_short":
        return "has nothing in it", f"give at least one, such as {example}"
    belongs = _BELONGS.get(found["type"], "something else")
    return f"stands where {belongs} belongs", f"write it in this way: {example}"


def _known_key(names: list[str]) -> str:
    known = list(_fields(names))
    close = nearest(names[-1], known)
    return f"write {close[0]}" if close else f"use the keys {', '.join(known)}"


def _example(names: list[str]) -> str:
    """What may stand under a key: each has an example."""
    (example, *_) = _fields(names)[names[-1]].examples or [""]
    return example


def _fields(names: list[str]) -> dict[str, FieldInfo]:
    """The fields among which the last of some nested keys is looked up."""
    if len(names) == 1:
        return Parameters.model_fields
    return Brand.model_fields if names[0] == "brand" else Gate.model_fields
