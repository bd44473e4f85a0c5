"""The review as a page: looked at in Chromium, with one bad tenant among a thousand."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support.quick import slow_but

from tidings.errors import ReportError
from tidings.periods import clock
from tidings.review.lines import Delivered, Line, Review, Run
from tidings.review.page import render_page, show_spreads, show_summary, show_tenants
from tidings.review.spread import measure_spread
from tidings.review.standing import Finding, State

WEEK = "2026-W46"


def _lines(count: int, make) -> list[Line]:
    """Tenants without a finding, and one that failed, which comes first."""
    picture = make.png(24, 15)
    lines = [
        Line(
            f"tenant-{number:04}",
            WEEK,
            State.CLEAN,
            values={"activity.total_messages": 100.0 + number, "contact_center.average_wait_minutes": 2.5},
            before={"activity.total_messages": 100.0},
            series=tuple((f"2026-W{week}", 90.0 + week) for week in range(39, 47)),
            series_name="activity.total_messages",
            delivered=Delivered({"sent": 3}),
            seconds=1.5,
            picture=picture,
            links={"page": f"tenant-{number:04}/{WEEK}/report.html"},
        )
        for number in range(count)
    ]
    bad = Line(
        "bad", WEEK, State.FAILED, (Finding("SourceError", "no such host"), *[Finding("", "more")] * 3)
    )
    return [bad, *lines]


def _review(lines: list[Line], run: Run | None = None) -> Review:
    pairs = {
        line.tenant: (
            line.values.get("activity.total_messages"),
            line.before.get("activity.total_messages"),
        )
        for line in lines
    }
    spreads = {"activity.total_messages": measure_spread(pairs)}
    return Review(WEEK, tuple(lines), spreads, clock.now(), run)


def _notebook(review: Review, *more) -> nbformat.NotebookNode:
    cells = []
    for fragment in (show_summary(review), show_spreads(review), show_tenants(review)):
        data, metadata = fragment._repr_mimebundle_()
        output = new_output("display_data", data, metadata=metadata)
        cells.append(new_code_cell("show(review)", outputs=[output]))
    return new_notebook(cells=[*cells, *more])


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page from a file, and hold that it asks for nothing and says nothing wrong."""
    said, asked = [], []

    def open_page(html: str, **options):
        (tmp_path / "review.html").write_text(html, "utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 800}, **options)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "review.html").as_uri())
        return page

    yield open_page
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture(scope="module")
def thousand(make) -> str:
    return render_page(_notebook(_review(_lines(999, make))))


def _shown(page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('tbody tr:not([hidden]) .id')].map(e => e.textContent)"
    )


def test_the_one_bad_tenant_among_a_thousand_is_on_the_first_screen(thousand, opened):
    page = opened(thousand)
    box = page.locator("tbody tr").first.bounding_box()
    assert page.locator("tbody tr").first.locator(".id").text_content() == "bad"
    assert box["y"] + box["height"] < 800
    assert page.locator("tbody tr").count() == 1000
    page.close()


def test_a_thousand_tenants_open_and_answer_a_keystroke_in_seconds(thousand, opened):
    page = opened(thousand)
    timing = "performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart"
    assert page.evaluate(timing) < 15_000  # 0.5 s on a machine that has nothing else to do
    took = page.evaluate(
        """() => {
          const search = document.querySelector('input'), begun = performance.now();
          search.value = 'tenant-0500';
          search.dispatchEvent(new Event('input'));
          document.body.getBoundingClientRect();
          return performance.now() - begun;
        }"""
    )
    assert took < 5_000
    assert _shown(page) == ["tenant-0500"]
    page.close()


@pytest.mark.parametrize("width", slow_but([375, 1280], [375, 1000, 1240, 1280]))
def test_every_column_can_be_reached_and_findings_have_room_on_any_screen(opened, make, width):
    page = opened(render_page(_notebook(_review(_lines(1, make)))))
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("tbody tr").first.locator("td").last.scroll_into_view_if_needed()
    right = page.locator("tbody tr").first.locator("td").last.bounding_box()
    assert right["x"] + right["width"] <= width
    assert page.locator("tbody tr").first.locator("td:nth-child(3)").bounding_box()["width"] > 200
    page.close()


def test_what_is_held_is_shown_with_how_to_release_it(opened):
    held = Line("acme", "2026-W46", State.HELD, (Finding("freshness", "Three days are missing."),))
    page = opened(render_page(_notebook(_review([held, Line("beta", "2026-W46", State.CLEAN)]))))
    assert page.locator(".release").all_text_contents() == [
        'To release it: make approve TENANT=acme PERIOD=2026-W46 WHY="…"'
    ]
    page.close()


def test_words_and_states_narrow_the_tenants_and_how_many_is_said(opened, make):
    page = opened(render_page(_notebook(_review(_lines(20, make)))))
    page.get_by_label("Find").fill("HOST bad")
    assert _shown(page) == ["bad"]
    assert page.locator(".shown").text_content() == "1 of 21 tenants"
    page.get_by_label("Find").fill("nobody")
    assert _shown(page) == []
    assert page.get_by_text("No tenant fits.").is_visible()
    page.get_by_label("Find").fill("")
    page.get_by_role("button", name="20 clean").click()
    assert len(_shown(page)) == 20
    page.get_by_role("button", name="1 failed").click()
    assert len(_shown(page)) == 21
    page.get_by_role("button", name="20 clean").click()
    assert _shown(page) == ["bad"]
    page.close()


def test_columns_sort_both_ways_with_what_is_missing_last(opened, make):
    page = opened(render_page(_notebook(_review(_lines(3, make)))))
    head = page.get_by_role("button", name="Messages", exact=True)
    head.click()
    assert _shown(page) == ["tenant-0002", "tenant-0001", "tenant-0000", "bad"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    head.click()
    assert _shown(page) == ["tenant-0000", "tenant-0001", "tenant-0002", "bad"]
    page.get_by_role("button", name="Tenant", exact=True).click()
    assert _shown(page) == ["bad", "tenant-0000", "tenant-0001", "tenant-0002"]
    assert page.locator("th[aria-sort]").count() == 1
    page.get_by_role("button", name="State and findings").click()
    assert _shown(page)[0] == "bad"
    page.close()


def test_more_findings_are_a_click_away(opened, make):
    page = opened(render_page(_notebook(_review(_lines(1, make)))))
    assert not page.locator("details li").first.is_visible()
    page.get_by_text("2 more").click()
    assert page.locator("details li").first.is_visible()
    page.close()


@pytest.mark.parametrize("scheme", slow_but(["light"], ["light", "dark"]))
def test_the_page_is_accessible_by_wcag_2_2_aa(opened, violations, make, scheme):
    lines = _lines(12, make)
    lines += [Line(f"in-{state}", WEEK, state, (Finding("check", "Look."),)) for state in State]
    run = Run(clock.now(), is_over=False, editions=())
    page = opened(render_page(_notebook(_review(lines, run))), color_scheme=scheme)
    assert violations(page) == []
    page.close()


def test_the_page_is_valid_html(html_errors, make):
    assert html_errors(render_page(_notebook(_review(_lines(12, make))))) == ""


def test_hostile_names_and_findings_are_text_and_nothing_more(opened, make):
    finding = Finding(make.hostile, make.hostile * 3)
    lines = [
        Line(
            make.hostile, make.hostile, State.FAILED, (finding, finding, finding), links={"page": "x/y.html"}
        ),
        *_lines(10, make),
    ]
    html = render_page(_notebook(_review(lines)))
    page = opened(html)
    assert page.evaluate("document.querySelectorAll('script').length") == 1
    assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0
    assert page.locator("tbody tr").first.locator(".id").text_content().startswith("</title></style>")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.close()


def test_a_script_that_is_not_the_pages_own_does_not_run(browser, tmp_path, make):
    html = render_page(_notebook(_review(_lines(1, make))))
    html = html.replace("</main>", "<script>document.title = 'taken'</script></main>")
    (tmp_path / "review.html").write_text(html, "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "review.html").as_uri())
    assert page.title() == "Review"
    page.close()


def test_a_running_batch_is_said(make):
    run = Run(clock.now(), is_over=False, editions=({"tenant": "bad"},))
    html = render_page(_notebook(_review(_lines(2, make), run)))
    assert "has not ended: 1 edition finished so far" in html
    over = Run(clock.now(), is_over=True, editions=())
    assert "has not ended" not in render_page(_notebook(_review(_lines(2, make), over)))


def test_what_else_the_notebook_shows_is_on_the_page_made_harmless(make):
    more = [
        new_markdown_cell("## Agents\n\nLook *here*."),
        new_code_cell(
            "table",
            outputs=[new_output("display_data", {"text/html": "<table><td onclick='x()'>42</td></table>"})],
        ),
        new_code_cell("text", outputs=[new_output("execute_result", {"text/plain": "<b>7</b>"})]),
    ]
    html = render_page(_notebook(_review(_lines(2, make)), *more))
    assert "<h2>Agents</h2>" in html
    assert re.search(r"<td>42</td>", html)
    assert "onclick" not in html
    assert "&lt;b&gt;7&lt;/b&gt;" in html


def test_a_notebook_that_shows_no_tenants_is_refused():
    with pytest.raises(ReportError, match="shows no tenants"):
        render_page(new_notebook(cells=[new_markdown_cell("# Review")]))


def test_in_a_notebook_a_piece_brings_its_own_style_and_a_text(make):
    data, _ = show_tenants(_review(_lines(2, make)))._repr_mimebundle_()
    assert data["text/html"].startswith("<style>")
    assert "tenant-0001" in data["text/plain"]


def test_an_empty_batch_is_a_page(opened):
    page = opened(render_page(_notebook(Review("", (), {}, clock.now()))))
    assert page.get_by_text("There is no report to show: make reports makes them.").is_visible()
    page.close()
