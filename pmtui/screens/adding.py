"""Adding by a line from every view, of any kind; and what is pasted, previewed first."""

from collections.abc import Sequence
from typing import Any

from pmtui.keymap import key_of
from pmtui.screens.view import ViewScreen
from pmtui.services.project import OpenProject, Outcome


class AddsRecords(ViewScreen):
    """A view in which ``a`` adds."""

    def action_record_add(self) -> None:
        """One line adds a task to the project in view, or another kind that it begins with."""
        if self.has_project():
            self.ask_to_add(self.project, "task")

    def ask_to_add(self, project: OpenProject, kind: str, value: str = "", refusal: str = "") -> None:
        """Ask for the line that adds to a project; refused, it is asked again with what was typed."""
        from pmtui.screens.paste import left_behind
        from pmtui.screens.quick_add import QuickAddScreen
        from pmtui.services.quick import add_typed

        why = self.why_not("record.add")
        if why:
            self.tell_error(why)
            return
        kept = left_behind(self.pmtui.drafts, self.desk, project).text.splitlines()
        screen = QuickAddScreen(project, kind, value=value, refusal=refusal, kept=len(kept))

        def take(line: str | None) -> None:
            if line is None:
                self._keep_typed(project, *screen.entry(screen.typed))
                return
            kind, rest = screen.entry(line)
            if screen.recall or screen.pasted:
                self.ask_of_many(project, kind, screen.pasted or rest)
                return
            outcome = self.perform(lambda: self.desk.commit(project, lambda: add_typed(project, kind, rest)))
            if outcome is None:
                self.ask_to_add(project, kind, rest, self.last_error)
            elif outcome.numbers:
                self.added(project, outcome)

        self.app.push_screen(screen, take)

    def _keep_typed(self, project: OpenProject, kind: str, typed: str) -> None:
        """A line that was left is kept with what earlier pastes left."""
        from pmtui.screens.paste import draft_name, left_behind

        if not typed.strip():
            return
        left, own = left_behind(self.pmtui.drafts, self.desk, project), draft_name(self.desk, project)
        if typed.strip() in left.text.splitlines():
            return
        text = "\n".join(filter(None, (typed.strip(), left.text)))
        try:
            self.pmtui.drafts.keep(own, {"kind": kind, "text": text})
        except OSError as error:
            self.tell_error(error)
            return
        self.pmtui.drafts.take_over(left.names, own)
        self.tell((("what you typed is kept: ", "muted"), (key_of("record.add"), "accent"), (", then ↓", "muted")))

    def ask_of_many(self, project: OpenProject, kind: str, text: str) -> None:
        """Preview the lines of a text, those that an earlier one left behind after them, and add what is good."""
        from pmtui.screens.paste import PasteScreen, left_behind

        left, new = left_behind(self.pmtui.drafts, self.desk, project), text.strip()
        kept = left.text
        count = len(kept.splitlines())
        said = f"the last {count} {'is' if count == 1 else 'are'} of before" if kept and new else ""
        kind = kind if new else left.kind or kind

        lines = "\n".join(part for part in (text.rstrip() if new else "", kept) if part)
        screen = PasteScreen(self.desk, project, lines, kind, said, takes=left.names)
        self.app.push_screen(screen, lambda outcome: self._added_many(project, outcome))

    def action_record_templates(self) -> None:
        """Templates of task sets: apply one, or make one of the tasks that are marked."""
        from pmtui.screens.paste import PasteScreen, left_behind
        from pmtui.screens.templates import Applied, TemplatesScreen

        if not self.has_project():
            return
        project, numbers = self.template_tasks()
        left = left_behind(self.pmtui.drafts, self.desk, project)

        def take(applied: Applied | None) -> None:
            if applied is not None:
                more: dict[str, Any] = {"before": left.text, "takes": left.names, "made": True}
                screen = PasteScreen(
                    self.desk, project, applied.text, "task", applied.said, title=applied.title, **more
                )
                self.app.push_screen(screen, lambda outcome: self._added_many(project, outcome))

        self.app.push_screen(TemplatesScreen(self.desk, project, numbers), take)

    def template_tasks(self) -> tuple[OpenProject, Sequence[str]]:
        """The project that a template is applied to, and the tasks of it that one could be made of."""
        return self.project, ()

    def _added_many(self, project: OpenProject, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._wrote = bool(outcome.numbers)
            self.tell_outcome(outcome)
            self._wrote = True
            if outcome.numbers:
                self.added(project, outcome)

    def added(self, project: OpenProject, outcome: Outcome) -> None:
        """Something was added."""

    @property
    def last_error(self) -> str:
        """What the status line says is wrong."""
        from pmtui.widgets.bars import StatusLine
        from pmtui.widgets.cells import plain

        return plain(self.query_one("#status", StatusLine).content)
