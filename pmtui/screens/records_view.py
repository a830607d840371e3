"""Views over records: the same verbs by the same keys in every list, on one record or on those marked."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import ClassVar, Protocol

from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.filters import Filter, FilterError, read_filter
from pmtui.domain.records import BY_KIND, Change, Issue, Record, Task
from pmtui.keymap import Action
from pmtui.screens.details import short_story
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
from pmtui.screens.view import ViewScreen
from pmtui.services import records, tasks, verbs
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView

REASONS = (
    Choice("v", "vendor late"),
    Choice("d", "waiting for a decision"),
    Choice("c", "capacity"),
    Choice("s", "scope grew"),
    Choice("e", "estimate was short"),
    Choice("i", "illness or leave"),
    Choice("o", "other: type it"),
    Choice("enter", "no reason"),
)
"""Why a date moves, by one key."""

DETAILS_AFTER = 0.15
"""Seconds after the last key until the details follow the cursor."""


class Rows(Protocol):
    """What a list and a board have in common."""

    @property
    def cursor_key(self) -> Hashable | None:
        """What the cursor is on."""

    @property
    def marked(self) -> frozenset[Hashable]:
        """What is marked, also where a filter hides it."""

    def toggle_mark(self, key: Hashable) -> None:
        """Mark, or unmark."""

    def set_marks(self, keys: Iterable[Hashable]) -> None:
        """Mark these alone."""

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on a record; whether it is shown."""

    def move_first(self) -> None:
        """To the first."""

    def move_last(self) -> None:
        """To the last."""

    def page(self, direction: int) -> None:
        """A page down or up."""

    def invalidate(self, keys: Iterable[Hashable] | None = None) -> None:
        """Draw these anew."""


class RecordsView(ViewScreen):
    """A view whose rows are records. Subclasses give :attr:`rows`, :meth:`shown_keys` and ``adds``."""

    adds: ClassVar[str] = "task"
    ADD_HINTS: ClassVar[dict[str, str]] = {
        "task": "Migrate payroll data @ana due fri !high #cutover ~3d",
        "risk": "Vendor delays the interface p4 i3 @ben review +2w",
        "cost": '1250.50 travel "Workshop Lyon" vendor:SNCF 2 mar paid',
        "meeting": "Steering committee fri 10:00",
        "issue": "Payroll file rejected @chi by fri",
        "budget line": "travel 12000",
        "milestone": "UAT start 1 apr after T-3",
        "person": '@ana "Ana Silva"',
        "deliverable": "1.2 Migration @ana",
        "change": "Two more interfaces @ben",
        "decision": "Cut-over moves to the long weekend",
    }

    def __init__(self) -> None:
        super().__init__()
        self.filter_text = ""
        self.filter: Filter | None = None
        self._timer: object = None
        self._pending_project: str = ""

    # What subclasses give ----------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list or board."""
        raise NotImplementedError

    def shown_keys(self) -> Sequence[Key]:
        """The records shown, in order."""
        raise NotImplementedError

    def kind_to_add(self) -> str:
        """What ``a`` adds now."""
        return self.adds

    # The cursor ---------------------------------------------------------------

    def cursor(self) -> Key | None:
        """The record under the cursor."""
        key = self.rows.cursor_key
        return key if isinstance(key, tuple) and self.desk.record(key) is not None else None

    def record(self) -> Record | None:
        """The record under the cursor, as it is now."""
        key = self.cursor()
        return self.desk.record(key) if key else None

    def chosen(self) -> list[Key]:
        """The records marked and shown, else the one under the cursor."""
        marked = self.rows.marked
        found = [key for key in self.shown_keys() if key in marked]
        cursor = self.cursor()
        return found or ([cursor] if cursor else [])

    def project_of_cursor(self) -> OpenProject:
        """The project of the record under the cursor, else the one in view."""
        key = self.cursor()
        return self.desk.projects[key[0]] if key else self.project

    def reveal(self, key: Key) -> None:
        """Put the cursor on a record, where it is shown."""
        if not self.rows.move_to(key):
            self.tell(f"{key[1]} is not among what is shown here")

    def move_page(self, direction: int) -> None:
        """A page up or down."""
        self.rows.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the first or last."""
        if last:
            self.rows.move_last()
        else:
            self.rows.move_first()

    def cursor_moved(self) -> None:
        """The details and the footer follow, a moment after the last key."""
        if self._timer is not None:
            self._timer.stop()  # type: ignore[attr-defined]
        self._timer = self.set_timer(DETAILS_AFTER, self.show_details)

    def show_details(self) -> None:
        """The story of the record under the cursor."""
        self._timer = None
        key, record = self.cursor(), self.record()
        pane = self.query_one("#details", DocumentView)
        if key is None or record is None:
            pane.set_document(lambda _width: [])
        else:
            project = self.desk.projects[key[0]]
            pane.set_document(lambda width: short_story(project, record, width))
        self.show_footer()

    def footer_enabled(self, action: Action) -> bool:
        """Whether the verb applies to the record under the cursor."""
        place, _, verb = action.id.partition(".")
        if place != "record" or verb in {"add", "add_form"}:
            return True
        record = self.record()
        if record is None:
            return False
        return verb in {"mark", "mark_all"} or verb in verbs.verbs_of(record)

    # Verbs ---------------------------------------------------------------------

    def applies(self, verb: str, keys: Sequence[Key]) -> bool:
        """Whether a verb applies to all of these; says why where it does not."""
        if not keys:
            self.tell_error("there is nothing under the cursor; a adds one")
            return False
        for key in keys:
            record = self.desk.record(key)
            if record is not None and verb not in verbs.verbs_of(record):
                status = getattr(record, "status", "")
                state = f", it is {status}" if status and not record.is_open else ""
                self.tell_error(f"{record.number}: {verb} does not apply to a {record.TYPE.words[0]}{state}")
                return False
        return True

    def act_on(self, verb: str, service: Callable[[OpenProject, Sequence[str]], Outcome]) -> None:
        """Apply a service to what is chosen, and forget the marks."""
        keys = self.chosen()
        if self.applies(verb, keys) and self.act(keys, service) is not None:
            self.rows.set_marks(())

    def act_on_keys(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> None:
        """Apply a service to records that were chosen before a question was asked."""
        if self.act(keys, service) is not None:
            self.rows.set_marks(())

    def naming(self, keys: Sequence[Key]) -> str:
        """What a question calls the records."""
        if len(keys) > 1:
            return f"{len(keys)} records"
        record = self.desk.record(keys[0])
        return f"{keys[0][1]} {record.name}" if record else keys[0][1]

    def action_record_done(self) -> None:
        """Done, in the kind's own sense; an issue is asked how it was resolved."""
        keys = self.chosen()
        if not self.applies("done", keys):
            return
        if not all(isinstance(self.desk.record(key), Issue) for key in keys):
            self.act_on_keys(keys, verbs.complete)
            return

        def take(how: str | None) -> None:
            if how is not None:
                self.act_on_keys(keys, lambda p, numbers: verbs.complete(p, numbers, how))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} resolved, how?"), take)

    def action_record_date(self) -> None:
        """When: the choice of dates, each with what it does."""
        from pmtui.screens.dates import DateQuestion

        keys = self.chosen()
        if self.applies("date", keys):
            DateQuestion(self, keys).ask()

    def action_record_who(self) -> None:
        """Who has it; each person with their open load."""
        keys = self.chosen()
        if not self.applies("who", keys):
            return
        project = self.desk.projects[keys[0][0]]
        picker = PickerScreen(f"{self.naming(keys)} → who?", people_items(project), others=new_person)

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self.act_on_keys(keys, lambda p, numbers: verbs.set_owner(p, numbers, str(picked)))

        self.app.push_screen(picker, take)

    def action_record_status(self) -> None:
        """To a status by its name."""
        keys = self.chosen()
        record = self.desk.record(keys[0]) if keys else None
        if record is None or record.TYPE.flow is None:
            self.tell_error("this has no status to change")
            return
        now = str(getattr(record, "status", ""))
        names = [s for s in record.TYPE.flow.statuses if s != now and record.TYPE.flow.allows(now, s)]
        if not names:
            self.tell_error(f"{record.number}: {now} is final")
            return
        choices = [Choice(_letter(name, names), name, value=name) for name in names]

        def take(status: str | None) -> None:
            if status == "blocked":
                self._ask_block(keys)
            elif status in {"cancelled", "void"}:
                self._ask_reason(keys, f"{status}, why?", verbs.drop)
            elif status and isinstance(record, Change):
                self._ask_reason(
                    keys, f"{status}, why?", lambda p, numbers, why: verbs.set_status(p, numbers, status, why)
                )
            elif status:
                self.act_on_keys(keys, lambda p, numbers: verbs.set_status(p, numbers, status))

        self.app.push_screen(ChoiceScreen(((f"{self.naming(keys)} is {now} → ", ""), ("to?", "strong")), choices), take)

    def action_record_block(self) -> None:
        """Blocked by what; or no longer blocked."""
        keys = self.chosen()
        if not self.applies("block", keys):
            return
        blocked = [isinstance(r, Task) and r.status == "blocked" for r in map(self.desk.record, keys)]
        if all(blocked):
            self.act_on_keys(keys, tasks.unblock)
        else:
            self._ask_block(keys)

    def _ask_block(self, keys: Sequence[Key]) -> None:
        def reader(text: str) -> Sequence[Cell]:
            reason, follow, problem = read_block(text, self.project.today)
            if problem:
                return [(problem, "bad")]
            when = (
                f", follow up {say_date(follow, self.project.today)}" if follow else ", no follow-up: end with a date"
            )
            return (
                [((f"⊘ {reason}", "warn"), (when, "muted"))]
                if reason
                else [("by what? then a date to follow up", "muted")]
            )

        def check(text: str) -> str:
            reason, _, problem = read_block(text, self.project.today)
            return problem or ("" if reason else "say by what it is blocked")

        def take(text: str | None) -> None:
            if text is not None:
                reason, follow, _ = read_block(text, self.project.today)
                self.act_on_keys(keys, lambda p, numbers: tasks.block(p, numbers, reason, follow))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} blocked by", reader=reader, check=check), take)

    def action_record_progress(self) -> None:
        """Partly done."""
        keys = self.chosen()
        if not self.applies("progress", keys):
            return
        choices = [Choice(str(n), f"{n * 10} %") for n in range(1, 10)] + [Choice("0", "0 %")]

        def take(key: str | None) -> None:
            if key is not None:
                self.act_on_keys(keys, lambda p, numbers: tasks.progress(p, numbers, int(key) * 10))

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)} is how far?", choices), take)

    def action_record_chase(self) -> None:
        """The text to send, copied, and asked again in three working days."""
        keys = self.chosen()
        if not self.applies("chase", keys):
            return
        texts = [tasks.chase_text(self.desk.projects[code], number) for code, number in keys]
        self.app.copy_to_clipboard("\n".join(texts))
        self.act_on_keys(keys, tasks.chase)

    def action_record_split(self) -> None:
        """The parts' titles, separated by semicolons."""
        key = self.cursor()
        if key is None or not self.applies("split", [key]):
            return

        def take(text: str | None) -> None:
            if text is not None:
                self.act_on_keys([key], lambda p, numbers: tasks.split(p, numbers[0], text.split(";")))

        def reader(text: str) -> Sequence[Cell]:
            parts = [part.strip() for part in text.split(";") if part.strip()]
            return [(f"{len(parts)} part{'s' if len(parts) != 1 else ''}: {' · '.join(parts)}", "muted")]

        def check(text: str) -> str:
            return "" if text.strip(" ;") else "name the parts, separated by ;"

        screen = LineScreen(f"{self.naming([key])} split into (; between)", reader=reader, check=check)
        self.app.push_screen(screen, take)

    def action_record_issue(self) -> None:
        """Raise an issue; a risk that occurred becomes one."""
        from pmtui.services import risks

        keys = self.chosen()
        if not self.applies("issue", keys):
            return
        if isinstance(self.desk.record(keys[0]), Task):
            self.act_on_keys(keys, tasks.raise_issue)
        else:
            self.act_on_keys(keys, risks.occurred)

    def action_record_risk(self) -> None:
        """Raise a risk."""
        self.act_on("risk", tasks.raise_risk)

    def action_record_escalate(self) -> None:
        """An issue that needs somebody's decision."""
        keys = self.chosen()
        if not self.applies("escalate", keys):
            return
        charter = self.desk.projects[keys[0][0]].data.project
        levels = [
            ("s", "sponsor", charter.sponsor),
            ("m", "project manager", charter.manager),
            ("c", "steering committee", ""),
        ]
        choices = [Choice(k, word, f"@{who}" if who else "", value=who or word) for k, word, who in levels]

        def take(to: str | None) -> None:
            if to:
                self.act_on_keys(keys, lambda p, numbers: tasks.raise_issue(p, numbers, decision_from=to))

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}: a decision is needed from?", choices), take)

    def action_record_drop(self) -> None:
        """Drop, later phase, merge, delete."""
        keys = self.chosen()
        if not keys:
            self.tell_error("there is nothing under the cursor")
            return
        all_tasks = all(isinstance(self.desk.record(key), Task) for key in keys)
        choices = [Choice("d", "drop: cancelled, with a reason")]
        if all_tasks:
            choices += [Choice("l", "later phase: to the backlog"), Choice("m", "merge: a duplicate of another")]
        choices.append(Choice("D", "delete it (u brings it back)"))

        def take(key: str | None) -> None:
            if key == "d":
                self._ask_reason(keys, "dropped, why?", verbs.drop)
            elif key == "l":
                self.act_on_keys(keys, tasks.defer)
            elif key == "m":
                self._ask_survivor(keys)
            elif key == "D":
                self.act_on_keys(keys, records.delete_records)

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}:", choices), take)

    def _ask_survivor(self, keys: Sequence[Key]) -> None:
        project = self.desk.projects[keys[0][0]]
        chosen = {number for _, number in keys}
        items = [
            Item(t.number, f"{t.number} {t.title}", t.status)
            for t in project.data.tasks.values()
            if t.number not in chosen and t.is_open
        ]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self.act_on_keys(keys, lambda p, numbers: tasks.merge(p, numbers, str(picked)))

        self.app.push_screen(PickerScreen(f"{self.naming(keys)} is a duplicate of", items), take)

    def _ask_reason(
        self, keys: Sequence[Key], question: str, service: Callable[[OpenProject, Sequence[str], str], Outcome]
    ) -> None:
        def take(text: str | None) -> None:
            if text is not None:
                self.act_on_keys(keys, lambda p, numbers: service(p, numbers, text))

        def check(text: str) -> str:
            return "" if text.strip() else "a reason is kept with it"

        self.app.push_screen(LineScreen(f"{self.naming(keys)} {question}", check=check), take)

    def ask_why(self, question: Cell, then: Callable[[str], None], say: Cell = "") -> None:
        """The reason of a change by one key, or typed."""

        def take(key: str | None) -> None:
            if key is None:
                return
            if key == "o":
                self.app.push_screen(LineScreen("Reason"), lambda text: then(text) if text is not None else None)
            else:
                then("" if key == "enter" else next(c.word for c in REASONS if c.key == key))

        self.app.push_screen(ChoiceScreen(question, REASONS, say), take)

    def action_record_note(self) -> None:
        """A dated line in the notes."""
        keys = self.chosen()
        if not self.applies("note", keys):
            return

        def take(text: str | None) -> None:
            if text:
                self.act_on_keys(keys, lambda p, numbers: records.add_note(p, numbers, text))

        self.app.push_screen(LineScreen(f"Note on {self.naming(keys)}"), take)

    def action_record_copy(self) -> None:
        """One line a record, to the terminal's clipboard."""
        keys = self.chosen()
        if keys:
            text = "\n".join(records.as_text(self.desk.projects[code], number) for code, number in keys)
            self.app.copy_to_clipboard(text)
            self.tell(
                ((f"Copied {self.naming(keys)}", ""), ("  (in tmux this needs: set -g set-clipboard on)", "muted"))
            )

    def action_record_mark(self) -> None:
        """Mark, and go one down."""
        key = self.cursor()
        if key is not None:
            self.rows.toggle_mark(key)
            self.move_by(1)
            self.show_marks()

    def action_record_mark_all(self) -> None:
        """Mark all shown; once more, none."""
        shown = self.shown_keys()
        all_marked = bool(shown) and all(key in self.rows.marked for key in shown)
        self.rows.set_marks(() if all_marked else shown)
        self.show_marks()

    def show_marks(self) -> None:
        """How many are marked."""
        count = sum(1 for key in self.shown_keys() if key in self.rows.marked)
        self.tell(
            ((f"{count} marked", "strong"), ("  verbs act on all of them, Esc unmarks", "muted")) if count else ""
        )

    # Adding, editing, opening ----------------------------------------------------

    def action_record_add(self) -> None:
        """One line adds one, read while it is typed."""
        from pmtui.services.quick import add_line

        if not self.has_project():
            return

        project = self.project_of_cursor() if self.spans_projects else self.project
        kind = self.kind_to_add()

        def add(line: str | None) -> None:
            if line is not None:
                outcome = self.perform(lambda: self.desk.commit(project, lambda: add_line(project, kind, line)))
                if outcome and outcome.numbers:
                    self.place_cursor((project.code, outcome.numbers[0]))

        self.app.push_screen(self.adding_line(project, kind), add)

    def adding_line(self, project: OpenProject, kind: str) -> LineScreen:
        """The line that ``a`` asks for."""
        from pmtui.screens.quick_add import quick_add

        return quick_add(project, kind, self.ADD_HINTS.get(kind, ""))

    def place_cursor(self, key: Key) -> bool:
        """Put the cursor on a record that was just written; whether it is shown."""
        self.show_data()
        return self.rows.move_to(key)

    def action_record_add_form(self) -> None:
        """A form adds one."""
        from pmtui.screens.form import FormScreen

        if not self.has_project():
            return

        project = self.project_of_cursor() if self.spans_projects else self.project
        self.app.push_screen(FormScreen(self.desk, project, BY_KIND[self.kind_to_add()]), self._saved)

    def action_record_edit(self) -> None:
        """The record's form."""
        from pmtui.screens.form import FormScreen

        key, record = self.cursor(), self.record()
        if key is None or record is None or not self.applies("edit", [key]):
            return
        why = record.TYPE.frozen(record, self.desk.projects[key[0]].data)
        if why:
            self.tell_error(f"{record.number}: {why}")
        else:
            self.app.push_screen(FormScreen(self.desk, self.desk.projects[key[0]], record.TYPE, record), self._saved)

    def _saved(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.tell_outcome(outcome)
            codes = (self.project.code, *self.desk.projects) if outcome.numbers else ()
            any(self.place_cursor((code, outcome.numbers[0])) for code in codes)

    def action_record_open(self) -> None:
        """All of the record, with its history."""
        from pmtui.screens.page import record_page

        key, record = self.cursor(), self.record()
        if key is not None and record is not None:
            self.app.push_screen(record_page(self.desk.projects[key[0]], record))

    # Finding -----------------------------------------------------------------------

    def action_view_filter(self) -> None:
        """Filter while typing; Enter keeps it, Esc takes it back."""
        before = self.filter_text

        def reader(text: str) -> Sequence[Cell]:
            problem = self.apply_filter(text)
            if problem:
                return [(problem, "bad")]
            return [(f"{len(self.shown_keys())} shown", "muted")]

        def take(text: str | None) -> None:
            self.apply_filter(before if text is None else text)
            self.show_filter()

        hint = "words owner:ana due<fri late #tag slips>2 -done or ( )   ⏎ keep   Esc back"
        self.app.push_screen(LineScreen("/", value=self.filter_text, reader=reader, hint=hint), take)

    def apply_filter(self, text: str) -> str:
        """Show what a filter lets through; the problem where it can't be read (the last good one stays)."""
        try:
            self.filter = (
                read_filter(text, self.desk.session.today, me=self.desk.session.user) if text.strip() else None
            )
        except FilterError as error:
            return str(error)
        self.filter_text = text.strip()
        if self.desk.projects:
            self.show_data()
        return ""

    def show_filter(self) -> None:
        """Which filter is on, and the key that clears it."""
        if self.filter_text:
            shown = f"/{self.filter_text}   {len(self.shown_keys())} shown"
            self.tell(((shown, "accent"), ("   Esc clears it", "muted")))
        else:
            self.tell("")

    def passes(self, record: Record, project: OpenProject) -> bool:
        """Whether the filter lets a record through."""
        return self.filter is None or self.filter.matches(record, project.data)

    def empty_lines(self, purpose: str, key: str, does: str) -> tuple[Cell, ...]:
        """What an empty view says: its filter, or what it is for and the key that begins."""
        if self.filter_text:
            return (((f"Nothing fits /{self.filter_text}", ""),), (("Esc", "accent"), (" clears the filter", "muted")))
        return (purpose, ((key, "accent"), (f" {does}", "muted")))

    def action_view_clear(self) -> None:
        """Clear marks, then the filter."""
        if self.rows.marked:
            self.rows.set_marks(())
            self.tell("")
        elif self.filter_text:
            self.apply_filter("")
            self.show_filter()
        else:
            self.tell("")

    def action_view_export(self) -> None:
        """What is shown, as a CSV file in the folder pmtui was started in."""
        from pmtui.services.exporting import export_shown

        keys = self.shown_keys()
        self.perform(lambda: export_shown(self.desk, keys, self.view))


def people_items(project: OpenProject) -> list[Item]:
    """The project's people with their open load, those with work first."""
    load: dict[str, int] = {}
    for task in project.data.tasks.values():
        if task.is_open and task.owner:
            load[task.owner] = load.get(task.owner, 0) + 1
    handles = {p.handle: p for p in project.data.people.values()}
    names = sorted(handles, key=lambda handle: (-load.get(handle, 0), handle))
    return [
        Item(h, f"@{h}  {handles[h].full_name}".rstrip(), f"{load.get(h, 0)} open · {handles[h].role}".rstrip(" ·"))
        for h in names
    ]


def new_person(text: str) -> Item | None:
    """Somebody not among the people yet."""
    from pmtui.domain.values import read_handle

    try:
        handle = read_handle(text)
    except ValueError:
        return None
    return Item(handle, f"@{handle}", "new, unconfirmed")


def read_block(text: str, today: dt.date) -> tuple[str, dt.date | None, str]:
    """A blocker and the day to follow up, where the line ends in one; or what is wrong with the date."""
    from pmtui.domain.dates import is_date_like

    words = text.split()
    for count in (3, 2, 1):
        tail = " ".join(words[-count:])
        if len(words) > count and is_date_like(tail):
            try:
                return " ".join(words[:-count]), read_date(tail, today), ""
            except DateError as error:
                return " ".join(words[:-count]), None, str(error)
    return " ".join(words), None, ""


def _letter(name: str, names: Sequence[str]) -> str:
    """A key for a name: its first letter that no name before it has."""
    taken: dict[str, str] = {}
    for other in names:
        letter = next((c for c in other if c.isalpha() and c not in taken and c != "q"), str(len(taken) + 1))
        taken[letter] = other
        if other == name:
            return letter
    return name[0]
