import pytest

from tidings.errors import SourceError
from tidings.sources.location import Location


def test_values_are_hidden_as_they_are_and_decoded_and_the_longest_first(monkeypatch):
    monkeypatch.setenv("USER_NAME", "ana")
    monkeypatch.setenv("PASSWORD", "banana%2F1")
    location = Location.of("postgres://${USER_NAME}:${PASSWORD}@host/db")
    assert location.resolved == "postgres://ana:banana%2F1@host/db"
    assert (
        location.hide("no banana/1 or banana%2F1 for ana") == "no ${PASSWORD} or ${PASSWORD} for ${USER_NAME}"
    )
    assert location.quote(ValueError("ana\nx")) == "${USER_NAME}"
    assert location.quote(ValueError("")) == "ValueError"


@pytest.mark.parametrize(
    ("written", "scheme"),
    [("data/demo", ""), ("/srv/data", ""), ("s3://bucket/x", "s3"), ("postgres://host/db", "postgres")],
)
def test_the_scheme_tells_what_kind_of_source_it_is(written, scheme):
    assert Location.of(written).scheme == scheme


def test_an_unset_variable_is_refused_and_an_odd_name_is_no_variable(monkeypatch):
    monkeypatch.delenv("UNSET", raising=False)
    with pytest.raises(SourceError, match="the environment has no variable UNSET"):
        Location.of("${UNSET}")
    assert Location.of("a${1}$b${c").resolved == "a${1}$b${c"


def test_an_engine_is_quoted_on_one_short_line_in_which_no_half_of_a_secret_is_left(monkeypatch):
    monkeypatch.setenv("SECRET", "k" * 50)
    told = Location.of("x://${SECRET}").quote(ValueError("\x1b" + "z" * 280 + "k" * 50))
    assert told == "·" + "z" * 280 + "${SECRET}"
