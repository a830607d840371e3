"""Project settings: the charter and every threshold, people, budget lines, milestones, deliverables."""

from collections.abc import Callable, Hashable, Sequence

from textual.app import ComposeResult

from pmtui.domain.fields import Kind
from pmtui.domain.records import BY_KIND, Person, Project, Record
from pmtui.domain.text import fold
from pmtui.keymap import Action, key_of
from pmtui.screens.form import FormScreen
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.screens.settings_rows import KINDS, LETTERS, SECTIONS, Line, Nothing, about, cells_of, in_order, person_lines
from pmtui.services import verbs
from pmtui.services.desk import Desk, Key
from pmtui.services.hours import rate_effect
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import delete_records
from pmtui.services.scale_settings import scale_settings
from pmtui.services.settings import RULES, Setting, charter_settings, person_settings, rule_settings, save
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable


class SettingsScreen(RecordsView):
    """What every rule of a project reads, a line each; ``a`` adds to the section under the cursor."""

    view = "settings"
    title_word = "Settings"
    opened_from = "today"
    CSS_PATH = "settings.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._settings_shown = 0
        self._shown: list[Key] = []
        self._settings: dict[str, Setting] = {}
        self._adding = ""

    def compose_body(self) -> ComposeResult:
        """One list, by sections."""
        columns = (Column("label", "", 19), Column("value", ""), Column("aside", "", 17, "right", priority=1))
        yield RecordTable(columns, show_header=False, id="body")

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#body", RecordTable)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.table

    def shown_keys(self) -> Sequence[Key]:
        """The people, budget lines, milestones and deliverables shown."""
        return self._shown

    def cursor(self) -> Key | None:
        """The record under the cursor; on a setting the project's own."""
        key = self.table.cursor_key
        if isinstance(key, Line):
            return self.project.code, self.charter.number
        return super().cursor()

    @property
    def charter(self) -> Project:
        """The project's own record, as it is now."""
        return self.project.data.project

    def setting(self) -> Setting | None:
        """The setting under the cursor."""
        key = self.table.cursor_key
        return self._settings.get(key.name) if isinstance(key, Line) else None

    def kind_to_add(self) -> str:
        """The kind of the section under the cursor; empty among the settings."""
        key = self.table.cursor_key
        if self._adding or isinstance(key, Nothing):
            return self._adding or (key.kind if isinstance(key, Nothing) else "")
        record = None if isinstance(key, Line) else self.record()
        return record.TYPE.kind if record else ""

    def move_by(self, lines: int) -> None:
        """Along the list, over its headings."""
        self.table.move(lines)

    def on_record_table_cursor_moved(self) -> None:
        """The details follow."""
        self.cursor_moved()

    # Showing ------------------------------------------------------------------

    def show_data(self) -> None:
        """The charter, its rules, then the records of each kind."""
        charter, rules = charter_settings(self.project.today), rule_settings() | scale_settings()
        self._settings = charter | rules
        plain = [name for name in charter if name not in RULES]
        lines: list[Hashable] = [*self._section("Project", plain), *self._section("Rules", [*RULES, *rules])]
        self._shown = []
        self._settings_shown = sum(1 for line in lines if isinstance(line, Line))
        self.total = len(plain) + len(RULES) + len(rules) + sum(len(self._records(kind)) for kind in KINDS)
        for kind in KINDS:
            found = [r for r in self._records(kind) if self.passes(r, self.project)]
            keys = [(self.project.code, record.number) for record in found]
            if found or not self.filter_text:
                lines.append(Heading(self._heading(kind), len(keys)))
                lines += [*keys] if keys else [Nothing(kind)]
            self._shown += keys
        self.table.empty = self.empty_lines("", "", "")
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_details()

    def count_words(self) -> str:
        """How many settings and records are shown."""
        return f"{self._settings_shown + len(self._shown):,} of {self.total:,} shown"

    def _section(self, title: str, names: Sequence[str]) -> list[Hashable]:
        words = fold(self.filter_text).split()
        shown: list[Hashable] = []
        for name in names:
            setting = self._settings[name]
            text = fold(f"{setting.label} {setting.shown(self.charter)}")
            if all(word in text for word in words):
                shown.append(Line(name))
        return [Heading(title), *shown] if shown else []

    def _heading(self, kind: str) -> str:
        if kind != "budget line":
            return SECTIONS[kind]
        planned = sum(line.planned for line in self.project.data.budget_lines.values())
        return f"{SECTIONS[kind]} · {planned:,.2f} {self.charter.currency} planned"

    def _records(self, kind: str) -> list[Record]:
        found = list(self.project.data.tables.get(BY_KIND[kind].table, {}).values())
        return sorted(found, key=in_order)

    def _row(self, key: object) -> Sequence[Cell]:
        if isinstance(key, Nothing):
            words = BY_KIND[key.kind].words
            return (
                "",
                (
                    (f"No {words[1]} yet   ", "muted"),
                    (key_of("record.add"), "accent"),
                    (" adds one", "muted"),
                ),
                "",
            )
        if isinstance(key, Line):
            setting = self._settings[key.name]
            aside: Cell = ""
            if key.name == "archived":
                aside = ((key_of("settings.archive"), "accent"), (" archives", "muted"))
            elif key.name in {"bands", "scale_probability"}:
                aside = ((key_of("settings.scales"), "accent"), (" PMBOK, PM²", "muted"))
            return ((setting.label, "muted"), setting.shown(self.charter) or ("–", "muted"), aside)
        record = self.desk.record(key) if isinstance(key, tuple) else None
        return cells_of(self.project, record) if record else ("", ("gone", "muted"), "")

    def show_details(self) -> None:
        """What a setting is for; a person's rates and absences; else the record's story."""
        self._timer = None
        setting, record = self.setting(), self.record()
        pane = self.query_one("#details", DocumentView)
        if setting is not None:
            shown, charter = setting, self.charter
            pane.set_document(lambda width: about(shown, charter, width))
            self.show_footer()
        elif isinstance(record, Person):
            person, project = record, self.project
            pane.set_document(lambda width: person_lines(project, person, width))
            self.show_footer()
        else:
            super().show_details()

    def footer_enabled(self, action: Action) -> bool:
        """A setting is edited, and no more."""
        if isinstance(self.table.cursor_key, Nothing):
            return not action.id.startswith("record.") or action.id == "record.add"
        if self.setting() is not None and action.id.startswith("record."):
            writable = not self.project.read_only
            return action.id in {"record.add", "record.edit"} or (action.id == "record.open" and writable)
        return action.id == "record.drop" or super().footer_enabled(action)

    # Editing --------------------------------------------------------------------

    def action_record_open(self) -> None:
        """A setting on one line; a record's page; in an empty section the first of its kind."""
        setting = self.setting()
        if setting is not None:
            self.edit_setting(setting)
        elif isinstance(self.table.cursor_key, Nothing):
            self.action_record_add()
        else:
            super().action_record_open()

    def action_record_edit(self) -> None:
        """The form, beginning at the setting under the cursor."""
        setting = self.setting()
        if setting is None:
            if isinstance(self.table.cursor_key, Nothing):
                self.action_record_add()
            else:
                super().action_record_edit()
        elif Project.TYPE.fields[setting.name].form:
            form = CharterForm(self.desk, self.project, self.charter, setting.name)
            self.app.push_screen(form, self._saved_in(self.project))
        else:
            self.edit_setting(setting)

    def edit_setting(self, setting: Setting) -> None:
        """By one line, one key, or in the form where it is a long text."""
        why = self.why_not("record.edit")
        if why:
            self.tell_error(why)
            return
        field = Project.TYPE.fields[setting.name]
        if field.kind is Kind.TEXT:
            self.action_record_edit()
        elif setting.name == "status":
            self.action_record_status()
        elif setting.name == "archived":
            self.action_settings_archive()
        elif field.kind is Kind.FLAG:
            self._turn(setting)
        else:
            self._ask(setting, self.charter, setting.written(self.charter))

    def _turn(self, setting: Setting) -> None:
        """Yes to no, or no to yes."""
        project, base = self.project, self.charter
        text = "no" if getattr(base, setting.name) else "yes"
        self.perform(lambda: self.desk.commit(project, lambda: save(project, setting, base, text)))

    def _ask(self, setting: Setting, base: Record, text: str, refusal: str = "") -> None:
        """The line of a setting; refused, it is asked again with what was typed."""
        project, typed = self.project, text

        def reader(text: str) -> Sequence[Cell]:
            if refusal and text == typed:
                return [(refusal, "bad")]
            return _reading(setting, project, base, text)

        def take(text: str | None) -> None:
            if text is None:
                return
            outcome = self.perform(lambda: self.desk.commit(project, lambda: save(project, setting, base, text)))
            if outcome is None:
                self._ask(setting, project.data.get(base.number) or base, text, self.last_error)

        label = setting.label if isinstance(base, Project) else f"{base.name} · {setting.label.lower()}"
        line = LineScreen(label, value=text, reader=reader, check=lambda t: setting.problem(project, base, t))
        self.app.push_screen(line, take)

    def action_settings_rate(self) -> None:
        """What an hour of a person costs, from which day."""
        self._ask_of_person("rates")

    def action_settings_away(self) -> None:
        """When a person is away."""
        self._ask_of_person("absences")

    def _ask_of_person(self, name: str) -> None:
        record = self.record()
        if not isinstance(record, Person):
            self.tell_error("this is kept for people: put the cursor on one")
            return
        setting = person_settings(self.project.today)[name]
        self._ask(setting, record, setting.written(record))

    def action_settings_scales(self) -> None:
        """Risk scales and bands as an authority publishes them, shown before they are taken."""
        from pmtui.screens.preset import ask_preset

        if self.has_project():
            ask_preset(self)

    def action_settings_archive(self) -> None:
        """Out of Today and Triage, or back."""
        if not self.desk.projects:
            self.show_no_project()
            return
        project, archived = self.project, not self.charter.archived
        self.perform(lambda: self.desk.commit(project, lambda: verbs.archive(project, archived=archived)))

    # Verbs on records -------------------------------------------------------------

    def action_record_add(self) -> None:
        """To the section under the cursor; among the settings it asks to which."""
        self._with_kind(self._add_line)

    def _add_line(self) -> None:
        self.ask_to_add(self.project, self.kind_to_add())

    def saved(self, project: OpenProject, outcome: Outcome | None) -> None:
        """Show what was added before the cursor goes to it."""
        if outcome is not None:
            self.show_all()
        super().saved(project, outcome)

    def action_record_add_form(self) -> None:
        """The same, by a form."""
        self._with_kind(super().action_record_add_form)

    def _with_kind(self, add: Callable[[], None]) -> None:
        if not self.desk.projects:
            self.show_no_project()
            return
        if self.kind_to_add():
            add()
            return

        def take(kind: str | None) -> None:
            if kind:
                self._adding = kind
                add()
                self._adding = ""

        choices = [Choice(letter, kind, value=kind) for kind, letter in LETTERS.items()]
        self.app.push_screen(ChoiceScreen("Add a", choices), take)

    def action_record_drop(self) -> None:
        """Records can be deleted; a project is archived instead."""
        if self.setting() is not None:
            self.tell(
                (
                    ("A project is never deleted here: ", ""),
                    (key_of("settings.archive"), "accent"),
                    (" archives it", ""),
                )
            )
            return
        keys = self.chosen()
        if not keys:
            self.tell_error("there is nothing under the cursor")
            return

        def take(key: str | None) -> None:
            if key:
                self.act_on_keys(keys, delete_records)

        choices = [Choice("D", f"delete ({key_of('desk.undo')} brings it back)")]
        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}:", choices), take)

    def action_record_mark(self) -> None:
        """Records are marked, settings are not."""
        if self.setting() is None:
            super().action_record_mark()


class CharterForm(FormScreen):
    """The project's form, beginning in one of its fields."""

    def __init__(self, desk: Desk, project: OpenProject, charter: Project, name: str) -> None:
        super().__init__(desk, project, Project.TYPE, charter)
        self._begins = name

    def on_mount(self) -> None:
        """Go to the field once the form stands."""
        self.call_after_refresh(lambda: self.query_one(f"#f-{self._begins}").focus())


def _reading(setting: Setting, project: OpenProject, base: Record, text: str) -> list[Cell]:
    problem = setting.problem(project, base, text)
    if problem:
        return [(problem, "bad")]
    import msgspec

    after = msgspec.structs.replace(base, **{setting.name: setting.value(project, base, text)})
    said = rate_effect(project, after) if setting.name == "rates" and isinstance(after, Person) else ""
    return [
        ((setting.shown(after) or "nothing", "strong"),),
        *([(said, "warn")] if said else []),
        (setting.about, "muted"),
    ]
