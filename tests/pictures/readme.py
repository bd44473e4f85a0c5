"""``make readme-picture``: the top of the demo's page, as the README shows it."""

import io
import os
from pathlib import Path

from pictures.scenarios import FOLDER, environment, order_report, write_scenarios
from PIL import Image
from support.projects import CHECKOUT
from support.reading import open_browser

from tidings.reports.editions import PAGE
from tidings.reports.workers import Share, make_edition

PICTURE = CHECKOUT / "docs" / "report.png"
_WIDTH, _HEIGHT, _MARGIN, _COLORS = 1160, 900, 32, 128


def main() -> None:
    """Write the demo's page down to the end of its first section, in few colours."""
    folder = FOLDER / "readme"
    ((tenant, period),) = write_scenarios(folder, ["demo"]).items()
    os.environ |= environment(folder)
    report = make_edition(order_report(tenant, period, folder / "outputs"), Share(memory=None, of=1))
    with open_browser() as browser:
        page = browser.new_page(
            viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light", device_scale_factor=1.5
        )
        page.goto((Path(report.folder) / PAGE).as_uri())
        section = page.locator("section").first.bounding_box()
        height = section["y"] + section["height"] + _MARGIN
        clip = {"x": 0, "y": 0, "width": _WIDTH, "height": height}
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
    picture.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"{PICTURE}: {picture.width} x {picture.height}, {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
