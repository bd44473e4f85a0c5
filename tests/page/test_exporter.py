"""The templates of page and mail, which someone may be writing."""

import os
import shutil

import pytest
from jinja2 import TemplateSyntaxError
from support.projects import CHECKOUT

from tidings.page.page import PageExporter


def test_a_template_that_is_saved_is_read_again(tmp_path, make):
    templates = shutil.copytree(CHECKOUT / "lib" / "tidings" / "parts" / "templates", tmp_path / "templates")
    folders = {"extra_template_basedirs": [str(templates)], "extra_template_paths": [str(templates)]}
    exporter = PageExporter(**folders)
    saved = 0

    def page(name: str, added: str) -> str:
        nonlocal saved
        saved += 1
        path = templates / name
        path.write_text(path.read_text("utf-8") + added, "utf-8")
        os.utime(path, (saved, saved))  # within a tick of the clock it is a later one all the same
        return exporter.from_notebook_node(make.report())[0]

    assert "/* again */" in page("page/page.css", "/* again */")
    assert "<b>part</b>" in page("parts/page/prose.j2", "<b>part</b>")
    with pytest.raises(TemplateSyntaxError) as broken:
        page("parts/page/prose.j2", "{% if %}")
    assert broken.value.name.endswith("parts/page/prose.j2")
