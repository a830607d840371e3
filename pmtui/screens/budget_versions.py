"""The versions of the budget: propose one, approve or reject it, and how its lines differ from the approved ones."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence

from pmtui.domain.dates import MONTHS, DateError, read_date, say_date
from pmtui.domain.records import BudgetVersion
from pmtui.domain.text import clean
from pmtui.domain.versions import total_of
from pmtui.keymap import key_of
from pmtui.screens.acting import ActingScreen
from pmtui.screens.budget_pages import differences_page
from pmtui.screens.budget_words import STATUS_TONES, budget_as_it_is, month_words, signed, version_story
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.summary import amount
from pmtui.services import budgeting
from pmtui.services.project import Outcome
from pmtui.widgets.bars import FooterItem
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column

TAKE = "t"
"""The key that lets a proposed version hold the lines as they are."""

SIGNS = {"approved": "✓ ", "proposed": "▲ ", "rejected": "✗ ", "superseded": ""}
"""What stands before a version's status, for where colour says nothing."""


class BudgetVersionsScreen(ActingScreen):
    """All versions, the newest first; the lines of the one under the cursor beneath."""

    title_word = "Budget versions"

    # What is shown --------------------------------------------------------------------

    def show(self) -> None:
        """What the budget is now, and the versions."""
        data, table = self.project.data, self.table
        self.query_one("#about", DocumentView).set_document(lambda width: budget_as_it_is(data, width))
        found = sorted(data.budget_versions.values(), key=lambda version: -version.id)
        totals = [amount(total_of(version.lines)) for version in found]
        size = max(map(len, (*totals, data.project.currency, "Total")), default=5) + 1
        table.columns = (
            Column("number", "No", 5),
            Column("status", "Status", 10),
            Column("title", "Title", minimum=18),
            Column("when", "Decided", 9, priority=1),
            Column("who", "By", 16, priority=3),
            Column("total", f"Total {data.project.currency}", max(size, 9), "right"),
            Column("more", "More", size, "right", priority=2),
        )
        table.empty = (
            "Versions of the budget: what was approved, by whom and when.",
            ((key_of("record.add"), "accent"), (" proposes the lines as they are", "muted")),
        )
        table.invalidate()
        table.set_lines([version.number for version in found], self._row)
        self.show_details()

    def _row(self, key: Hashable) -> Sequence[Cell]:
        data, version = self.project.data, self.project.data.get(str(key))
        if not isinstance(version, BudgetVersion):
            return ((str(key), "muted"),)
        _, more = budgeting.more_than_before(data, version)
        tone = "" if version.is_open else "muted"
        day = version.decided_on
        when = f"{day.day} {MONTHS[day.month - 1][:3]} {day:%y}" if day else ""
        return (
            (version.number, "muted"),
            (f"{SIGNS[version.status]}{version.status}", STATUS_TONES[version.status]),
            (version.title, tone),
            (when, tone),
            (version.decided_by, tone),
            (amount(total_of(version.lines)), tone),
            (signed(more, cents=False) if more else "", "warn" if version.status == "proposed" else "muted"),
        )

    def show_details(self) -> None:
        """The lines of the version under the cursor beside those it is compared with."""
        data, version, today = self.project.data, self.version(), self.project.today
        self.query_one("#details", DocumentView).set_document(
            lambda width: version_story(data, version, today, width) if version else []
        )
        self.show_footer()

    def version(self) -> BudgetVersion | None:
        """The one under the cursor."""
        found = self.project.data.get(str(self.table.cursor_key))
        return found if isinstance(found, BudgetVersion) else None

    # Keys -----------------------------------------------------------------------------

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Propose, decide, edit, take the lines anew, delete, open."""
        return {
            "record.add": self._propose, "record.done": self._decide, "record.edit": self._edit,
            "record.drop": self._delete, "record.open": self._open, TAKE: self._take_lines,
            "costs.differences": self._differences, "costs.versions": lambda: self.dismiss(None),
        }  # fmt: skip

    def footer(self) -> list[FooterItem]:
        """What can be done with the one under the cursor."""
        writes, version = not self.project.read_only, self.version()
        open_one = writes and version is not None and version.status == "proposed"
        return [
            (key_of("record.add"), "propose", writes and not budgeting.nothing_to_propose(self.project.data)),
            (key_of("record.done"), "decide", open_one),
            (TAKE, "take lines", open_one),
            (key_of("record.edit"), "edit", open_one),
            (key_of("record.drop"), "delete", open_one),
            (key_of("record.open"), "open", version is not None),
            (key_of("costs.differences"), "differences", True),
        ]

    def _proposed(self) -> BudgetVersion | None:
        """The one under the cursor, where it is still to be decided on; else why nothing is done."""
        version = self.version()
        if version is None:
            self.tell_error(f"there is no version yet; {key_of('record.add')} proposes one")
        elif version.status != "proposed":
            self.tell_error(f"{version.number}: {version.TYPE.frozen(version, self.project.data)}")
        elif self.may_write():
            return version
        return None

    def _propose(self) -> None:
        """Its title, then why, with the change or decision that is named in it."""
        data = self.project.data
        problem = budgeting.nothing_to_propose(data)
        if problem or not self.may_write():
            self.tell_error(problem) if problem else None
            return

        def titled(title: str | None) -> None:
            if title is not None:
                label = "Why, and by which change or decision?"
                hint = "such as: CR-4 adds two interfaces   ⏎ take it   Esc leave"
                self.app.push_screen(
                    LineScreen(label, reader=reading, check=wrong, hint=hint),
                    lambda text: reasoned(clean(title) or usual, text),
                )

        def reading(text: str) -> list[Cell]:
            why = budgeting.read_why(text, data)
            cause = data.get(why.change) if why.change else None
            return [((f"for {cause.number} {cause.name}", "muted"))] if cause else []

        def wrong(text: str) -> str:
            return budgeting.read_why(text, data).wrong

        def reasoned(title: str, text: str | None) -> None:
            if text is not None:
                why = budgeting.read_why(text, data)
                done = self.write(lambda: budgeting.propose(self.project, title, why.reason, why.change))
                if done is not None:
                    self.table.move_to(done.numbers[0])

        usual = f"Budget of {month_words(f'{self.project.today:%Y-%m}')}"
        hint = f"⏎ alone calls it {usual}   Esc leave"
        self.app.push_screen(LineScreen("Propose the lines as they are, as", hint=hint), titled)

    def _decide(self) -> None:
        """Approved or rejected; then by whom, and when."""
        version = self._proposed()
        if version is None:
            return
        number, data = version.number, self.project.data
        before, more = budgeting.more_than_before(data, version)
        against = f", {signed(more)} against {before.number}" if before and more else ""
        instead = f", and {before.number} is superseded" if before else ""
        question: tuple[Span, ...] = (
            (f"{number} {version.title}: ", "strong"),
            (f"{amount(total_of(version.lines), cents=True)} {data.project.currency}{against}", "muted"),
        )
        choices = [
            Choice("a", "approve", f"money is held against it from now on{instead}; it never changes"),
            Choice("r", "reject", "with the reason; nothing else changes"),
        ]

        def take(key: str | None) -> None:
            if key == "a":
                self._ask_who(
                    "Approved by whom?", lambda by, on: budgeting.approve(self.project, number, by, on, version)
                )
            elif key == "r":
                self._ask_why_not(number)

        self.app.push_screen(ChoiceScreen(question, choices), take)

    def _ask_why_not(self, number: str) -> None:
        def take(why: str | None) -> None:
            if why is not None:
                self._ask_who("Rejected by whom?", lambda by, on: budgeting.reject(self.project, number, by, why, on))

        self.app.push_screen(LineScreen(f"{number} rejected, why?", check=_wanted("the reason is kept with it")), take)

    def _ask_who(self, label: str, service: Callable[[str, dt.date], Outcome]) -> None:
        """Who decided, the sponsor unless said; then the day, today unless said."""
        today, record = self.project.today, self.project.data.project

        def named(by: str | None) -> None:
            if by is not None:
                self.app.push_screen(
                    LineScreen("On which day?", value="today", reader=reading, check=lambda text: read(text)[1]),
                    lambda text: dated(by, text),
                )

        def read(text: str) -> tuple[dt.date | None, str]:
            try:
                day = read_date(text, today, prefer="past")
            except DateError as error:
                return None, str(error)
            return day, "" if day <= today else f"{say_date(day, today)} is still to come: today or earlier"

        def reading(text: str) -> list[Cell]:
            day, problem = read(text)
            return [(problem, "bad")] if problem else [(say_date(day, today), "muted")] if day else []

        def dated(by: str, text: str | None) -> None:
            day = read(text)[0] if text is not None else None
            if day is not None:
                self.write(lambda: service(by, day))

        who = self.project.data.full_name(record.sponsor) if record.sponsor else ""
        self.app.push_screen(LineScreen(label, value=who, check=_wanted("say who decided")), named)

    def _take_lines(self) -> None:
        version = self._proposed()
        if version is not None:
            self.write(lambda: budgeting.take_lines(self.project, version.number))

    def _delete(self) -> None:
        version = self._proposed()
        if version is not None:
            self.write(lambda: budgeting.delete(self.project, version.number))

    def _edit(self) -> None:
        """The form: title, reason, the change or decision."""
        from pmtui.screens.form import FormScreen

        version = self._proposed()
        if version is not None:

            def saved(outcome: Outcome | None) -> None:
                if outcome is not None:
                    self.perform(lambda: outcome)

            self.app.push_screen(FormScreen(self.desk, self.project, BudgetVersion.TYPE, version), saved)

    def _open(self) -> None:
        """All of it, with its history."""
        from pmtui.screens.page import record_page

        version = self.version()
        if version is not None:
            self.app.push_screen(record_page(self.project, version))

    def _differences(self) -> None:
        self.app.push_screen(differences_page(self.project))


def _wanted(why: str) -> Callable[[str], str]:
    return lambda text: "" if text.strip() else why
