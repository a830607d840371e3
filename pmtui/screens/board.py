"""The board: where the work stands, column by column."""

import datetime as dt
import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import cast

import msgspec
from textual.app import ComposeResult

from pmtui.domain.records import Record, Task
from pmtui.domain.records.task import BACKLOG, COLUMNS, DONE, PRIORITIES
from pmtui.keymap import Action, key_of
from pmtui.screens.cards import card_of, details_of
from pmtui.screens.folding import FoldQuestion, turned_column, turned_lanes
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.services import tasks
from pmtui.services.board import step
from pmtui.services.desk import Key
from pmtui.services.layouts import BoardLayout
from pmtui.widgets.board import BoardColumn, BoardView, Card, Lane
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView

SORTS: dict[str, tuple[str, Callable[[Task], tuple[object, ...]]]] = {
    "d": ("due date", lambda t: (t.due or dt.date.max, t.id)),
    "p": (
        "priority",
        lambda t: (-PRIORITIES.index(t.priority) if t.priority in PRIORITIES else 0, t.due or dt.date.max, t.id),
    ),
    "r": ("order by hand", lambda t: (t.rank, t.due or dt.date.max, t.id)),
    "u": ("last change", lambda t: (-(t.updated.timestamp() if t.updated else 0), t.id)),
}
LANES = {"n": "none", "o": "owner", "v": "deliverable", "i": "priority"}


class BoardScreen(RecordsView):
    """Columns by status; lanes by owner, deliverable, priority or none."""

    view = "board"
    title_word = "Board"
    is_list = False
    CSS_PATH = "board.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Key] = []
        self._columns: dict[str, list[Task]] = {}
        self.lanes: list[Lane] = []

    def compose_body(self) -> ComposeResult:
        """The board itself."""
        yield BoardView(card=self._card, id="body")

    @property
    def board(self) -> BoardView:
        """The board's widget."""
        return self.query_one("#body", BoardView)

    @property
    def rows(self) -> Rows:
        """The board's widget."""
        return self.board

    def shown_keys(self) -> Sequence[Key]:
        """Cards column by column."""
        return self._shown

    def seen_keys(self) -> Sequence[Key]:
        """Cards as they are read, column by column, without what is folded away."""
        return cast("list[Key]", self.board.visible_keys)

    def on_board_view_cursor_moved(self) -> None:
        """The details follow."""
        self.cursor_moved()

    def move_by(self, lines: int) -> None:
        """Up or down in the column."""
        self.board.move(0, lines)

    def action_board_left(self) -> None:
        """To the column on the left."""
        self.board.move(-1, 0)

    def action_board_right(self) -> None:
        """To the column on the right."""
        self.board.move(1, 0)

    # How it is laid out ----------------------------------------------------------

    @property
    def layout_kept(self) -> BoardLayout:
        """How this user laid out the project's board."""
        return self.pmtui.layouts.of(self.project)

    def lay_out(self, layout: BoardLayout) -> None:
        """Lay the board out otherwise, and keep it so for the next start."""
        self.pmtui.layouts.keep(self.project, layout)
        self.show_data()

    def unfold(self, record: Record | None) -> None:
        """Open the column and the lane that a record is folded away in."""
        if not isinstance(record, Task):
            return
        now = self.layout_kept
        opened = turned_column(now, record.status) if record.status in now.folded else now
        lane = self._lane_of(record, now.lanes)
        if f"{now.lanes}:{lane}" in now.folded_lanes:
            opened = turned_lanes(opened, [lane])
        if opened != now:
            self.lay_out(opened)

    def reveal(self, key: Key) -> None:
        """Put the cursor on a card, out of its fold."""
        self.unfold(self.desk.record(key))
        super().reveal(key)

    def place_cursor(self, key: Key) -> bool:
        """Put the cursor on a card that was just written, out of its fold."""
        self.unfold(self.desk.record(key))
        return super().place_cursor(key)

    def count(self, status: str) -> int:
        """How many cards a column shows, or would if it were open."""
        return len(self._columns.get(status, ()))

    def show_data(self) -> None:
        """Cards in their columns and lanes, sorted."""
        project, layout = self.project, self.layout_kept
        held = dict.fromkeys(COLUMNS, 0)
        self._columns = {status: [] for status in COLUMNS}
        for task in project.data.tasks.values():
            if task.status in held:
                held[task.status] += 1
                if self.filter is None or self.passes(task, project):
                    self._columns[task.status].append(task)
        key = SORTS.get(layout.sort, SORTS["d"])[1]
        for status, column in self._columns.items():
            column.sort(key=_by_finish if status == DONE else key)
        keys: dict[Hashable, list[Key]]
        keys = {s: [(project.code, task.number) for task in column] for s, column in self._columns.items()}
        self.total = sum(held.values())
        self._shown = [*itertools.chain.from_iterable(keys.values())]
        self.lanes = self._lanes(layout, keys)
        limits = project.data.project.wip_limits
        columns = [
            BoardColumn(s, s[0].upper() + s[1:], limits.get(s), folded=s in layout.folded, held=held[s])
            for s in COLUMNS
        ]
        board = self.board
        board.card_height = 1 if layout.height == 1 else 3
        board.empty = self._empty()
        board.invalidate()
        board.set_model(columns, self.lanes)
        self.show_details()

    def _empty(self) -> tuple[Cell, ...]:
        if self._shown:
            folded = f"All {len(self._shown)} cards are in columns that are folded."
            return (folded, ((key_of("board.fold"), "accent"), (" opens them", "muted")))
        empty = self.empty_lines(
            "The board shows every task by its status.", key_of("record.add"), "adds the first task"
        )
        begin: Span = (" begins with a template, such as a project kick-off", "muted")
        template: Cell = ((key_of("record.templates"), "accent"), begin)
        return empty if self.filter_text else (*empty, template)

    def show_details(self) -> None:
        """The story of the card under the cursor, in the few lines the board leaves."""
        self._timer = None
        record, project = self.record(), self.project if self.desk.projects else None
        pane = self.query_one("#details", DocumentView)
        pane.set_document(lambda width: details_of(project, record, width) if project and record else [])
        self.show_footer()

    def _lanes(self, layout: BoardLayout, keys: Mapping[Hashable, list[Key]]) -> list[Lane]:
        if layout.lanes not in LANES or layout.lanes == "n":
            return [Lane("", keys)]
        names: dict[str, dict[Hashable, list[Hashable]]] = {}
        for status, column in self._columns.items():
            for task, key in zip(column, keys[status], strict=True):
                names.setdefault(self._lane_of(task, layout.lanes), {}).setdefault(status, []).append(key)
        folded = set(layout.folded_lanes)
        return [
            Lane(name, names[name], f"{layout.lanes}:{name}" in folded) for name in sorted(names, key=self._lane_order)
        ]

    def _lane_of(self, task: Task, by: str) -> str:
        if by == "o":
            return task.owner or "nobody"
        if by == "i":
            return task.priority
        found = self.project.data.get(task.deliverable) if task.deliverable else None
        return f"{found.number} {found.name}" if found else "no deliverable"

    def _lane_order(self, name: str) -> tuple[int, str]:
        if name in PRIORITIES:
            return (-PRIORITIES.index(name), "")
        return (name in {"nobody", "no deliverable"}, name)

    def _card(self, key: Hashable, width: int) -> Card:
        assert isinstance(key, tuple)
        task = self.desk.record(key)
        if not isinstance(task, Task):
            return Card(((str(key[1]), "muted"),))
        data = self.desk.projects[key[0]].data
        return card_of(task, data, width, self.board.card_height, self.desk.session.today)

    # Cards -------------------------------------------------------------------

    def action_board_move_left(self) -> None:
        """The card one column to the left."""
        self._shift(-1)

    def action_board_move_right(self) -> None:
        """The card one column to the right."""
        self._shift(1)

    def _shift(self, by: int) -> None:
        keys = self.chosen()
        if not self.applies("status", keys) or not self.act_on_keys(keys, lambda p, numbers: step(p, numbers, by)):
            return
        self.unfold(self.desk.record(keys[0]))
        self.call_after_refresh(self.board.move_to, keys[0])

    def action_board_raise_card(self) -> None:
        """The card before the one above it."""
        self._reorder(-1)

    def action_board_lower_card(self) -> None:
        """The card after the one below it."""
        self._reorder(1)

    def _reorder(self, step: int) -> None:
        key, record = self.cursor(), self.record()
        if key is None or not isinstance(record, Task):
            return
        if record.status == DONE:
            self.tell_error("what is done stands by the day it was finished")
            return
        beside = self._beside(key, record.status, step)
        if beside is None:
            return
        # The order is the whole column's, whatever a filter or a lane shows of it.
        column = [t for t in self.project.data.tasks.values() if t.status == record.status]
        numbers = [t.number for t in sorted(column, key=SORTS.get(self.layout_kept.sort, SORTS["d"])[1])]
        numbers.remove(key[1])
        numbers.insert(numbers.index(beside) + (step > 0), key[1])
        self.pmtui.layouts.keep(self.project, msgspec.structs.replace(self.layout_kept, sort="r"))
        self.perform(lambda: self.desk.commit(self.project, lambda: tasks.reorder(self.project, numbers, key[1])))
        self.call_after_refresh(self.board.move_to, key)

    def _beside(self, key: Key, status: str, step: int) -> str | None:
        """The card above or below one, as both are seen; ``None`` at the end."""
        for lane in self.lanes:
            shown = list(lane.cells.get(status, ()))
            if key in shown:
                to = shown.index(key) + step
                found = shown[to] if 0 <= to < len(shown) else None
                return found[1] if isinstance(found, tuple) else None
        return None

    def footer_key(self, action: Action) -> str:
        """Both ways of a move in one."""
        left = key_of("board.move_left")
        return f"{left} {action.key}" if action.id == "board.move_right" and left else super().footer_key(action)

    def action_board_fold(self) -> None:
        """Fold or open a column or a lane."""
        if self.has_project():
            FoldQuestion(self).ask()

    def action_board_options(self) -> None:
        """Sort, lanes, density, folds."""
        if not self.has_project():
            return
        now = self.layout_kept
        choices = [Choice(key, f"sort: {name}") for key, (name, _) in SORTS.items()]
        choices += [Choice(key, f"lanes: {name}") for key, name in LANES.items()]
        choices += [Choice("1", "dense cards"), Choice("3", "full cards"), Choice("b", "backlog folded or open")]
        choices.append(Choice("z", "fold or open others"))
        sort, lanes = SORTS.get(now.sort, SORTS["d"])[0], LANES.get(now.lanes, "none")
        said = f"sorted by {sort}, lanes by {lanes}"
        self.app.push_screen(ChoiceScreen((("Board ", "strong"), (said, "muted")), choices), self._set_option)

    def _set_option(self, key: str | None) -> None:
        now = self.layout_kept
        if key in SORTS:
            self.lay_out(msgspec.structs.replace(now, sort=key))
        elif key in LANES:
            self.lay_out(msgspec.structs.replace(now, lanes=key))
        elif key in {"1", "3"}:
            self.lay_out(msgspec.structs.replace(now, height=int(key)))
        elif key == "b":
            self.lay_out(turned_column(now, BACKLOG))
        elif key == "z":
            self.action_board_fold()


def _by_finish(task: Task) -> tuple[int, int]:
    return (-(task.finish_date or dt.date.min).toordinal(), task.id)
