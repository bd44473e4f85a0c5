"""``make pictures``: reports of every kind as readers see them, measured and checked, to be looked at."""

import argparse
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pictures.scenarios import NOW, SCENARIOS
from pictures.take import take
from playwright.sync_api import Browser
from support.projects import CHECKOUT, make_project
from support.reading import find_html_errors, open_browser

from tidings.project import master_notebook, project_folder
from tidings.reports.order import Request
from tidings.reports.workers import Share, make_edition

FOLDER = CHECKOUT / "outputs" / "pictures"


def main() -> None:
    options = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    options.add_argument("--only", nargs="+", help="these scenarios")
    options.add_argument("--tenant", help="a tenant of a project, instead of the scenarios")
    options.add_argument("--period", default="latest", help="of that tenant's report")
    options.add_argument("--parameters", default="parameters", help="the folder of that tenant's file")
    chosen = options.parse_args()
    periods = {chosen.tenant: chosen.period} if chosen.tenant else _write_scenarios(chosen.only)
    faults = 0
    with open_browser() as browser:
        for tenant, period in periods.items():
            root = project_folder()
            folders = root / chosen.parameters, FOLDER / "reports"
            for fault in make_pictures(Request(tenant, period, *folders, master_notebook(root)), browser):
                faults += 1
                print(f"    {fault}", flush=True)
    print(f"the pictures are in {FOLDER}")
    raise SystemExit(f"{faults} faults" if faults else 0)


def _write_scenarios(only: list[str] | None) -> dict[str, str]:
    """Write the project of the scenarios, make it that of this process, and give its tenants' periods."""
    project = FOLDER / "project"
    for made_anew in ("parameters", "notebooks"):
        shutil.rmtree(project / made_anew, ignore_errors=True)
    make_project(project)
    os.environ |= {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW}
    chosen = [scenario for scenario in SCENARIOS if not only or scenario.name in only]
    for scenario in chosen:
        scenario.write(project)
    return {scenario.name: scenario.period for scenario in chosen}


def make_pictures(request: Request, browser: Browser) -> Iterator[str]:
    """Make a report and pictures of it, print what is measured, and give what is wrong, one line each."""
    report = make_edition(request, Share(memory=None, of=1))
    if not report.folder:
        yield f"{report.tenant}: {report.error}"
        return
    page, message, mail = (
        Path(report.folder) / name for name in ("report.html", "message.eml", "message.html")
    )
    folder = FOLDER / request.tenant
    folder.mkdir(parents=True, exist_ok=True)
    sizes = ", ".join(f"{path.name} {path.stat().st_size:,}" for path in (page, message))
    print(f"{report.tenant} {report.period}: bytes of {sizes}", flush=True)
    for seen in take(browser, page, mail, folder):
        print(f"  {seen.view!s:<25} {seen.height:>6} px high, smallest text {seen.smallest}", flush=True)
        yield from (f"{seen.view}: {fault}" for fault in seen.faults)
    yield from find_html_errors(page, mail).splitlines()


if __name__ == "__main__":
    main()
