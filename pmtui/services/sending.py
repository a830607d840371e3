"""Sending an issued report or published minutes: composed, written down, handed to the server's mail, written down.

A sending is recorded before the letter is handed over. Whoever is cut off in between leaves it *sending*, and is told
so the next time: nobody gets a document twice by accident.
"""

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

import msgspec

from pmtui.domain.addresses import Recipient, is_address, left_out
from pmtui.domain.lights import exact_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Record, Report, Sending
from pmtui.reports.blocks import Document
from pmtui.reports.formats import BY_ENDING
from pmtui.services.printing import printed_minutes, printed_report, written_in
from pmtui.services.project import OpenProject, Outcome

WIDTH = 72
"""Columns of a letter's text (RFC 5322 asks for fewer than 78)."""

PATIENCE = 60.0
"""Seconds that the mail command may take."""

USUAL = ("sendmail", "-t", "-i")
"""What takes a letter on its standard input, and reads from its head to whom it goes."""

_PLACES = ("/usr/sbin", "/usr/lib", "/usr/local/sbin")


class Letter(msgspec.Struct, frozen=True):
    """What will be sent, to read before it is: ``document`` is the number of what it carries."""

    document: str
    sender: str
    to: tuple[Recipient, ...]
    subject: str
    text: str
    html: str
    attached: tuple[str, str]
    """The name of the file that goes with it, and what is in it."""

    @property
    def digest(self) -> str:
        """What tells this text from any other."""
        return sha256(self.text.encode()).hexdigest()


class MailError(Exception):
    """The letter was not taken, and why, in a line; ``perhaps`` where it may have been all the same."""

    def __init__(self, why: str, *, perhaps: bool = False) -> None:
        self.perhaps = perhaps
        super().__init__(why)


def document(project: OpenProject, number: str) -> Report | Meeting:
    """What can be sent: frozen, and so the same for everybody. Refused where it isn't."""
    found = project.get(number)
    if isinstance(found, Report) and found.status == "issued":
        return found
    if isinstance(found, Meeting) and found.status == "published":
        return found
    why = {Report: "a draft: it is issued first", Meeting: "not published: its minutes are published first"}
    raise Refused(f"{number} is {why.get(type(found), 'neither a report nor a meeting')}; what is frozen can be sent")


def compose(project: OpenProject, number: str, to: Sequence[Recipient]) -> Letter:
    """The letter as it will go out; the same each time, for what it carries never changes."""
    found = document(project, number)
    me = project.data.person(project.session.user)
    title = project.data.project.title or project.code
    if isinstance(found, Report):
        days = f"{exact_date(found.period_start, found.period_end)} to {exact_date(found.period_end, found.period_end)}"
        subject = f"{title}: {found.called} {found.number}, {days} {found.period_end.year}"
        printed, page = printed_report(project, found), found.text
    else:
        subject = f"{title}: minutes {found.minutes_number} of {found.title}, {found.start:%Y-%m-%d}"
        printed, page = printed_minutes(project, found), found.minutes
    sender = Recipient(me.email, me.full_name).words if me and is_address(me.email) else ""
    name = f"{project.code}-{found.number}.md"
    html = written_in(BY_ENDING["html"], printed, project.session.path).data.decode()
    subject = " ".join(subject.split())
    return Letter(found.number, sender, tuple(to), subject, _as_lines(printed.document), html, (name, page))


def _as_lines(page: Document) -> str:
    from pmtui.reports.page import to_lines

    return "\n".join("".join(text for text, _ in line).rstrip() for line in to_lines(page, WIDTH)) + "\n"


def sendings_of(data: ProjectData, number: str) -> list[Sending]:
    """When a document was sent, or may have been, the last first."""
    found = [s for s in data.sendings.values() if s.document == number and s.status != "failed"]
    return sorted(found, key=lambda s: -s.id)


def meant_for(data: ProjectData, number: str) -> tuple[str, ...]:
    """Whom a document is for: minutes those invited or there who have an e-mail, else those of the settings."""
    record = data.get(number)
    if isinstance(record, Meeting):
        handles = dict.fromkeys((*record.invited, *record.present))
        known = [person for person in map(data.person, handles) if person is not None]
        there = tuple(f"@{person.handle}" for person in known if is_address(person.email))
        if there:
            return there
    return data.project.send_to


def usually_to(data: ProjectData, number: str) -> tuple[str, ...]:
    """Whom a document is proposed to: those it is for, else who got the last letter."""
    before = sorted(data.sendings.values(), key=lambda one: one.id)
    return meant_for(data, number) or (before[-1].to if before else ())


def who_had_it(data: ProjectData, number: str) -> list[str]:
    """The addresses that a document went to, or may have."""
    return [address for sending in sendings_of(data, number) for address in sending.to]


def begin(project: OpenProject, letter: Letter, *, again: bool = False) -> Sending:
    """Write down that it goes out; refused for those who have it already, unless ``again``."""
    with project.change("send", f"to {len(letter.to)}") as change:
        twice = [one for one in letter.to if one not in left_out(letter.to, who_had_it(change.data, letter.document))]
        if twice and not again:
            last = sendings_of(change.data, letter.document)[0]
            names = ", ".join(one.name or one.address for one in twice)
            raise Refused(
                [
                    Problem(
                        "to",
                        names,
                        f"sent already, {last.number}; again only where you say so (--again)",
                        letter.document,
                    )
                ]
            )
        return change.add(
            Sending(
                document=letter.document,
                subject=letter.subject,
                to=tuple(one.address for one in letter.to),
                sent_at=project.session.now().astimezone(dt.UTC).replace(microsecond=0),
                digest=letter.digest,
            )
        )


def finish(project: OpenProject, sending: Sending, error: MailError | None = None) -> Outcome:
    """Write down how it ended; where nobody can know, it stays on its way. Refused where it was not sent."""
    if error is None or not error.perhaps:
        with project.change("not sent" if error else "sent", str(error or "")) as change:
            now = change.current(sending)
            change.edit(now, status="failed" if error else "sent", why=str(error or ""))
    if error is not None:
        how = "may not have been sent" if error.perhaps else "was not sent"
        raise Refused(f"{sending.document} {how}: {error}")
    count = len(sending.to)
    words = f"{sending.document} sent to {count} {'person' if count == 1 else 'people'}"
    return Outcome((sending.number,), words, lasting=True)


def hand_over(letter: Letter, now: dt.datetime, command: Sequence[str] = ()) -> None:
    """Give it to the mail command; raises :class:`MailError`. It touches no project, and may take its time."""
    arguments = list(command) or usual_command()
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, in its parts, without a shell
            arguments, input=as_mail(letter, now), capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        words = f"{arguments[0]} took longer than {PATIENCE:.0f} seconds"
        raise MailError(words, perhaps=True) from None
    except OSError as error:
        raise MailError(f"{arguments[0]}: {error.strerror or error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise MailError(f"{arguments[0]} ended with {done.returncode}{': ' + said[-1][:200] if said else ''}")


def usual_command() -> list[str]:
    """The server's sendmail, wherever it stands; raises :class:`MailError` where there is none."""
    name, *rest = USUAL
    found = shutil.which(name) or shutil.which(name, path=":".join(_PLACES))
    if found is None:
        raise MailError("this server has no sendmail; your settings name another: pmtui config set mail 'msmtp -t'")
    return [found, *rest]


def as_mail(letter: Letter, now: dt.datetime) -> bytes:
    """The letter as mail programs write it: nothing in it can add a line to its head."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = ", ".join(_address(one) for one in letter.to)
    if letter.sender:
        name, _, address = letter.sender.rpartition("<")
        mail["From"] = _address(Recipient(address.rstrip(">"), name.strip()))
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now)
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    name, content = letter.attached
    as_frozen = content.encode()  # as bytes, so that no line end is changed on the way
    mail.add_attachment(as_frozen, maintype="text", subtype="markdown", filename=name, params={"charset": "utf-8"})
    return mail.as_bytes()


def _address(one: Recipient) -> str:
    from email.utils import formataddr

    return formataddr((" ".join(one.name.split()), one.address))


def send(project: OpenProject, letter: Letter, command: Sequence[str] = (), *, again: bool = False) -> Outcome:
    """All of it, for who can wait: written down, handed over, written down again."""
    sending = begin(project, letter, again=again)
    try:
        hand_over(letter, project.session.now(), command)
    except MailError as error:
        return finish(project, sending, error)
    return finish(project, sending)


def last_sendable(project: OpenProject, kind: type[Record]) -> str:
    """The newest report that was issued, or minutes that were published; empty where there are none."""
    of: Iterable[Record] = project.data.reports.values() if kind is Report else project.data.meetings.values()
    frozen = [record for record in of if getattr(record, "status", "") in {"issued", "published"}]
    return max(frozen, key=lambda record: record.id).number if frozen else ""
