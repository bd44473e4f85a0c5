"""The command preview: page and mail of a notebook, seen again as soon as it is saved."""

from typing import Annotated

import typer

from tidings.cli.options import Parameters, Tenant, locate_outputs
from tidings.cli.terminal import print_text
from tidings.errors import UsageError
from tidings.project import locate_folder, master_notebook, project_folder

PORT = 8765

Period = Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Where it is served; 0: any that is free.")]


def preview(
    tenant: Tenant,
    period: Period = "latest",
    port: Port = PORT,
    parameters: Parameters = "parameters",
    unfinished: Annotated[bool, typer.Option(help="Allow a period that is not over yet.")] = False,
) -> None:
    """Show page and mail side by side in a browser, again after each save of the notebook; Ctrl-C ends it."""
    try:
        from tidings.preview.server import serve
    except ImportError as error:
        raise UsageError(
            f"the preview needs {error.name}, which is not installed",
            remedy="in a checkout use make preview; else install tidings[preview]",
        ) from None
    from tidings.reports.order import Request, locate_layout, resolve

    root = project_folder()
    request = Request(
        tenant=tenant,
        period=period,
        parameters=locate_folder(parameters, root),
        outputs=locate_outputs("outputs"),
        notebook=master_notebook(root),
        unfinished=unfinished,
    )
    locate_layout(request, resolve(request).tenant)  # what is misspelt is told here, and not in a browser
    serve(request, port, print_text)
