"""Sending what was issued or published: to whom, then the letter as it will go out, then it goes."""

import asyncio
import datetime as dt
from collections.abc import Sequence

from pmtui.domain.addresses import Recipient, Recipients, left_out, recipients
from pmtui.domain.dates import say_date
from pmtui.domain.problems import Refused
from pmtui.domain.records import Sending
from pmtui.keymap import key_of
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.view import ViewScreen
from pmtui.services import sending
from pmtui.services.project import OpenProject
from pmtui.store import StoreError
from pmtui.widgets.cells import Cell, Span, wrap

AGAIN, REST = "a", "n"


class SendQuestion:
    """Asks to whom a document goes, shows the letter, and sends it without holding up the keys."""

    def __init__(self, view: ViewScreen, project: OpenProject, number: str) -> None:
        self._view = view
        self._project = project
        self._number = number

    def ask(self) -> None:
        """To whom: who was invited to the meeting, those the project's settings name, or who got the last letter."""
        view, data = self._view, self._project.data
        try:
            sending.document(self._project, self._number)
        except Refused as refused:
            view.tell_error(refused)
            return
        usual = sending.usually_to(data, self._number)

        def take(text: str | None) -> None:
            if text is not None:
                self._ask_again(recipients(text, data).found)

        line = LineScreen(
            f"Send {self._number} to",
            value=" ".join((*usual, "")) if usual else "",
            reader=lambda text: _read_lines(recipients(text, data)),
            check=lambda text: _why_not(recipients(text, data)),
            hint="⏎ read the letter first   Esc leave",
        )
        view.app.push_screen(line, take)

    def _ask_again(self, to: Sequence[Recipient]) -> None:
        """Where some have it already: only the others, or all of them again."""
        data, today = self._project.data, self._project.today
        had = sending.who_had_it(data, self._number)
        others = left_out(to, had)
        if len(others) == len(to):
            self._read(to, again=False)
            return
        last = sending.sendings_of(data, self._number)[0]
        when = _on(last.sent_at.astimezone(self._project.session.now().tzinfo).date(), today) if last.sent_at else ""
        perhaps = "may have been sent" if last.status == "sending" else "was sent"
        say: Cell = (f"▲ {last.number}: it {perhaps}{when} by {last.created_by}, to {', '.join(last.to)}.", "warn")
        choices = [Choice(REST, f"only to the {len(others)} who have not got it")] if others else []
        choices.append(Choice(AGAIN, f"again to all {len(to)}" if len(to) > 1 else "again"))

        def take(key: str | None) -> None:
            if key is not None:
                self._read(to if key == AGAIN else others, again=key == AGAIN)

        question: Cell = ((f"Send {self._number} to whom?", "strong"),)
        self._view.app.push_screen(ChoiceScreen(question, choices, say), take)

    def _read(self, to: Sequence[Recipient], *, again: bool) -> None:
        """The letter as it will go out; one key sends it."""
        letter = sending.compose(self._project, self._number, to)

        def send() -> str:
            page.dismiss(None)
            self._begin(letter, again=again)
            return ""

        page = PageScreen(
            f"{letter.subject}: not sent yet",
            lambda width: _letter_lines(letter, width),
            {"report.send": ("send it", send)},
        )
        self._view.app.push_screen(page)

    def _begin(self, letter: sending.Letter, *, again: bool) -> None:
        try:
            begun = sending.begin(self._project, letter, again=again)
        except (Refused, StoreError, OSError) as error:
            self._view.tell_error(error if isinstance(error, Refused) else str(error))
            return
        self._view.tell((f"Sending {letter.document} to {len(letter.to)} …", "muted"))
        self._view.run_worker(self._hand_over(letter, begun), exit_on_error=False)

    async def _hand_over(self, letter: sending.Letter, begun: Sending) -> None:
        """The mail command runs beside the screen."""
        failed: sending.MailError | None = None
        now, command = self._project.session.now(), self._view.pmtui.preferences.mail
        try:
            await asyncio.to_thread(sending.hand_over, letter, now, command)
        except sending.MailError as error:
            failed = error
        try:
            self._view.tell_outcome(sending.finish(self._project, begun, failed))
        except (Refused, StoreError, OSError) as error:
            self._view.tell_error(error if isinstance(error, Refused) else str(error))


def _on(day: dt.date, today: dt.date) -> str:
    """`` today``, `` yesterday``, `` on Fri 2 Oct``."""
    said = say_date(day, today)
    return f" {said}" if said[:1].islower() else f" on {said}"


def _why_not(read: Recipients) -> str:
    if read.problems:
        return str(read.problems[0])
    return "" if read.found else f"to whom? people such as @ana, addresses such as ana@example.org; {_SETTING}"


_SETTING = "the project settings name who usually gets it"


def _read_lines(read: Recipients) -> Sequence[Cell]:
    """Who was understood, and who not."""
    lines: list[Cell] = [((one.words, "good"),) for one in read.found]
    lines += [(str(problem), "bad") for problem in read.problems]
    return lines or [(f"people and addresses, one after the other; {_SETTING}", "muted")]


def _letter_lines(letter: sending.Letter, width: int) -> list[Sequence[Span]]:
    """Its head, its text, and what goes with it."""
    head = [
        ("From", letter.sender or "as the mail server calls you"),
        ("To", ", ".join(one.words for one in letter.to)),
        ("Subject", letter.subject),
        ("With it", f"the same as HTML, and {letter.attached[0]} as it was frozen"),
    ]
    lines: list[Sequence[Span]] = []
    for name, value in head:
        first, *more = wrap(value, max(10, width - 9)) or [""]
        lines.append(((f"{name:<9}", "muted"), (first, "")))
        lines += [((" " * 9, ""), (part, "")) for part in more]
    lines.append((("─" * width, "muted"),))
    for text in letter.text.splitlines():
        lines += [((part, ""),) for part in wrap(text, width)] if text.strip() else [((("", "")),)]
    send = key_of("report.send")
    return [*lines, (("─" * width, "muted"),), ((send, "accent"), (" sends it; what was sent is recorded", "muted"))]
