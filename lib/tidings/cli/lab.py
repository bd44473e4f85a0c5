"""The command lab: JupyterLab at the project's root, with the notebook in front."""

import os
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from tidings.cli.options import Parameters, complete_tenant
from tidings.errors import UsageError
from tidings.project import locate_folder, master_notebook, project_folder


def lab(
    context: typer.Context,
    tenant: Annotated[
        str, typer.Option(help="Whose numbers the notebook shows.", autocompletion=complete_tenant)
    ] = "",
    parameters: Parameters = "parameters",
) -> None:
    """Open the notebook in JupyterLab, which takes the options that are not known here.

    Lab, its kernels and its terminals do not get the settings of mail.
    """
    from tidings.notebook.environment import environment_of_kernels
    from tidings.notebook.opening import CHOSEN
    from tidings.reports.order import Request, locate_layout
    from tidings.tenants.tenant import load_tenant

    if find_spec("jupyterlab") is None:
        raise UsageError(
            "JupyterLab is not installed", remedy="in a checkout use make lab; else install tidings[lab]"
        )
    root = project_folder()
    notebook, folder, chosen = master_notebook(root), locate_folder(parameters, root), {}
    if tenant:
        request = Request(tenant, "latest", folder, root / "outputs", notebook)
        notebook = locate_layout(request, load_tenant(tenant, folder))
        chosen = {CHOSEN: tenant}
    options = [f"--ServerApp.root_dir={root}", *context.args, str(notebook)]
    command = [sys.executable, "-m", "jupyterlab", *options]
    os.execve(sys.executable, command, environment_of_kernels() | chosen)
