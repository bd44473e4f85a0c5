"""``make pictures``: reports of every kind as readers see them, measured and checked, to be looked at."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from pictures.scenarios import FOLDER, environment, order_report, write_scenarios
from pictures.take import take
from playwright.sync_api import Browser
from support.reading import find_html_errors, open_browser

from tidings.reports.editions import MESSAGE, MESSAGE_PAGE, PAGE
from tidings.reports.order import Request
from tidings.reports.workers import Share, make_edition


def main() -> None:
    options = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    options.add_argument("--only", type=lambda names: names.split(","), help="these scenarios")
    options.add_argument("--tenant", help="a tenant of a project, instead of the scenarios")
    options.add_argument("--period", default="latest", help="of that tenant's report")
    options.add_argument("--parameters", default="parameters", help="the folder of that tenant's file")
    chosen = options.parse_args()
    periods, faults = {chosen.tenant: chosen.period}, 0
    if not chosen.tenant:
        periods = write_scenarios(FOLDER / "project", chosen.only)
        os.environ |= environment(FOLDER / "project")
    with open_browser() as browser:
        for tenant, period in periods.items():
            request = order_report(tenant, period, FOLDER / "reports", chosen.parameters)
            for fault in make_pictures(request, browser, FOLDER / tenant):
                faults += 1
                print(f"    {fault}", flush=True)
    print(f"the pictures are in {FOLDER}")
    raise SystemExit(f"{faults} faults" if faults else 0)


def make_pictures(request: Request, browser: Browser, folder: Path) -> Iterator[str]:
    """Make a report and pictures of it, print what is measured, and give what is wrong, one line each."""
    report = make_edition(request, Share(memory=None, of=1))
    if not report.folder:
        yield f"{report.tenant}: {report.error}"
        return
    page, message, mail = (Path(report.folder) / name for name in (PAGE, MESSAGE, MESSAGE_PAGE))
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [f"{path.name} {path.stat().st_size:,} bytes" for path in (page, message)]
    print(f"{report.tenant} {report.period}: {', '.join(sizes)}", flush=True)
    for seen in take(browser, page, mail, folder):
        print(f"  {seen.view!s:<25} {seen.height:>6} px high, smallest text {seen.smallest}", flush=True)
        yield from (f"{seen.view}: {fault}" for fault in seen.faults)
    yield from find_html_errors(page, mail).splitlines()


if __name__ == "__main__":
    main()
