"""What every view has: header, footer, status line, details, preview, keys, and news of changes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Horizontal, Vertical

from pmtui.domain.problems import Refused
from pmtui.keymap import Action, footer_of, key_of
from pmtui.screens.moving import MovingScreen, bindings_of
from pmtui.screens.read_only import WRITING, refuse_before_asking, whole_reason
from pmtui.services.desk import Desk, Key, title_of
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.board import BoardView
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from pmtui.app import PmtuiApp
    from pmtui.screens.prompts import Item


WIDE = 110
"""Columns from which on two things stand beside one another; below it is narrow."""

BROAD = 160
"""Columns from which on a view has room for one more thing beside."""

TINY = 16
"""Lines below which only the list itself is shown."""

_BACK_AT = 4
"""How many actions the footer tells before the way back: it must not be what a narrow screen cuts."""


class ViewScreen(MovingScreen):
    """A view. Subclasses give ``view``, ``title_word``, :meth:`compose_body` and :meth:`show_data`."""

    INHERIT_BINDINGS = False
    AUTO_FOCUS = None
    view: ClassVar[str] = ""
    title_word: str = ""
    spans_projects: ClassVar[bool] = False
    is_list: ClassVar[bool] = True
    details_beside: ClassVar[int] = WIDE
    """Columns from which on a list has its details on the right."""
    opened_from: ClassVar[str] = ""
    """The view that ``q`` goes back to, where the digits do not lead to this one."""
    leads_back: bool = False
    """Whether the footer has the key that goes back: in what was opened over another view."""

    def __init_subclass__(cls) -> None:
        """Each view's keys come from the action table; those that write refuse where nothing can be written."""
        if "view" in cls.__dict__ and cls.view:
            cls.BINDINGS = bindings_of(cls.view)  # type: ignore[assignment]
        refuse_before_asking(cls)
        super().__init_subclass__()

    def __init__(self) -> None:
        super().__init__()
        self._bindings = BindingsMap(bindings_of(self.view))  # the user's keys, whenever the class was made
        self._stale = False
        self._wrote = True
        self._read_only: dict[str, str] = {}

    # What subclasses give ----------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """The view's own widgets; the main one has the id ``body``."""
        raise NotImplementedError

    def compose_beneath(self) -> ComposeResult:
        """What stands between the body and the status."""
        yield from ()

    def show_data(self) -> None:
        """Read the records anew and show them; the cursor stays on its record."""
        raise NotImplementedError

    def footer_enabled(self, action: Action) -> bool:
        """Whether an action applies to what the cursor is on."""
        del action
        return True

    # Frame --------------------------------------------------------------------

    @property
    def pmtui(self) -> "PmtuiApp":
        """The application, by its type."""
        return cast("PmtuiApp", self.app)

    @property
    def desk(self) -> Desk:
        """What the user has open."""
        return self.pmtui.desk

    @property
    def project(self) -> OpenProject:
        """The project in view."""
        return self.desk.project

    def compose(self) -> ComposeResult:
        """Header, the body with its details and the preview beside it, status, footer."""
        self.fit_classes()
        yield HeaderBar(id="header")
        with Horizontal(id="middle"):
            with Vertical(id="work", classes="lists" if self.is_list else ""):
                yield from self.compose_body()
                yield DocumentView(id="details")
            yield DocumentView(id="preview")
        yield from self.compose_beneath()
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show what there is, and again after each change."""
        self.pmtui.data_changed.subscribe(self, self._changed)
        self.pmtui.company_changed.subscribe(self, self._company_changed)
        self.show_all()

    def on_screen_resume(self) -> None:
        """Show what changed while another view was in front."""
        if self._stale:
            self.show_all()
        else:
            self.show_header()
            self._tell_read_only()

    def on_resize(self) -> None:
        """Header and footer have another width."""
        self.fit_classes()
        self.show_header()
        self.show_footer()

    def fit_classes(self) -> None:
        """The classes of the size, before there is anything that would be styled twice; what is broad is wide too."""
        width = self.app.size.width
        sizes = {"-narrow": width < WIDE, "-wide": width >= WIDE, "-broad": width >= BROAD, "-tiny": self.is_tiny}
        self.update_classes({**sizes, "-beside": width >= self.details_beside})

    async def on_event(self, event: events.Event) -> None:
        """Coming to the front again changes no style: the theme's change reaches every screen by itself."""
        if isinstance(event, events.ScreenResume):
            event.refresh_styles = False
        await super().on_event(event)

    @property
    def is_tiny(self) -> bool:
        """Whether there are too few lines for more than the list."""
        return self.app.size.height < TINY

    def _changed(self, _: None) -> None:
        if self._is_seen():
            self.show_all()
        else:
            self._stale = True

    def _company_changed(self, _: None) -> None:
        if self._is_seen():
            self.show_header()

    def _is_seen(self) -> bool:
        """Whether the view is in front, or only questions stand over it, which leave it to be seen."""
        stack = self.app.screen_stack
        if self not in stack:
            return False
        return all(screen.styles.background.a < 1 for screen in stack[stack.index(self) + 1 :])

    def show_all(self) -> None:
        """Everything on the view, from the records as they are now."""
        self._stale = False
        with self.app.batch_update():
            if self.desk.projects:
                self.show_data()
            else:
                self.show_no_project()
            self.show_header()
            self.show_footer()
            self._tell_read_only()
            if self.has_class("with-preview"):
                self.show_preview()

    def has_project(self) -> bool:
        """Whether there is a project to work in; says how to begin where there is none."""
        if not self.desk.projects:
            self.show_no_project()
        return bool(self.desk.projects)

    def show_no_project(self) -> None:
        """An empty workspace: what it is for, and the one key that begins."""
        project = key_of("go.project")
        self.tell((("No project here yet. ", ""), (project, "accent"), (" adds one.", "")))
        workspace = str(self.desk.session.path)
        lines: tuple[Cell, ...] = (
            "pmtui keeps your tasks, risks, costs, minutes and status reports.",
            (
                (project, "accent"),
                (" adds the first project: type its code, such as hris, then ", "muted"),
                ("⏎", "accent"),
            ),
            (("They are kept in ", "muted"), (workspace, "muted")),
            (("pmtui demo", "accent"), (" in the shell opens a realistic workspace to try things in", "muted")),
        )
        for body in (*self.query(RecordTable), *self.query(BoardView)):
            body.empty = lines

    def show_header(self) -> None:
        """Project ▸ view, lights, counts; who is here."""
        from pmtui.screens.header import header_cells

        others = self.pmtui.presence.names(project.code for project in self.shown_projects())
        spans, width = self.spans_projects, self.size.width
        cells = header_cells(self.desk, self.title_word, spans_projects=spans, others=others, width=width)
        self.query_one("#header", HeaderBar).set(*cells)

    def shown_projects(self) -> list[OpenProject]:
        """The projects that the view shows."""
        from pmtui.screens.header import projects_in

        return projects_in(self.desk, spans_projects=self.spans_projects)

    def show_footer(self) -> None:
        """What can be done now, from the action table."""
        items = [
            (self.footer_key(a), self.footer_word(a), self.footer_enabled(a) and not self.why_not(a.id))
            for a in self.footer_actions()
            if a.id != "view.help"
        ]
        if self._hides_view():
            preview = (key_of("view.preview"), "back")
            items.sort(key=lambda item: item[:2] != preview)
        if self.leads_back:
            items.insert(_BACK_AT, (key_of("view.back"), "back", True))
        items.append((key_of("view.help"), "help", True))
        self.query_one("#footer", FooterBar).set(items)

    def footer_actions(self) -> Sequence[Action]:
        """The actions that the footer tells, the most used first."""
        return footer_of(self.view)

    def footer_key(self, action: Action) -> str:
        """How the footer writes an action's key."""
        return action.key

    def footer_word(self, action: Action) -> str:
        """How the footer names an action now."""
        return "back" if action.id == "view.preview" and self._hides_view() else action.word

    def _hides_view(self) -> bool:
        """Whether the preview takes the place of the view, where there is no room for both."""
        return self.has_class("with-preview") and self.has_class("-narrow")

    # What can't be written ------------------------------------------------------

    def why_not(self, action_id: str) -> str:
        """Why an action can't be done where nothing can be written; empty where it can."""
        if action_id not in WRITING or not any(p.read_only for p in self.shown_projects()):
            return ""
        return whole_reason(self.desk, self.projects_written(action_id))

    def projects_written(self, action_id: str) -> Sequence[OpenProject]:
        """The projects that an action would write."""
        del action_id
        return self.shown_projects()

    def _tell_read_only(self) -> None:
        """Say why nothing can be written when that is news here, and when it is over."""
        shown = self.shown_projects()
        now = {project.code: project.read_only for project in shown if project.read_only}
        before, self._read_only = self._read_only, now
        over = [project.code for project in shown if project.code in before and project.code not in now]
        if now and now != before:
            self.tell_error(whole_reason(self.desk, shown))
        elif over:
            self.tell(f"✓ {', '.join(over)} can be written again")
        elif before and not now:
            self.tell("")

    # What is said ---------------------------------------------------------------

    def tell(self, content: Cell) -> None:
        """Say something in the status line."""
        self.query_one("#status", StatusLine).set(content)

    def tell_error(self, error: Exception | str) -> None:
        """Say what went wrong; what was typed and shown stays."""
        first, *rest = str(error).splitlines() or [type(error).__name__]
        more = f"  (and {len(rest)} more)" if rest else ""
        self.tell(((f"! {first}{more}", "bad"),))

    def tell_outcome(self, outcome: Outcome) -> None:
        """Say what was done, and how to take it back where that can be done."""
        done, _, effect = outcome.words.partition(" · ")
        said = [part for part in (*outcome.said, effect) if part]
        parts: list[Span] = [(f"✓ {done}", "")]
        if self._wrote and not outcome.lasting:
            redo = done.startswith("undo:")
            key = key_of("desk.redo" if redo else "desk.undo")
            parts += [(f"   {key}", "accent"), (" redo" if redo else " undo", "muted")]
        parts += [(f"   {part}", "muted") for part in said]
        self.tell(tuple(parts) if outcome.words else "")

    def perform(self, service: Callable[[], Outcome]) -> Outcome | None:
        """Call a service; tell what it did or why it refused."""
        before = self.desk.sequences()
        try:
            outcome = service()
        except (Refused, StoreError, OSError) as error:
            self.tell_error(error)
            return None
        self._wrote = before != self.desk.sequences()
        self.tell_outcome(outcome)
        self._wrote = True
        return outcome

    def act(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> Outcome | None:
        """Call a service on records, as one thing that can be undone."""
        return self.perform(lambda: self.desk.act(keys, service))

    # Keys that every view has --------------------------------------------------

    def action_go_triage(self) -> None:
        """Triage, from anywhere."""
        from pmtui.screens.triage import TriageScreen

        if not self.desk.overdue():
            self.tell("Nothing is overdue.")
        else:
            self.app.push_screen(TriageScreen())

    def action_go_project(self) -> None:
        """Another project, all of them, or a new one."""
        from pmtui.screens.prompts import Item, PickerScreen

        items = [Item("", "All projects", "in Today and Triage")] if self.spans_projects else []
        items += [Item(p.code, title_of(p), p.code) for p in self.desk.shown_all()]
        picker = PickerScreen("Project (a new one: type its code, then ⏎)", items, others=_new_project)
        self.app.push_screen(picker, self._take_project)

    def _take_project(self, picked: object) -> None:
        if picked is None:
            return
        code = str(picked)
        if code.startswith("+"):
            from pmtui.services.projects import add_project

            if self.perform(lambda: self.desk.adopt(add_project(self.desk.session, code[1:], code[1:]))):
                self.tell(
                    (
                        (f"{code[1:]} is added. ", ""),
                        (key_of("go.settings"), "accent"),
                        (" in Today names it, and more", "muted"),
                    )
                )
        self.desk.look_at(code.removeprefix("+"), narrow=self.spans_projects)
        self.pmtui.data_changed.publish(None)

    def action_go_palette(self) -> None:
        """Find an action or a record."""
        self.pmtui.show_palette(self)

    def action_desk_undo(self) -> None:
        """Take back the last thing done here."""
        self.perform(self.desk.undo)

    def action_desk_redo(self) -> None:
        """Bring back what was undone."""
        self.perform(self.desk.redo)

    def action_view_changes(self) -> None:
        """Who did what, when and why."""
        from pmtui.screens.history import open_changes

        open_changes(self)

    def action_view_back(self) -> None:
        """Back; at the top, out."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        elif self.opened_from:
            self.go(self.opened_from)
        else:
            self.app.exit()

    def action_view_help(self) -> None:
        """All keys of this view."""
        from pmtui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def action_view_preview(self) -> None:
        """The report beside the view, following every change."""
        self.toggle_class("with-preview")
        if self.has_class("with-preview"):
            self.show_preview()
        self.show_footer()

    def show_preview(self) -> None:
        """Draw the report page of the project in view."""
        from pmtui.reports.page import to_lines
        from pmtui.services.reports import preview

        if self.desk.projects:
            report = preview(self.project)
            self.query_one("#preview", DocumentView).set_document(lambda width: to_lines(report, width))

    def action_view_export(self) -> None:
        """What is shown, as a CSV file."""
        self.tell_error("nothing to export in this view")


def _new_project(text: str) -> "Item | None":
    from pmtui.screens.prompts import Item
    from pmtui.store.workspace import code_problem

    code = text.strip()
    return None if code_problem(code) else Item(f"+{code}", f"Add the project {code}", "new")
