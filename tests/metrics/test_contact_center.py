"""Contact Center: hard cases with literal rows, and every figure by a second, plainer route."""

from support.tables import assignment, at, edition_of, message, rows_of

from tidings.metrics import contact_center

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026


def _edition(folder, *stays, **tables):
    return edition_of(folder, WEEK, {"assignments": list(stays)} | tables)


def _outcomes(edition) -> tuple[int, ...]:
    days = contact_center.handled_vs_missed(edition).value
    return tuple(int(days[name].sum()) for name in ("handled", "missed", "other"))


def test_a_chain_of_transfers_is_three_assignments_of_one_conversation(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:01", "2026-11-09 10:05", agent_id="a"),
        assignment(
            "2",
            "2026-11-09 10:05",
            "2026-11-09 10:06",
            "2026-11-09 10:09",
            agent_id="b",
            transferred_from="1",
        ),
        assignment(
            "3",
            "2026-11-09 10:09",
            "2026-11-09 10:10",
            "2026-11-09 10:20",
            agent_id="a",
            transferred_from="2",
        ),
    )
    assert contact_center.total_conversations(edition).value == 3
    assert contact_center.unique_conversations(edition).value == 1
    assert contact_center.unique_users(edition).value == 1
    assert _outcomes(edition) == (3, 0, 0)


def test_handed_on_before_an_answer_is_other_and_not_missed(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", None, "2026-11-09 10:05"),
        assignment("2", "2026-11-09 10:05", "2026-11-09 10:06", "2026-11-09 10:09", transferred_from="1"),
    )
    assert _outcomes(edition) == (1, 0, 1)
    assert contact_center.missed_conversations(edition).value == 0


def test_handed_on_after_the_period_is_other_too(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-15 23:59", None, "2026-11-16 00:05"),
        assignment("2", "2026-11-16 00:05", "2026-11-16 00:06", "2026-11-16 00:09", transferred_from="1"),
    )
    assert _outcomes(edition) == (0, 0, 1)


def test_still_waiting_is_other_and_an_end_without_an_answer_is_missed(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00"),
        assignment("2", "2026-11-09 10:00", None, "2026-11-30 10:00"),
    )
    assert _outcomes(edition) == (0, 1, 1)


def test_an_answer_at_the_start_and_a_close_at_the_end_belong_to_the_period(tmp_path):
    edition = _edition(tmp_path, assignment("1", "2026-11-09 00:00", "2026-11-09 00:00", "2026-11-16 00:00"))
    assert contact_center.average_wait_minutes(edition).value == 0
    assert contact_center.average_conversation_minutes(edition).value == 7 * 24 * 60


def test_an_assignment_from_before_the_period_counts_there_and_not_here(tmp_path):
    stay = assignment("1", "2026-11-08 23:59", "2026-11-09 00:01", "2026-11-09 00:02")
    edition = _edition(tmp_path, stay, assignment("2", "2026-11-01 10:00"))
    assert contact_center.total_conversations(edition).value == 0
    assert contact_center.total_conversations(edition).previous == 1
    assert contact_center.average_wait_minutes(edition).value is None
    assert contact_center.average_wait_minutes(edition).previous == 2


def test_averages_are_ratios_of_sums_and_gaps_on_days_without_any(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:01", "2026-11-09 10:11"),
        assignment("2", "2026-11-09 11:00", "2026-11-09 11:03", "2026-11-09 11:05"),
        assignment("3", "2026-11-09 12:00", "2026-11-09 12:05:30", "2026-11-09 12:06:00"),
        assignment("4", "2026-11-11 10:00", "2026-11-11 10:10"),
    )
    waits = rows_of(contact_center.wait_time(edition).value)
    assert waits[:4] == [
        ("2026-11-09", 9.5 / 3, 3.0),
        ("2026-11-10", None, None),
        ("2026-11-11", 10.0, 10.0),
        ("2026-11-12", None, None),
    ]
    assert contact_center.average_wait_minutes(edition).value == 19.5 / 4
    assert rows_of(contact_center.conversation_time(edition).value)[0] == ("2026-11-09", 12.5 / 3, 2.0)
    assert contact_center.average_conversation_minutes(edition).value == 12.5 / 3


def test_times_that_run_backwards_are_left_out_of_the_averages_and_told(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:02", "2026-11-09 10:12"),
        assignment("2", "2026-11-09 11:00", "2026-11-09 10:00", "2026-11-09 11:20"),
        assignment("3", "2026-11-09 12:00", "2026-11-09 12:04", "2026-11-09 12:03:54"),
        assignment("4", "2026-11-09 12:00", None, "2026-11-09 11:00"),
    )
    assert _outcomes(edition) == (3, 1, 0)
    assert contact_center.average_wait_minutes(edition).value == (2 + 4) / 2
    assert rows_of(contact_center.wait_time(edition).value)[0] == ("2026-11-09", 3.0, 3.0)
    assert contact_center.average_conversation_minutes(edition).value == (10 + 80) / 2
    assert rows_of(contact_center.agent_minutes(edition).value) == [("a1", 90.0)]
    told = "1 conversation is left out of the average, because its times run backwards."
    assert contact_center.wait_time(edition).notes == (told,)
    assert contact_center.average_wait_minutes(edition).notes == (told,)
    assert contact_center.conversation_time(edition).notes == (told,)
    assert contact_center.average_conversation_minutes(edition).notes == (told,)


def test_an_end_that_is_five_seconds_too_early_took_no_time(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:02", "2026-11-09 10:01:55"),
        assignment("2", "2026-11-09 10:00:05", "2026-11-09 10:00:00", "2026-11-09 10:04"),
    )
    assert contact_center.average_wait_minutes(edition).value == 1.0
    assert contact_center.average_conversation_minutes(edition).value == 2.0
    assert contact_center.wait_time(edition).notes == contact_center.conversation_time(edition).notes == ()


def test_a_login_that_ends_before_it_begins_took_no_time(tmp_path):
    logins = [
        {"session_id": "1", "agent_id": "a", "connected_at": at("2026-11-09 12:00")}
        | {"disconnected_at": at("2026-11-09 08:00")},
        {"session_id": "2", "agent_id": "a", "connected_at": at("2026-11-09 12:30")}
        | {"disconnected_at": at("2026-11-09 13:30")},
    ]
    edition = _edition(tmp_path, agent_sessions=logins)
    assert rows_of(contact_center.agent_hours(edition).value) == [("a", 1.0)]


def test_closing_reasons_keep_every_name_whatever_its_script(tmp_path):
    long = "very long reason " * 18
    reasons = ["تم الحل", "已解决", "👍🏽 done", long, "<b>html</b>", None, "已解决"]
    stays = [
        assignment(str(n), "2026-11-09 10:00", "2026-11-09 10:01", "2026-11-09 10:02", closing_reason=reason)
        for n, reason in enumerate(reasons)
    ]
    still_open = assignment("open", "2026-11-09 10:00", "2026-11-09 10:01", closing_reason="not closed")
    ranking = rows_of(contact_center.closing_reasons(_edition(tmp_path, *stays, still_open)).value)
    assert ranking[0] == ("已解决", 2, 2 / 7)
    assert [row[0] for row in ranking[1:]] == [*sorted(["تم الحل", "👍🏽 done", long, "<b>html</b>"]), None]
    assert sum(row[1] for row in ranking) == 7


def test_closing_reasons_have_those_of_the_period_before(tmp_path):
    stays = [
        assignment("early", "2026-10-31 10:00"),
        assignment("1", "2026-11-03 10:00", None, "2026-11-03 10:02", closing_reason="Duplicate"),
        assignment("2", "2026-11-04 10:00", None, "2026-11-04 10:02", closing_reason="Done"),
        assignment("3", "2026-11-04 10:00"),
        assignment("4", "2026-11-09 10:00", None, "2026-11-09 10:02", closing_reason="Done"),
    ]
    reasons = contact_center.closing_reasons(_edition(tmp_path, *stays))
    assert rows_of(reasons.value) == [("Done", 1, 1.0)]
    assert rows_of(reasons.previous) == [("Done", 1, 0.5), ("Duplicate", 1, 0.5)]


def test_messages_within_the_contact_center_count_by_their_own_time(tmp_path):
    messages = [
        message("2026-11-09 10:00", assignment_id="1"),
        message("2026-11-09 10:00"),
        message("2026-11-08 23:59", assignment_id="1"),
        message("2026-11-01 10:00", assignment_id="1"),
    ]
    edition = _edition(tmp_path, assignment("1", "2026-11-08 23:00"), messages=messages)
    assert contact_center.total_messages(edition).value == 1
    assert contact_center.total_messages(edition).previous == 1


def test_automated_resolutions_never_had_an_assignment_whenever(tmp_path):
    messages = [message("2026-11-10 10:00", thread=thread) for thread in ("bot", "earlier", "later", "now")]
    stays = [
        assignment("1", "2020-01-01 10:00", conversation_id="earlier"),
        assignment("2", "2026-11-20 10:00", conversation_id="later"),
        assignment("3", "2026-11-10 10:00", conversation_id="now"),
    ]
    assert contact_center.automated_resolutions(_edition(tmp_path, *stays, messages=messages)).value == 1


def test_the_automated_share_is_of_conversations_with_a_message_in_the_period(tmp_path):
    threads = ("bot", "bot", "bot", "now", "now", "other")
    messages = [message("2026-11-10 10:00", thread=thread) for thread in threads]
    messages.append(message("2026-11-01 10:00", thread="long ago"))
    edition = _edition(
        tmp_path, assignment("1", "2026-11-10 10:00", conversation_id="now"), messages=messages
    )
    assert contact_center.automated_share(edition).value == 2 / 3
    assert contact_center.automated_share(edition).previous is None


def test_the_missed_share_is_of_all_assignments(tmp_path):
    stays = [
        assignment("missed", "2026-11-10 10:00", None, "2026-11-10 10:05"),
        assignment("waiting", "2026-11-10 10:00"),
        assignment("handled", "2026-11-10 10:00", "2026-11-10 10:01"),
        assignment("long ago", "2026-10-10 10:00", None, "2026-10-10 10:05"),
    ]
    assert contact_center.missed_share(_edition(tmp_path, *stays)).value == 1 / 3


def test_without_messages_the_numbers_that_need_them_are_not_available(tmp_path):
    stays = {"assignments": [assignment("1", "2026-11-09 10:00")], "messages": None}
    edition = edition_of(tmp_path, WEEK, stays, services=["contact-center"])
    assert not contact_center.total_messages(edition).available
    assert contact_center.total_messages(edition).value is None
    assert contact_center.total_conversations(edition).value == 1
