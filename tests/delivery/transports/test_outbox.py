"""The outbox: a Maildir in which every message is once."""

import mailbox

from support.messages import message_to

from tidings.delivery.states import State
from tidings.delivery.transports.outbox import Outbox


def _delivered(folder, *recipients):
    outbox = Outbox(folder)
    outbox.open()
    return [outbox.deliver(message_to(recipient)[1]) for recipient in recipients]


def test_mail_programs_find_the_messages(tmp_path):
    outcomes = _delivered(tmp_path / "box", "ana@example.com", "bo@example.com")
    assert {outcome.state for outcome in outcomes} == {State.SENT}
    messages = mailbox.Maildir(tmp_path / "box", create=False)
    assert sorted(message["To"] for message in messages) == ["ana@example.com", "bo@example.com"]


def test_the_bytes_are_those_of_the_message(tmp_path):
    _, message = message_to("ana@example.com")
    _delivered(tmp_path, "ana@example.com")
    assert (tmp_path / "new" / message.token).read_bytes() == message.content


def test_the_same_message_is_never_there_twice(tmp_path):
    _delivered(tmp_path, "ana@example.com", "ana@example.com")
    assert len(mailbox.Maildir(tmp_path)) == 1


def test_nor_after_it_was_read(tmp_path):
    _delivered(tmp_path, "ana@example.com")
    (unread,) = (tmp_path / "new").iterdir()
    unread.rename(tmp_path / "cur" / f"{unread.name}:2,S")
    (again,) = _delivered(tmp_path, "ana@example.com")
    assert (again.state, len(mailbox.Maildir(tmp_path))) == (State.SENT, 1)


def test_a_message_cut_short_by_a_crash_is_written_anew(tmp_path):
    _, message = message_to("ana@example.com")
    Outbox(tmp_path).open()
    (tmp_path / "tmp" / message.token).write_bytes(b"half")
    _delivered(tmp_path, "ana@example.com")
    assert (tmp_path / "new" / message.token).read_bytes() == message.content
    assert list((tmp_path / "tmp").iterdir()) == []
