"""The form of any record, made from its declaration; what is wrong is said beside the field."""

import json
from collections.abc import Mapping

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static, TextArea

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Refused
from pmtui.domain.records import CostEntry, Record, RecordType
from pmtui.domain.text import clean
from pmtui.domain.values import write_value
from pmtui.screens.company import edit_in_company, edit_no_more
from pmtui.screens.conflict import ConflictPane, asked_words, news_line, open_conflict
from pmtui.screens.form_words import said_of
from pmtui.services import records
from pmtui.services.desk import Desk
from pmtui.services.merging import Conflicted, deleted_words
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.long_text import LongText

KEEP_AFTER = 0.5
"""Seconds after the last key until the draft is kept on disk."""

BASE = ":base"
"""In a draft, beside the fields: the record as it was when the typing began, as JSON."""


class FormScreen(ModalScreen[Outcome | None]):
    """Edit a record, or add one where none is given; what was typed is kept as a draft until saved.

    The record is kept as the typing began with it. What others write meanwhile is joined with it when it is
    saved; a field that was not typed in follows them at once.
    """

    CSS_PATH = "form.tcss"
    BINDINGS = [("escape", "leave", "Leave")]  # noqa: RUF012 - Textual's own convention

    def __init__(self, desk: Desk, project: OpenProject, record_type: RecordType, record: Record | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._project = project
        self._type = record_type
        self._record = record
        self._seen = record
        what = record.number if record else f"new-{record_type.kind}"
        self._draft = f"{desk.session.place}-{project.code}-{what}"
        self._gone = False
        self._fields = {n: f for n, f in record_type.fields.items() if f.form and f.kind is not Kind.STRUCTURE}
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        self._entries: dict[str, Input | LongText] = {}
        self._why: dict[str, tuple[str, str]] = {}
        self._timer: object = None
        self._leaving = self._warned = False
        self.pane = ConflictPane("conflicts")

    def compose(self) -> ComposeResult:
        """A line a field: its label, its value, what is understood or wrong."""
        yield HeaderBar(id="header")
        with VerticalScroll(id="fields", can_focus=False):
            draft = self._take_draft()
            for name, field in self._fields.items():
                value = draft.get(name, self._original[name])
                with Horizontal(classes=f"row tall of-{name}" if field.kind is Kind.TEXT else "row"):
                    yield Label(field.label + (" *" if field.required else ""), classes="label", markup=False)
                    if field.kind is Kind.TEXT:
                        line: Input | LongText = LongText(value, id=f"f-{name}")
                    else:
                        line = Input(value, id=f"f-{name}", select_on_focus=False)
                        line.cursor_blink = False
                    self._entries[name] = line
                    yield line
                    yield Static("", id=f"s-{name}", classes="said", markup=False)
        yield self.pane
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Begin in the first field; say where a draft came back."""
        what = f"Edit {self._record.number}" if self._record else f"New {self._type.words[0]}"
        self.query_one(HeaderBar).set(((f" {self._project.code}", "muted"), (f" ▸ {what}", "strong")), "")
        next(iter(self._entries.values())).focus()
        if self._changed():
            again = (("A draft of this form was kept and is back. ", "warn"), ("Ctrl+X", "accent"))
            self.query_one(StatusLine).set((*again, (" throws it away", "muted")))
        for name in self._fields:
            self._say(name)
        self.app.data_changed.subscribe(self, self._others)  # type: ignore[attr-defined]
        self._others(None)
        self._show_keys()
        if self._record is not None:
            edit_in_company(self, self._project.code, self._record.number)

    def on_key(self, event: events.Key) -> None:
        """Ctrl+S saves from anywhere; Ctrl+T settles a conflict; Ctrl+X throws the draft away; Ctrl+N adds again."""
        if event.key == "ctrl+s":
            self._save()
        elif event.key == "ctrl+t" and self.pane.conflicts:
            self._settle("")
        elif event.key == "ctrl+x":
            self._throw_away()
        elif event.key == "ctrl+n" and self._gone:
            self._add_again()
        elif not (self.pane.has_focus and self.pane.conflicts and self._settle_by(event.key)):
            return
        event.stop()
        event.prevent_default()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """An empty field says what is allowed while one is in it."""
        self._say_of(event.widget.id)
        self.pane.move_to((event.widget.id or "").removeprefix("f-"))
        if self.pane.conflicts:
            self.pane.show(self._typed())
        self._show_keys()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """And is quiet again after; one that was not typed in follows what others wrote."""
        self._say_of(event.widget.id)
        self._follow()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is understood, beside the field."""
        self._say_of(event.input.id)
        self._typed_in(event.input.id)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """A text changed: its draft is kept."""
        self._say_of(event.text_area.id)
        self._typed_in(event.text_area.id)

    def on_input_submitted(self) -> None:
        """Enter saves from a one-line field."""
        self._save()

    def on_unmount(self) -> None:
        """Whatever closes the form, what was typed is kept."""
        edit_no_more(self)
        if not self._leaving:
            self._keep()

    def action_leave(self) -> None:
        """Leave; asks nothing, keeps the draft."""
        self._keep()
        self._leaving = True
        self.dismiss(None)

    def _written(self, field: Field) -> str:
        text = write_value(field, getattr(self._record, field.name)) if self._record else ""
        return clean(text, lines=field.kind is Kind.TEXT)

    def _stored(self) -> Record | None:
        """The record as it is now."""
        return self._project.data.get(self._record.number) if self._record else None

    def _put(self, name: str, text: str) -> None:
        line = self._entries[name]
        if isinstance(line, Input):
            line.value = text
            line.cursor_position = len(text)
        else:
            where = line.cursor_location
            line.text = text
            line.move_cursor(where)

    def _text(self, name: str) -> str:
        line = self._entries[name]
        return line.value if isinstance(line, Input) else line.text

    def _typed(self) -> dict[str, str]:
        return {name: self._text(name) for name in self._entries}

    def _changed(self) -> dict[str, str]:
        """What was typed; a field in conflict was, whatever it holds now."""
        conflicts = self.pane.conflicts
        return {n: text for n, text in self._typed().items() if text != self._original[n] or n in conflicts}

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
        if self._record is None:
            return records.add_record(self._project, self._type, {n: t for n, t in changed.items() if t.strip()})
        told = {name: c.dispute.conflict.theirs for name, c in self.pane.conflicts.items()}
        base = msgspec.structs.replace(self._record, **told)
        return records.edit_record(self._project, self._record.number, changed, base=base)

    def _add_again(self) -> None:
        """Add all that the form holds as a new record; somebody deleted the one it was opened for."""
        self._record = self._seen = None
        self._original, self._gone = dict.fromkeys(self._fields, ""), False
        self.pane.forget()
        self._save()

    def _finish(self, outcome: Outcome | None) -> None:
        self._leaving = True
        self.app.drafts.discard(self._draft)  # type: ignore[attr-defined]
        self.dismiss(outcome)

    def _refused(self, refused: Refused) -> None:
        if isinstance(refused, Conflicted):
            self._ask(refused)
            return
        elsewhere, first, typed = [], "", self._typed()
        for problem in refused.problems:
            if problem.field in self._fields:
                self._why[problem.field] = typed[problem.field], problem.allowed
                self._say(problem.field)
                first = first or problem.field
            else:
                elsewhere.append(str(problem))
        said = "; ".join(elsewhere) or ("" if refused.problems else str(refused)) or "not saved: see beside the fields"
        self.query_one(StatusLine).set(((f"! {said}", "bad"),))
        if first:
            self._entries[first].focus()
        self._keep()

    # What others wrote meanwhile -------------------------------------------------

    def _ask(self, refused: Conflicted) -> None:
        """Show both values; the fields keep what was typed, and saving again is deliberate now."""
        typed, pane = self._typed(), self.pane
        for dispute in refused.disputes:
            name = dispute.field.name
            pane.conflicts[name] = open_conflict(dispute, typed[name], self._project.today)
            self._put(name, pane.conflicts[name].texts["mine"])
        self.query_one(StatusLine).set(((f"! {asked_words(refused.disputes)}", "bad"),))
        first = refused.disputes[0].field.name
        pane.move_to(first)
        self._show_conflicts()
        self._entries[first].scroll_visible()
        pane.focus()
        self._keep()

    def _show_conflicts(self) -> None:
        self.pane.show(self._typed())
        self._show_keys()

    def _show_keys(self) -> None:
        in_text = isinstance(self.focused, LongText)
        again = [("Ctrl+N", "add it as a new one", True)] if self._gone else []
        keys = [("Ctrl+S" if in_text else "⏎", "save", True), ("Tab", "next field", True), ("Shift+Tab", "back", True)]
        if self.pane.conflicts:
            keys = self.pane.keys(keys[0][0])
        else:
            keys.append(("Ctrl+_", "undo typing", True) if in_text else ("Ctrl+S", "save from a text", True))
        self.query_one(FooterBar).set([*again, *keys, ("Esc", "leave, draft kept", True)])

    def _settle_by(self, key: str) -> bool:
        """A key on the values in conflict; whether it means something there."""
        pane = self.pane
        if key in {keep[0] for keep in pane.conflicts[pane.current].texts}:
            self._settle(key)
        elif key in {"j", "down", "k", "up"}:
            pane.move(1 if key in {"j", "down"} else -1)
            self._entries[pane.current].scroll_visible()
            self._show_conflicts()
        elif key == "enter":
            self._save()
        elif key in {"tab", "shift+tab"}:
            self._entries[pane.current].focus()
        elif key == "q":
            self.action_leave()
        else:
            return False
        return True

    def _settle(self, way: str) -> None:
        """Put mine, theirs or both in the field in conflict; the next of them where ``way`` names none."""
        name = self.pane.current
        conflict = self.pane.conflicts[name]
        texts = {keep[0]: text for keep, text in conflict.texts.items()}
        self._put(name, texts[way] if way else conflict.after(self._text(name)))
        self._show_conflicts()

    def _typed_in(self, widget_id: str | None) -> None:
        name = (widget_id or "").removeprefix("f-")
        conflict = self.pane.conflicts.get(name)
        if conflict is not None:
            self.pane.conflicts[name] = conflict.with_mine(self._text(name))
            self._show_conflicts()
        self._keep_soon()
        if self._type.kind == "cost":
            self._warn()

    def _warn(self) -> None:
        """Say before it is saved which budget line an entry would overspend."""
        from pmtui.screens.entry_line import warning_of  # the budget's rules are loaded where money is typed

        entry = self._record if isinstance(self._record, CostEntry) else None
        words = warning_of(self._project, entry, self._typed())
        if words or self._warned:
            self.query_one(StatusLine).set((f"▲ {words}", "warn") if words else "")
        self._warned = bool(words)

    def _others(self, _: None) -> None:
        """Tell what a colleague changed in this record while the form is open."""
        if self._leaving or self._record is None or self._seen is None:
            return
        now = self._stored()
        was_gone, self._gone = self._gone, now is None
        if now is None:
            said = deleted_words(self._project, self._record)
            self.query_one(StatusLine).set(((f"! {said}; what you typed is kept", "bad"),))
            self._show_keys()
            return
        if was_gone:
            self.query_one(StatusLine).set(f"{now.number} is back; what you typed can be saved")
        why = now.TYPE.frozen(now, self._project.data)
        if why:
            self.query_one(StatusLine).set(((f"! {now.number}: {why}", "bad"),))
        for field in (f for f in self._fields.values() if getattr(now, f.name) != getattr(self._seen, f.name)):
            typed = self._text(field.name) != self._original[field.name]
            self.pane.news[field.name] = news_line(self._project, now, field, typed=typed)
        self._seen = now
        self._follow()
        self._show_conflicts()

    def _follow(self) -> None:
        """Fields that were not typed in, and have no cursor, hold what is stored now."""
        now = self._stored()
        if self._leaving or self._record is None or now is None:
            return
        for name in [n for n in self._fields if getattr(now, n) != getattr(self._record, n)]:
            line, text = self._entries[name], self._original[name]
            if line is not self.focused and name not in self.pane.conflicts and self._text(name) == text:
                self._record = msgspec.structs.replace(self._record, **{name: getattr(now, name)})
                self._original[name] = self._written(self._fields[name])
                self._put(name, self._original[name])

    def _say_of(self, widget_id: str | None) -> None:
        name = (widget_id or "").removeprefix("f-")
        if name in self._fields:
            self._say(name)

    def _say(self, name: str) -> None:
        field, widget, text = self._fields[name], self._entries[name], self._text(name).strip()
        refused, why = self._why.get(name, ("", ""))
        said, wrong = why, True
        if not why or refused != self._text(name):
            short = isinstance(widget, Input)
            said, wrong = said_of(self._project, field, text, focused=widget.has_focus) if short else ("", False)
        beside = self.query_one(f"#s-{name}", Static)
        beside.update(f"! {said}" if wrong else said)
        beside.set_class(wrong, "wrong")

    # The draft ---------------------------------------------------------------

    def _take_draft(self) -> dict[str, str]:
        """What was typed before; it goes on from the record as it was then."""
        kept: dict[str, str] = self.app.drafts.kept(self._draft)  # type: ignore[attr-defined]
        draft = {name: text for name, text in kept.items() if name in self._fields}
        if self._record is None or BASE not in kept:
            return draft
        now = self._record
        try:
            began = self._type.decode(now.id, msgspec.json.decode(kept[BASE], type=dict[str, object]))
        except (msgspec.ValidationError, msgspec.DecodeError):  # it was kept by another version
            return draft
        if now.updated_by == self._desk.session.user and all(draft[n] == self._original[n] for n in draft):
            return {}  # it was saved, and the line dropped before it was thrown away
        follow = {name: getattr(now, name) for name in self._fields if name not in draft}
        self._seen, self._record = began, msgspec.structs.replace(began, **follow)
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        return draft

    def _keep_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()  # type: ignore[attr-defined]
        self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        if self._leaving:
            return
        changed = self._changed()
        drafts = self.app.drafts  # type: ignore[attr-defined]
        if not changed:
            drafts.discard(self._draft)
            return
        base = {BASE: json.dumps(self._type.encode(self._record))} if self._record else {}
        try:
            drafts.keep(self._draft, {**changed, **base})
        except OSError as error:
            if self.is_running:
                self.query_one(StatusLine).set(((f"! the draft can't be kept: {error}", "bad"),))

    def _throw_away(self) -> None:
        self.app.drafts.discard(self._draft)  # type: ignore[attr-defined]
        self._record = self._seen = self._stored() or self._record
        self._original = {n: self._written(f) for n, f in self._fields.items()}
        self.pane.forget()
        next(iter(self._entries.values())).focus()
        for name, text in self._original.items():
            self._put(name, text)
        self._show_conflicts()
        self.query_one(StatusLine).set("The draft is gone; the form shows what is stored.")
