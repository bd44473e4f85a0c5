import base64
import json
from dataclasses import replace

import pytest

from tidings.errors import ReportError
from tidings.parts.bundle import MIMETYPE, from_json, read_bundle, to_json, write_bundle
from tidings.parts.part import Notice

KINDS = ["header", "highlights", "cards", "chart", "ranking", "agents", "table", "notice", "footer"]
BEFORE = "application/vnd.tidings.part+json"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_again(make, kind):
    part = replace(make.parts("Añadir, saldo")[kind], png=make.png(8, 8))
    bundle = json.loads(json.dumps(write_bundle(part)))
    assert read_bundle(bundle) == part


def test_a_bundle_says_its_version_and_shows_itself_in_jupyterlab(make):
    bundle = write_bundle(make.chart(png=b"a picture"))
    assert list(bundle) == ["application/vnd.tidings.part.v2+json", "text/html", "text/plain", "image/png"]
    assert base64.b64decode(bundle["image/png"]) == b"a picture"
    assert to_json(Notice("Hours", "None.")) == {
        "kind": "notice",
        "empty": False,
        "title": "Hours",
        "text": "None.",
    }


def test_a_bundle_of_others_holds_no_part():
    assert read_bundle({"text/html": "<b>", "image/png": ""}) is None


def test_a_header_of_the_version_before_has_other_names(make):
    content = to_json(make.header)
    del content["alt"]
    assert read_bundle({BEFORE: content | {"logo_alt": "Acme"}}) == replace(make.header, alt="Acme")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"kind": "pie"}, "no way to show a part of kind 'pie'"),
        ({"kind": ["chart"]}, "no way to show"),
        ({"kind": "prose", "html": "<script>", "text": ""}, "no way to show a part of kind 'prose'"),
        ("chart", "no way to show a part of kind None"),
        ({"kind": "notice", "title": "Hours"}, "text: field required"),
        ({"kind": "notice", "title": "Hours", "text": 1}, "text: input should be a valid string"),
        ({"kind": "notice", "title": "Hours", "text": "None.", "more": 1}, "more: unexpected"),
        ({"kind": "cards", "cards": [{"label": "New Users"}]}, r"cards\.0\.metric: field required"),
    ],
)
@pytest.mark.parametrize("mimetype", [MIMETYPE, BEFORE])
def test_what_is_no_part_names_its_cell_and_what_is_wrong(content, what, mimetype):
    with pytest.raises(ReportError, match=f"cell 3: .*{what}"):
        read_bundle({mimetype: content}, where="cell 3")


def test_a_picture_stands_beside_a_part_and_not_in_it():
    with pytest.raises(ReportError, match="png"):
        from_json({"kind": "notice", "title": "Hours", "text": "None.", "png": "AAAA"})


def test_a_picture_that_is_no_base64_names_its_cell(make):
    bundle = write_bundle(make.chart(png=b"a picture")) | {"image/png": "A"}
    with pytest.raises(ReportError, match="cell 3: a part's picture cannot be read"):
        read_bundle(bundle, where="cell 3")


@pytest.mark.parametrize("language", ["+1+cmd|' /C calc'!A0", "", "xx", "../en"])
def test_a_header_in_a_language_that_is_none_is_refused(make, language):
    with pytest.raises(ReportError, match=r"cell 1: a part of kind .header. .* language: "):
        from_json(to_json(make.header) | {"language": language}, where="cell 1")
