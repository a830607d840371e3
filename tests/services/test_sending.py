import datetime as dt
import email
import email.policy
import stat

import pytest
from factories import MONDAY, add, new_project, session

from pmtui.domain.addresses import is_address, recipients
from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Person
from pmtui.services import meetings, reports, sending
from pmtui.services.projects import open_project
from pmtui.services.records import delete_records, edit_record

BEN = Person(handle="ben", full_name="Ben, Jr", email="ben@example.org")
CHI = Person(handle="chi")


@pytest.fixture
def project(tmp_path):
    project = new_project(tmp_path / "ws", BEN, CHI)
    with project.change("edit") as change:
        change.edit(change.data.person("ana"), full_name="Ana Ruiz", email="ana@example.org")
    reports.save_words(project, "summary", "All is well.\n.\nFrom here on")
    reports.issue(project)
    yield project
    project.close()


@pytest.fixture
def mailbox(tmp_path):
    """A mail command that keeps what it is given, and the folder it keeps it in."""
    box = tmp_path / "box"
    box.mkdir()
    command = tmp_path / "mail"
    command.write_text(f'#!/bin/sh\ncat > "{box}/$(ls {box} | wc -l)"\n')
    command.chmod(command.stat().st_mode | stat.S_IEXEC)
    return box, [str(command)]


def to(project, words):
    read = recipients(words, project.data)
    assert not read.problems
    return read.found


def letter(project, words="@ana, ben@example.org"):
    return sending.compose(project, "SR-1", to(project, words))


def mails(box):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sorted(box.iterdir())]


def test_people_and_addresses_are_read_each_once(project):
    read = recipients("@ana; ANA@example.org zoe@example.org, ben", project.data)
    assert [one.words for one in read.found] == [
        "Ana Ruiz <ana@example.org>",
        "zoe@example.org",
        "Ben, Jr <ben@example.org>",
    ]
    assert not read.problems


@pytest.mark.parametrize(
    ("words", "why"), [("@chi", "has no e-mail"), ("@nobody", "no such person"), ("a@b@c", "no such person")]
)
def test_who_is_not_understood_is_named(project, words, why):
    (problem,) = recipients(words, project.data).problems
    assert problem.value == words
    assert why in problem.allowed


@pytest.mark.parametrize(
    "text", ["", "ana", "a b@c.org", "a@c.org\nBcc: x@y.org", "a@c.org,d@e.org", "<a@c.org>", "é@c.org"]
)
def test_what_is_no_single_address_is_none(text):
    assert not is_address(text)


def test_what_is_sent_is_the_page_that_was_issued(project, mailbox):
    box, command = mailbox
    outcome = sending.send(project, letter(project), command)
    assert outcome.words == "SR-1 sent to 2 people"
    (mail,) = mails(box)
    assert mail["To"] == 'Ana Ruiz <ana@example.org>, "Ben, Jr" <ben@example.org>'
    assert mail["From"] == "Ana Ruiz <ana@example.org>"
    assert mail["Subject"].endswith("status report SR-1, 23 Feb to 2 Mar 2026")
    assert "All is well." in mail.get_body(("plain",)).get_content()
    assert "All is well." in mail.get_body(("html",)).get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "hris-SR-1.md"
    assert attached.get_payload(decode=True) == project.data.reports[1].text.encode()


def test_a_sending_is_recorded_with_whom_and_when_and_stays(project, mailbox):
    sending.send(project, letter(project), mailbox[1])
    again = open_project(session(project.session.path, name="other"), "hris")
    (found,) = again.data.sendings.values()
    again.close()
    assert (found.status, found.document, found.to) == ("sent", "SR-1", ("ana@example.org", "ben@example.org"))
    assert found.sent_at == MONDAY
    assert found.created_by == "ana"
    with pytest.raises(Refused, match="it was sent"):
        project.undo()


def test_nobody_gets_it_twice_by_accident(project, mailbox):
    box, command = mailbox
    sending.send(project, letter(project, "@ana"), command)
    with pytest.raises(Refused, match=r"Ana Ruiz.*sent already, SD-1"):
        sending.send(project, letter(project), command)
    assert len(mails(box)) == 1
    sending.send(project, letter(project), command, again=True)
    assert len(mails(box)) == 2


def test_two_who_send_at_once_send_it_once(project, mailbox):
    other = open_project(session(project.session.path, "ben", "s2"), "hris")
    first = sending.begin(project, letter(project, "@ana"))
    with pytest.raises(Refused, match="sent already"):
        sending.begin(other, letter(other, "@ana"))
    sending.finish(project, first)
    other.close()


def test_who_was_cut_off_may_have_sent_it(project):
    sending.begin(project, letter(project, "@ana"))
    assert sending.who_had_it(project.data, "SR-1") == ["ana@example.org"]
    with pytest.raises(Refused, match="sent already"):
        sending.begin(project, letter(project, "@ana"))


def test_what_the_mail_command_refuses_was_not_sent(project, tmp_path):
    bad = tmp_path / "bad"
    bad.write_text("#!/bin/sh\ncat > /dev/null\necho 'mailbox full' >&2\nexit 75\n")
    bad.chmod(0o755)
    with pytest.raises(Refused, match=r"SR-1 was not sent: .*bad ended with 75: mailbox full"):
        sending.send(project, letter(project), [str(bad)])
    (found,) = project.data.sendings.values()
    assert (found.status, "mailbox full" in found.why) == ("failed", True)
    assert sending.who_had_it(project.data, "SR-1") == []


def test_a_command_that_is_not_there_is_named(project, tmp_path):
    with pytest.raises(Refused, match="nothere"):
        sending.send(project, letter(project), [str(tmp_path / "nothere")])


def test_a_command_that_takes_too_long_may_have_sent_it(project, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", 0.01)
    with pytest.raises(Refused, match="may not have been sent"):
        sending.send(project, letter(project), ["sleep", "5"])
    assert [s.status for s in project.data.sendings.values()] == ["sending"]


def test_only_what_is_frozen_is_sent(project):
    add(project, Meeting(title="Steering", start=dt.datetime(2026, 3, 2, 10, 0)))
    for number, why in (("M-1", "published first"), ("P-1", "neither"), ("SR-9", "there is no")):
        with pytest.raises(Refused, match=why):
            sending.document(project, number)


def test_minutes_go_as_they_were_published(project, mailbox):
    box, command = mailbox
    add(project, Meeting(title="Steering\r\nBcc: x@y.org", start=dt.datetime(2026, 3, 2, 10, 0), notes="D: go live"))
    meetings.publish(project, "M-1")
    sending.send(project, sending.compose(project, "M-1", to(project, "@ana")), command)
    (mail,) = mails(box)
    assert mail["Bcc"] is None
    assert "minutes 1 of Steering" in mail["Subject"]
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == project.data.meetings[1].minutes.encode()


def test_minutes_are_proposed_to_who_was_asked_and_reports_to_those_of_the_settings(project):
    add(project, Person(handle="dee", full_name="Dee"))
    start = dt.datetime(2026, 3, 2, 10, 0)
    add(project, Meeting(title="Steering", start=start, invited=("ana", "dee"), present=("ana",)))
    add(project, Meeting(title="Alone", start=start, invited=("dee",)))
    with project.change("settings") as change:
        change.edit(change.data.project, send_to=("boss@example.org",))
    assert sending.usually_to(project.data, "M-1") == ("@ana",)
    assert sending.usually_to(project.data, "M-2") == ("boss@example.org",)
    assert sending.usually_to(project.data, "SR-1") == ("boss@example.org",)


def test_another_kind_of_report_is_named_as_what_it_is(project):
    reports.save_words(project, "title", "We are late", kind="exception")
    reports.issue(project, "exception")
    found = sending.compose(project, "SR-2", to(project, "@ana"))
    assert found.subject.startswith("HRIS deployment: exception report SR-2")
    assert "We are late" in found.text


def test_a_letter_is_the_same_each_time(project):
    one, two = letter(project), letter(project)
    assert one == two
    assert one.digest == two.digest
    assert max(map(len, one.text.splitlines())) <= sending.WIDTH


def test_the_subject_names_the_days_of_the_report(project):
    assert letter(project).subject == "HRIS deployment: status report SR-1, 23 Feb to 2 Mar 2026"


def test_a_sending_that_began_is_not_undone_while_the_letter_is_on_its_way(project, mailbox):
    _, command = mailbox
    begun = sending.begin(project, letter(project))
    for act in (project.undo, lambda: delete_records(project, [begun.number])):
        with pytest.raises(Refused, match="it may have been sent; that stays written down"):
            act()
    assert sending.who_had_it(project.data, "SR-1") == ["ana@example.org", "ben@example.org"]
    sending.hand_over(letter(project), MONDAY, command)
    assert sending.finish(project, begun).words == "SR-1 sent to 2 people"


def test_one_that_failed_is_not_made_to_be_on_its_way_again(project):
    with pytest.raises(Refused, match="was not sent"):
        sending.send(project, letter(project), ["false"])
    for act in (project.undo, lambda: delete_records(project, ["SD-1"])):
        with pytest.raises(Refused, match="it is failed; that stays written down"):
            act()
    with pytest.raises(Refused, match="pmtui keeps it itself"):
        edit_record(project, "SD-1", {"to": "zoe@example.org"})
