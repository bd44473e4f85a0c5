"""The command check: whether the notebooks can be executed for each tenant, before they are committed."""

from typing import Annotated

import typer

from tidings.cli.options import Parameters, complete_tenant
from tidings.cli.terminal import print_text
from tidings.project import locate_folder, master_notebook, project_folder


def check(
    tenant: Annotated[
        str,
        typer.Argument(
            help="Only for this one; empty: for each set of services.", autocompletion=complete_tenant
        ),
    ] = "",
    parameters: Parameters = "parameters",
) -> None:
    """Try the notebooks on the demo's data, a tenant of each set of services; exit status 1 if one fails."""
    from tidings.preview.check import check_notebook, find_saved_outputs
    from tidings.reports.order import Request, locate_layout
    from tidings.tenants.tenant import load_tenant, tenant_ids

    root = project_folder()
    folder, master = locate_folder(parameters, root), master_notebook(root)
    saved = find_saved_outputs(master.parent)
    for finding in saved:
        print_text(f"{finding}", is_error=True)
    failed = bool(saved)
    tried = set()
    for each in [tenant] if tenant else tenant_ids(folder):
        who = load_tenant(each, folder)
        notebook = locate_layout(Request(each, "latest", folder, root / "outputs", master), who)
        if (notebook, who.services) in tried:
            continue
        tried.add((notebook, who.services))
        findings = check_notebook(notebook, who)
        failed = failed or bool(findings)
        what = f"{notebook.parent.name}/{notebook.name} for tenant {each} ({', '.join(who.services)})"
        print_text(f"{what}: {'to be mended' if findings else 'well'}")
        for finding in findings:
            print_text(f"  {finding}", is_error=True)
    if failed:
        raise typer.Exit(1)
