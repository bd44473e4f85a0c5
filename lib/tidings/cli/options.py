"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer
from upath import UPath

from tidings.cli.log import log_to
from tidings.errors import TidingsError
from tidings.project import locate_folder, project_folder
from tidings.tenants.tenant import tenant_ids


def complete_tenant(context: typer.Context, incomplete: str) -> list[str]:
    """The ids of tenants that begin like this, for a shell; none where something is wrong."""
    try:
        folder = locate_folder(context.params.get("parameters") or "parameters", project_folder())
        return [each for each in tenant_ids(folder) if each.startswith(incomplete)]
    except TidingsError:
        return []


Tenant = Annotated[
    str, typer.Argument(help="A tenant's id: the stem of its file.", autocompletion=complete_tenant)
]
Parameters = Annotated[str, typer.Option(help="Folder of the tenants' files.")]
Outputs = Annotated[str, typer.Option(help="Folder under which <tenant>/<period>/ is written.")]


def locate_outputs(outputs: str) -> Path | UPath:
    """The folder that a command writes to; if it is on this machine, the log goes there too.

    Raises
    ------
    UsageError
        See `tidings.project.locate_folder`.
    """
    folder = locate_folder(outputs, project_folder())
    if not isinstance(folder, UPath):
        log_to(folder)
    return folder
