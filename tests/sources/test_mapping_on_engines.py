"""That a mapping gives the same numbers on every engine as the rows that it makes do in files."""

import pytest
from support.engines import ENGINES, Fill
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables, twins
from support.tables import edition_in, edition_of

from tidings.errors import SourceError
from tidings.metrics import activity, chatbot

MAPPING = """
CREATE VIEW messages AS
SELECT message_id, conversation_id, user_id, sent_at, direction, sender, assignment_id, intent, language
FROM messages WHERE direction = :direction;

CREATE VIEW users AS
WITH seen AS (SELECT user_id, sent_at FROM messages WHERE direction = :direction)
SELECT {key} AS user_id, MIN(sent_at) AS first_seen_at FROM seen GROUP BY {key};
"""
KEYS = {
    "mysql": "user_id COLLATE utf8mb4_nopad_bin"
}  # by its collation, names that are nearly one would be one
NUMBERS = (activity.total_messages, activity.active_users, activity.new_users, chatbot.intents)
SLOW = {"mysql", "pyspark"}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in ENGINES],
)
def engine(request) -> tuple[str, Fill]:
    with ENGINES[request.param]() as fill:
        yield request.param, fill


def mapped(engine: tuple[str, Fill], folder, tables: dict, sql: str = MAPPING):
    """The edition of what a mapping makes of an engine's own table of messages."""
    name, fill = engine
    (folder / "own.sql").write_text(sql.format(key=KEYS.get(name, "user_id")))
    return edition_in(
        fill({"messages": tables["messages"]}),
        CLOCK_CHANGE,
        folder,
        time_zone="Europe/Amsterdam",
        services=["activity", "chatbot"],
        mapping="own.sql",
        source_parameters={"direction": "incoming"},
    )


@pytest.mark.parametrize(
    "tables",
    [random_tables(seed=5), pytest.param(twins(), marks=pytest.mark.slow)],
    ids=["random", "twins"],
)
def test_the_numbers_of_a_mapping_are_those_of_its_rows(engine, tables, tmp_path):
    rows = [row for row in tables["messages"] if row["direction"] == "incoming"]
    first = {}
    for row in sorted(rows, key=lambda row: row["sent_at"]):
        first.setdefault(row["user_id"], row["sent_at"])
    users = [{"user_id": who, "first_seen_at": instant} for who, instant in first.items()]
    plain = {"messages": rows, "users": users, "assignments": None}
    files = edition_of(
        tmp_path / "files",
        CLOCK_CHANGE,
        plain,
        time_zone="Europe/Amsterdam",
        services=["activity", "chatbot"],
    )
    assert_same_numbers(files, mapped(engine, tmp_path, tables), NUMBERS)


def test_what_an_engine_refuses_of_a_mapping_is_told_with_the_line_of_the_view(engine, tmp_path):
    wrong = MAPPING.replace("assignment_id, intent", "assignement, intent")
    with pytest.raises(SourceError, match=r"mapping own.sql, line 2: the source refuses view messages: .+"):
        mapped(engine, tmp_path, random_tables(seed=5), wrong)


def test_a_mapping_leaves_nothing_in_the_database(engine, tmp_path):
    connection = mapped(engine, tmp_path, random_tables(seed=5)).source.backend.connection
    assert connection.list_tables() == ["messages"]
