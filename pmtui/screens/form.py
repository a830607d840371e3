"""The form of any record, made from its declaration; what is wrong is said beside the field."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static, TextArea

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Refused
from pmtui.domain.records import Record, RecordType
from pmtui.domain.values import show_value, write_value
from pmtui.screens.prompts import flow
from pmtui.services import records
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView

KEEP_AFTER = 0.5
"""Seconds after the last key until the draft is kept on disk."""

BASE = "base:"
"""Before a field's name in a draft: what was stored when the typing began."""


class FormScreen(ModalScreen[Outcome | None]):
    """Edit a record, or add one where none is given; what was typed is kept as a draft until saved."""

    BINDINGS = [("escape", "leave", "Leave")]  # noqa: RUF012 - Textual's own convention

    def __init__(self, desk: Desk, project: OpenProject, record_type: RecordType, record: Record | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._project = project
        self._type = record_type
        self._record = record
        self._fields = {n: f for n, f in record_type.fields.items() if f.form and f.kind is not Kind.STRUCTURE}
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        self._theirs: dict[str, str] = {}
        self._timer: object = None
        self._leaving = False

    def compose(self) -> ComposeResult:
        """A line a field: its label, its value, what is understood or wrong."""
        yield HeaderBar(id="header")
        with VerticalScroll(id="fields", can_focus=False):
            draft = self._draft()
            self._take_base()
            for name, field in self._fields.items():
                value = draft.get(name, self._original[name])
                with Horizontal(classes="row tall" if field.kind is Kind.TEXT else "row"):
                    yield Label(field.label + (" *" if field.required else ""), classes="label", markup=False)
                    if field.kind is Kind.TEXT:
                        yield TextArea(value, id=f"f-{name}", soft_wrap=True, tab_behavior="focus")
                    else:
                        yield Input(value, id=f"f-{name}", select_on_focus=False)
                    yield Static("", id=f"s-{name}", classes="said", markup=False)
        yield DocumentView(id="conflicts")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Begin in the first field; say where a draft came back."""
        what = f"Edit {self._record.number}" if self._record else f"New {self._type.words[0]}"
        self.query_one(HeaderBar).set(((f" {self._project.code}", "muted"), (f" ▸ {what}", "strong")), "")
        keys = [("⏎", "save", True), ("Tab", "next field", True), ("Shift+Tab", "back", True)]
        keys += [("Ctrl+S", "save from a text", True), ("Esc", "leave, draft kept", True)]
        self.query_one(FooterBar).set(keys)
        for line in self.query(Input):
            line.cursor_blink = False
        for area in self.query(TextArea):
            area.cursor_blink = False
        self.query("Input, TextArea").first().focus()
        if self._draft():
            self.query_one(StatusLine).set(
                (
                    ("A draft of this form was kept and is back. ", "warn"),
                    ("Ctrl+X", "accent"),
                    (" throws it away", "muted"),
                )
            )
        for name in self._fields:
            self._say(name)
        self.app.data_changed.subscribe(self, self._others)  # type: ignore[attr-defined]
        self._others(None)

    def on_key(self, event: events.Key) -> None:
        """Ctrl+S saves from anywhere; Ctrl+T takes a colleague's value; Ctrl+X throws the draft away."""
        if event.key == "ctrl+s":
            event.stop()
            self._save()
        elif event.key == "ctrl+t" and self._theirs:
            event.stop()
            event.prevent_default()
            self._take_theirs()
        elif event.key == "ctrl+x":
            event.stop()
            event.prevent_default()
            self._throw_away()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """An empty field says what is allowed while one is in it."""
        self._say_of(event.widget.id)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """And is quiet again after."""
        self._say_of(event.widget.id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is understood, beside the field."""
        self._say_of(event.input.id)
        self._keep_soon()

    def on_text_area_changed(self) -> None:
        """A text changed: its draft is kept."""
        self._keep_soon()

    def on_input_submitted(self) -> None:
        """Enter saves from a one-line field."""
        self._save()

    def on_unmount(self) -> None:
        """Whatever closes the form, what was typed is kept."""
        if not self._leaving:
            self._keep()

    def action_leave(self) -> None:
        """Leave; asks nothing, keeps the draft."""
        self._keep()
        self._leaving = True
        self.dismiss(None)

    def _written(self, field: Field) -> str:
        return write_value(field, getattr(self._record, field.name)) if self._record else ""

    def _stored(self) -> Record | None:
        """The record as it is now."""
        return self._project.data.get(self._record.number) if self._record else None

    def _put(self, name: str, text: str) -> None:
        if self._fields[name].kind is Kind.TEXT:
            self.query_one(f"#f-{name}", TextArea).text = text
        else:
            self.query_one(f"#f-{name}", Input).value = text

    def _typed(self) -> dict[str, str]:
        typed = {}
        for name, field in self._fields.items():
            if field.kind is Kind.TEXT:
                typed[name] = self.query_one(f"#f-{name}", TextArea).text
            else:
                typed[name] = self.query_one(f"#f-{name}", Input).value
        return typed

    def _changed(self) -> dict[str, str]:
        return {name: text for name, text in self._typed().items() if text != self._original[name]}

    def _save(self) -> None:
        changed = self._changed()
        if not changed and self._record:
            self._finish(None)
            return
        try:
            outcome = self._desk.commit(self._project, lambda: self._write(changed))
        except Refused as refused:
            self._refused(refused)
        except (StoreError, OSError) as error:
            self.query_one(StatusLine).set(((f"! {error}", "bad"),))
            self._keep()
        else:
            self._finish(outcome)

    def _write(self, changed: Mapping[str, str]) -> Outcome:
        if self._record:
            return records.edit_record(self._project, self._record.number, changed, base=self._record)
        return records.add_record(self._project, self._type, {n: t for n, t in changed.items() if t.strip()})

    def _finish(self, outcome: Outcome | None) -> None:
        self._leaving = True
        self.app.drafts.discard(self._draft_name())  # type: ignore[attr-defined]
        self.dismiss(outcome)

    def _refused(self, refused: Refused) -> None:
        elsewhere = []
        first = ""
        conflicts = self._conflicts([problem.field for problem in refused.problems])
        for problem in refused.problems:
            if problem.field in self._fields:
                self._mark(problem.field, problem.allowed, wrong=True)
                first = first or problem.field
            else:
                elsewhere.append(str(problem))
        said = "; ".join(elsewhere) or ("" if refused.problems else str(refused)) or "not saved: see beside the fields"
        self.query_one(StatusLine).set(((f"! {said}", "bad"),))
        if first:
            self.query_one(f"#f-{first}").focus()
        if conflicts:
            self._show_conflicts(conflicts)
        self._keep()

    # What others wrote meanwhile -------------------------------------------------

    def _conflicts(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the fields that somebody changed since the form was opened: what is stored now."""
        now, base = self._stored(), self._record
        if now is None or base is None:
            return {}
        return {
            name: write_value(self._fields[name], getattr(now, name))
            for name in names
            if name in self._fields and getattr(now, name) != getattr(base, name)
        }

    def _show_conflicts(self, conflicts: Mapping[str, str]) -> None:
        """Both values, and the keys that settle it; saving again is deliberate now."""
        typed = self._typed()
        lines: list[Cell] = []
        for name, theirs in conflicts.items():
            lines.append(
                (
                    (f"{self._fields[name].label}: ", "strong"),
                    (f"{self._who(name)} {theirs or 'nothing'}", "warn"),
                    ("   you ", "muted"),
                    (typed[name] or "nothing", "strong"),
                )
            )
        lines.append((("⏎", "accent"), (" again keeps yours   ", ""), ("Ctrl+T", "accent"), (" takes theirs", "")))
        self._rebase()
        self._theirs = dict(conflicts)
        self._show_lines(lines)
        self.query_one(StatusLine).set(("! not saved: somebody changed the same field meanwhile", "bad"))

    def _show_lines(self, lines: Sequence[Cell]) -> None:
        pane = self.query_one("#conflicts", DocumentView)
        pane.set_document(lambda width: [part for line in lines for part in flow(line, width)])

    def _who(self, name: str) -> str:
        assert self._record is not None
        when = ""
        for transaction in reversed(list(self._project.history())):
            for op in transaction.ops:
                ours = op[1] == self._type.table and op[2] == self._record.id
                if op[0] == "u" and ours and name in op[3]:
                    zone = self._desk.session.now().tzinfo
                    when = f"{dt.datetime.fromtimestamp(transaction.time / 1000, zone):%H:%M}"
                    return f"{transaction.user} {when}"
        return "somebody"

    def _rebase(self) -> None:
        """Go on from the record as it is now: what was not typed over follows it."""
        typed, before = self._typed(), self._original
        self._record = self._stored() or self._record
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        for name, text in self._original.items():
            if typed[name] == before[name] and text != typed[name]:
                self._put(name, text)

    def _take_theirs(self) -> None:
        """Their value for the field with the cursor, else for the first that is in conflict."""
        focused = (self.focused.id or "").removeprefix("f-") if self.focused else ""
        name = focused if focused in self._theirs else next(iter(self._theirs))
        self._put(name, self._theirs.pop(name))
        self._show_lines([])
        left = ", ".join(self._fields[n].label for n in self._theirs)
        also = f"; still in conflict: {left}, Ctrl+T takes theirs" if left else ""
        self.query_one(StatusLine).set(f"{self._fields[name].label} is theirs now{also}")

    def _others(self, _: None) -> None:
        """Tell what a colleague changed in this record while the form is open."""
        if self._leaving or self._record is None:
            return
        if self._stored() is None:
            self.query_one(StatusLine).set((f"! {self._record.number} was deleted meanwhile", "bad"))
            return
        found = self._conflicts(self._fields)
        if found:
            lines: list[Cell] = [
                (f"{self._who(name)} changed {self._fields[name].label} to {text or 'nothing'}", "warn")
                for name, text in found.items()
            ]
            self._show_lines(lines)

    def _take_base(self) -> None:
        """A draft that came back goes on from what was stored when it was typed."""
        kept: dict[str, str] = self.app.drafts.kept(self._draft_name())  # type: ignore[attr-defined]
        if self._record is None:
            return
        base: dict[str, object] = {}
        for name, field in self._fields.items():
            before = kept.get(BASE + name)
            if before is None or before == self._original[name]:
                continue
            with contextlib.suppress(Refused):
                base[name] = records.read_field(self._project, field, before)
                self._original[name] = before
        if base:
            self._record = msgspec.structs.replace(self._record, **base)

    def _say_of(self, widget_id: str | None) -> None:
        name = (widget_id or "").removeprefix("f-")
        if name in self._fields:
            self._say(name)

    def _say(self, name: str) -> None:
        field = self._fields[name]
        if field.kind is Kind.TEXT:
            return
        widget = self.query_one(f"#f-{name}", Input)
        if not widget.value.strip():
            self._mark(name, field.allowed if widget.has_focus else "", wrong=False)
            return
        try:
            value = records.read_field(self._project, field, widget.value)
        except Refused as refused:
            self._mark(name, refused.problems[0].allowed if refused.problems else str(refused), wrong=True)
            return
        shown = show_value(field, value, self._project.today)
        plain = field.kind in {Kind.LINE, Kind.LINKS, Kind.TAGS} or shown == widget.value.strip()
        self._mark(name, "" if plain else shown, wrong=False)

    def _mark(self, name: str, text: str, *, wrong: bool) -> None:
        said = self.query_one(f"#s-{name}", Static)
        said.update(f"! {text}" if wrong and text else text)
        said.set_class(wrong, "wrong")

    # The draft ---------------------------------------------------------------

    def _draft_name(self) -> str:
        what = self._record.number if self._record else f"new-{self._type.kind}"
        return f"{self._desk.session.path.name}-{self._project.code}-{what}"

    def _draft(self) -> dict[str, str]:
        kept: dict[str, str] = self.app.drafts.kept(self._draft_name())  # type: ignore[attr-defined]
        return {name: text for name, text in kept.items() if name in self._fields}

    def _keep_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()  # type: ignore[attr-defined]
        self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        if self._leaving or not self.is_attached:
            return
        changed = self._changed()
        drafts = self.app.drafts  # type: ignore[attr-defined]
        if changed:
            base = {BASE + name: self._original[name] for name in changed} if self._record else {}
            drafts.keep(self._draft_name(), {**changed, **base})
        else:
            drafts.discard(self._draft_name())

    def _throw_away(self) -> None:
        self.app.drafts.discard(self._draft_name())  # type: ignore[attr-defined]
        self._record = self._stored() or self._record
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        self._theirs = {}
        self._show_lines([])
        for name, text in self._original.items():
            self._put(name, text)
        self.query_one(StatusLine).set("The draft is gone; the form shows what is stored.")
