import pytest
from support.quick import slow_but
from support.random_rows import CLOCK_CHANGE, random_tables
from support.tables import assignment, at, edition_in, edition_of, message, session

from tidings.sources.contract import TABLES
from tidings.sources.references import (
    REFERENCES,
    Cause,
    Reference,
    Unmatched,
    explain_unmatched,
    find_lost,
    likely_cause,
)

WEEK = "2026-W46"
NOON = "2026-11-10 12:00:00"
BEFORE = "2026-01-01 12:00:00"


def found(edition) -> dict[str, Unmatched]:
    there = [each for each in REFERENCES if edition.has(each.table) and edition.has(each.to)]
    if not there:
        return {}
    lost = edition.fetch(find_lost(there, edition.rows, edition.history))
    if lost.empty:
        return {}
    given = explain_unmatched(lost, edition.rows, edition.history, edition.fetch)
    return {str(each.reference): each for each in given}


def clean() -> dict[str, list[dict]]:
    """Rows of which every id refers to a row, some of them to one of another time."""
    return {
        "messages": [message(NOON, assignment_id="s1"), message(NOON)],
        "conversations": [{"conversation_id": "c1", "user_id": "u1", "started_at": at(NOON)}],
        "users": [{"user_id": "u1", "first_seen_at": at(BEFORE)}],
        "assignments": [
            assignment("s1", BEFORE, BEFORE),
            assignment("s2", NOON, NOON, transferred_from="s1"),
        ],
        "agents": [{"agent_id": "a1"}],
        "agent_sessions": [session("a1", NOON)],
    }


def fill(database, tables: dict[str, list[dict]]) -> None:
    kinds = {"id": "text", "text": "text", "instant": "timestamp"}
    for name, rows in tables.items():
        columns = TABLES[name].columns
        database.execute(f"CREATE TABLE {name} ({', '.join(f'{c.name} {kinds[c.kind]}' for c in columns)})")
        for row in rows:
            values = [row.get(column.name) for column in columns]
            database.execute(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(values))})", values)


def test_every_reference_names_columns_of_the_contract():
    for each in REFERENCES:
        assert TABLES[each.table].column(each.column).kind == "id"
        assert TABLES[each.to].column(each.key).kind == "id"


def test_ids_that_each_refer_to_a_row_are_no_finding(tmp_path):
    assert found(edition_of(tmp_path, WEEK, clean())) == {}


def test_a_table_that_is_not_there_is_referred_to_by_none(tmp_path):
    tables = {"messages": [message(NOON, assignment_id="s9")], "assignments": None}
    assert found(edition_of(tmp_path, WEEK, tables, services=["activity"])) == {}


@pytest.mark.parametrize("reference", REFERENCES, ids=str)
def test_each_reference_without_a_row_is_found(tmp_path, reference):
    tables = clean()
    rows = tables[reference.table]
    rows[-1] = rows[-1] | {reference.column: "odd"}
    given = found(edition_of(tmp_path, WEEK, tables))[str(reference)]
    assert (given.reference, given.unmatched, given.examples) == (reference, 1, ("odd",))
    assert given.cause is None


def test_rows_of_another_period_and_missing_ids_are_not_counted(tmp_path):
    tables = clean()
    tables["messages"] += [message(BEFORE, user="u9"), *(message(NOON, user="u8") for _ in range(3))]
    given = found(edition_of(tmp_path, WEEK, tables))
    assert list(given) == ["messages.user_id"]
    assert (given["messages.user_id"].rows, given["messages.user_id"].unmatched) == (5, 3)
    assert given["messages.user_id"].examples == ("u8",)


def test_the_ids_of_most_rows_are_the_examples(tmp_path):
    tables = clean()
    tables["messages"] += [message(NOON, user=f"x{n}") for n in range(30) for _ in range(1 + (n == 25))]
    given = found(edition_of(tmp_path, WEEK, tables))["messages.user_id"]
    assert given.unmatched == 31
    assert given.examples[:3] == ("x25", "x0", "x1")
    assert len(given.examples) == 20


WRITTEN = [
    ("7.0", "7", Cause.FLOAT),
    ("7", "7.0", Cause.FLOAT),
    ("7.00", "7", Cause.FLOAT),
    (" ab", "ab", Cause.BLANKS),
    ("ab", "ab ", Cause.BLANKS),
    ("007", "7", Cause.ZEROS),
    ("7", "007", Cause.ZEROS),
    ("AB-c", "ab-C", Cause.CASE),
    (" 07.0", "7", Cause.SEVERAL),
    ("0", "00", Cause.ZEROS),
]


@pytest.mark.parametrize(("id", "key", "cause"), WRITTEN)
def test_an_id_written_in_another_way_is_found_with_its_cause(tmp_path, id, key, cause):
    tables = clean()
    tables["messages"].append(message(NOON, user=id))
    tables["users"].append({"user_id": key, "first_seen_at": at(BEFORE)})
    given = found(edition_of(tmp_path, WEEK, tables))["messages.user_id"]
    assert (given.cause, given.example, given.like) == (cause, id, key)


@pytest.mark.parametrize("word", ["nan", "NaN", "None", "null", "NaT", "<NA>", " nan "])
def test_a_word_for_a_missing_value_is_found(tmp_path, word):
    tables = clean()
    tables["messages"].append(message(NOON, assignment_id=word))
    given = found(edition_of(tmp_path, WEEK, tables))["messages.assignment_id"]
    assert (given.cause, given.example, given.like) == (Cause.WORD, word, None)


@pytest.mark.parametrize(
    ("id", "key", "cause"),
    [
        ("\u00a0", None, Cause.BLANK),
        ("u7", None, None),
        ("u7", "u8", None),
        ("7.5", "7", None),
        ("7", None, None),
        ("nancy", None, None),
    ],
)
def test_no_cause_is_made_up(id, key, cause):
    assert likely_cause(id, key) is cause


def test_each_cause_says_what_and_how_to_mend_it():
    assert all(cause.what and cause.remedy for cause in Cause)
    assert 'astype("Int64").astype("string")' in Cause.FLOAT.remedy


@pytest.mark.parametrize(
    "id",
    slow_but(["7.0", "x'; DROP TABLE users; --"], ["7.0", " 7", "007", "nan", "x'; DROP TABLE users; --"]),
)
def test_the_same_is_found_in_postgresql(postgres, database, tmp_path, id):
    tables = clean()
    tables["messages"].append(message(NOON, user=id))
    tables["users"].append({"user_id": "7", "first_seen_at": at(BEFORE)})
    fill(database, tables)
    there = found(edition_in(f"{postgres}&schema=reports", WEEK, tmp_path))
    assert list(there) == ["messages.user_id"]
    assert there == found(edition_of(tmp_path, WEEK, tables))


def test_the_same_is_found_of_random_rows_in_postgresql(postgres, database, tmp_path):
    tables = random_tables(seed=23)
    fill(database, tables)
    there = found(edition_in(f"{postgres}&schema=reports", CLOCK_CHANGE, tmp_path))
    here = found(edition_of(tmp_path, CLOCK_CHANGE, tables))
    assert here == there
    assert Reference("assignments", "agent_id", "agents") in [each.reference for each in here.values()]
