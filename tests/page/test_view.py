import base64
import copy
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tidings.errors import ReportError
from tidings.language.locale import reader_locale
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Picture


def _edition(*services):
    about = {"tenant": "demo", "period": "2026-09..2026-10", "services": list(services)}
    scrap = {"name": "report.edition", "data": about, "encoder": "json", "version": 1}
    data = {"application/scrapbook.scrap.json+json": scrap}
    return new_code_cell("glue()", outputs=[new_output("display_data", data)])


def _view(notebook):
    return read_notebook(notebook).view


def _titles(view):
    return [section.title for section in view.sections]


def _kinds(view):
    return [part.kind for part in view.parts]


def test_parts_come_in_the_order_of_the_notebook(make):
    assert _kinds(_view(make.report())) == [
        *("header", "highlights", "prose", "cards", "chart", "chart", "notice", "ranking", "ranking"),
        *("agents", "table", "footer"),
    ]


def test_headings_open_sections(make):
    view = _view(make.report())
    assert _titles(view) == [None, "Activity", "Contact Center"]
    assert view.title == "Demo Telecom · Mon 9 – Sun 15 November 2026"


def test_plain_words_of_prose_keep_its_paragraphs_apart(make):
    cell = new_markdown_cell("# *Own* title\n\n### Agents\n\nWhat each **did**.")
    view = _view(make.notebook(cell))
    assert _titles(view) == ["Own title"]
    assert view.sections[0].parts[0].text == "Agents\nWhat each did."


@pytest.mark.parametrize(("reader", "words"), [("en", "en"), ("en-GB", "en-GB"), ("ar-EG", "en")])
def test_language_and_direction_are_those_of_the_words(make, reader, words):
    view = _view(new_notebook(cells=[make.shown(replace(make.header, language=reader))]))
    assert (view.language, view.direction) == (words, "ltr")
    assert view.locale == reader_locale(reader)


@pytest.mark.parametrize(
    ("services", "titles"),
    [(["activity"], ["Activity"]), (["activity", "contact-center"], ["Activity", "Contact Center"])],
)
def test_sections_of_services_that_the_tenant_lacks_leave_nothing_behind(make, services, titles):
    notebook = make.notebook(
        _edition(*services),
        new_markdown_cell("## Activity", metadata={"tags": ["section-activity"]}),
        new_markdown_cell("## Contact Center", metadata={"tags": ["section-contact-center"]}),
        make.shown(make.chart(), make.png(), tags=["section-contact-center"]),
    )
    assert _titles(_view(notebook)) == titles


@pytest.mark.parametrize("tag", ["parameters", "injected-parameters", "remove_output", "hide-cell"])
def test_hidden_cells_show_nothing(make, tag):
    notebook = make.notebook(make.shown(make.chart(), make.png(), tags=[tag]))
    assert _kinds(_view(notebook)) == ["header"]


def test_printed_text_bare_values_and_scraps_are_not_shown(make):
    outputs = [
        new_output("stream", name="stdout", text="printed"),
        new_output("stream", name="stderr", text="warned"),
        new_output("execute_result", {"text/plain": "5"}),
    ]
    notebook = make.notebook(new_code_cell("5", outputs=outputs), _edition("activity"))
    assert _kinds(_view(notebook)) == ["header"]


@pytest.mark.parametrize("tags", [[], ["remove-cell"], ["section-chatbot"]])
def test_an_error_is_never_passed_over(make, tags):
    error = new_output("error", ename="KeyError", evalue="'queue'", traceback=[])
    notebook = make.notebook(_edition(), new_code_cell("x", outputs=[error], metadata={"tags": tags}))
    with pytest.raises(ReportError, match=r"cell 3: the cell ended in KeyError: 'queue'"):
        _view(notebook)


def test_a_chart_without_alternative_text_names_its_cell(make):
    with pytest.raises(ReportError, match="cell 2: a picture has no alternative text"):
        _view(make.notebook(make.shown(make.chart(alt=" "), make.png())))


def test_a_logo_without_alternative_text_is_refused(make):
    with pytest.raises(ReportError, match="alternative text"):
        _view(new_notebook(cells=[make.shown(make.header, make.png())]))


def _figure(make, metadata):
    data = {"image/png": base64.b64encode(make.png(300, 200)).decode(), "text/plain": "<Figure>"}
    return new_code_cell("plot()", outputs=[new_output("display_data", data, metadata=metadata)])


def test_an_analyst_s_own_figure_is_a_picture(make):
    cell = _figure(make, {"image/png": {"alt": "Waits by hour", "width": 150, "height": 100}})
    part = _view(make.notebook(cell)).parts[1]
    assert part == Picture("Waits by hour", 150, 100, png=make.png(300, 200))


def test_a_figure_without_stated_size_has_that_of_its_pixels(make):
    part = _view(make.notebook(_figure(make, {"image/png": {"alt": "Waits"}}))).parts[1]
    assert (part.width, part.height) == (300, 200)


def test_an_analyst_s_figure_without_alternative_text_says_how_to_give_it_one(make):
    with pytest.raises(ReportError, match="cell 2") as caught:
        _view(make.notebook(_figure(make, {})))
    assert "display(figure, metadata=" in caught.value.remedy


def test_a_data_frame_and_markdown_output_are_shown(make):
    frame = new_output(
        "execute_result", {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"}
    )
    words = new_output("display_data", {"text/markdown": "*so*", "text/plain": "so"})
    notebook = make.notebook(new_code_cell("frame", outputs=[frame, words]))
    assert _kinds(_view(notebook)) == ["header", "frame", "prose"]


def test_a_notebook_without_header_is_refused():
    with pytest.raises(ReportError, match="no header"):
        _view(new_notebook(cells=[new_markdown_cell("# A title")]))


def test_files_are_named_after_the_recorded_edition(make):
    assert _view(make.notebook(_edition())).name == "demo-2026-09-to-2026-10"
    assert _view(make.notebook()).name == "report"


def test_an_output_that_jupyterlab_has_collapsed_is_not_shown(make):
    cell = make.shown(make.chart(), make.png())
    cell.metadata.jupyter = {"outputs_hidden": True}
    assert _kinds(_view(make.notebook(cell))) == ["header"]


def test_a_mistyped_tag_is_refused_with_its_cell(make):
    cell = make.shown(make.chart(), make.png(), tags=["hide-outputs"])
    with pytest.raises(ReportError, match="cell 2: the tag 'hide-outputs' is not known"):
        _view(make.notebook(cell))


def test_a_tag_on_a_heading_holds_for_the_cells_below_it(make):
    notebook = make.notebook(
        _edition("activity"),
        new_markdown_cell("## Chatbot", metadata={"tags": ["section-chatbot"]}),
        make.shown(make.chart(), make.png()),
        new_markdown_cell("## Notes"),
        make.shown(make.chart(), make.png()),
    )
    assert _titles(_view(notebook)) == ["Notes"]
    assert _kinds(_view(notebook)) == ["header", "chart"]


def test_the_notebook_that_was_read_stays_as_it_was(make):
    notebook = make.report()
    before = copy.deepcopy(notebook)
    _view(notebook)
    assert notebook == before
