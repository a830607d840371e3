"""The board: where the work stands, column by column."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence

from textual.app import ComposeResult

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.records import Task
from pmtui.domain.records.task import BACKLOG, BLOCKED, COLUMNS, DOING, DONE, PRIORITIES, TO_DO
from pmtui.keymap import key_of
from pmtui.screens.details import due_tone, story
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.services import tasks
from pmtui.services.desk import Key
from pmtui.widgets.board import BoardColumn, BoardView, Card, Lane
from pmtui.widgets.cells import Span, fit, width_of, wrap
from pmtui.widgets.document_view import DocumentView

MOVES = (BACKLOG, TO_DO, DOING, DONE)
"""The columns that H and L move a card along; Blocked asks by what, so b goes there."""

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
        self._sort = "d"
        self._lane = "n"
        self._unfolded = False
        self._shown: list[Key] = []
        self._columns: dict[str, list[Task]] = {}

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

    def show_data(self) -> None:
        """Cards in their columns and lanes, sorted."""
        project = self.project
        found = [t for t in project.data.tasks.values() if t.status in COLUMNS and self.passes(t, project)]
        key = SORTS[self._sort][1]
        self._columns = {status: [] for status in COLUMNS}
        for task in sorted(found, key=key):
            self._columns[task.status].append(task)
        self._columns[DONE].sort(key=lambda t: (-(t.finish_date or dt.date.min).toordinal(), t.id))
        self._shown = [(project.code, t.number) for column in self._columns.values() for t in column]
        limits = project.data.project.wip_limits
        columns = [
            BoardColumn(s, s[0].upper() + s[1:], limits.get(s), folded=s == BACKLOG and not self._unfolded)
            for s in COLUMNS
        ]
        board = self.board
        board.empty = self.empty_lines(
            "The board shows every task by its status.", key_of("record.add"), "adds the first task"
        )
        board.invalidate()
        board.set_model(columns, self._lanes())
        self.show_details()

    def show_details(self) -> None:
        """The story of the card under the cursor, in the few lines the board leaves."""
        self._timer = None
        record, project = self.record(), self.project if self.desk.projects else None
        pane = self.query_one("#details", DocumentView)
        pane.set_document(lambda width: story(project, record, width) if project and record else [])
        self.show_footer()

    def _lanes(self) -> list[Lane]:
        code = self.project.code
        if self._lane == "n":
            return [Lane("", {s: [(code, t.number) for t in column] for s, column in self._columns.items()})]
        names: dict[str, dict[Hashable, list[Hashable]]] = {}
        for status, column in self._columns.items():
            for task in column:
                names.setdefault(self._lane_of(task), {}).setdefault(status, []).append((code, task.number))
        return [Lane(name, names[name]) for name in sorted(names, key=self._lane_order)]

    def _lane_of(self, task: Task) -> str:
        if self._lane == "o":
            return task.owner or "nobody"
        if self._lane == "i":
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
        return card_of(task, width, self.board.card_height, self.desk.session.today)

    # Cards -------------------------------------------------------------------

    def action_board_move_left(self) -> None:
        """The card one column to the left."""
        self._shift(-1)

    def action_board_move_right(self) -> None:
        """The card one column to the right."""
        self._shift(1)

    def _shift(self, step: int) -> None:
        keys = self.chosen()
        record = self.desk.record(keys[0]) if keys else None
        if not isinstance(record, Task):
            return
        at = MOVES.index(DOING if record.status == BLOCKED else record.status)
        to = at + step
        if not 0 <= to < len(MOVES):
            self.tell_error(f"there is no column beyond {MOVES[at]}")
            return
        status = MOVES[to]
        outcome = self.act(keys, lambda p, numbers: tasks.move_to(p, numbers, status))
        if outcome is None:
            return
        self.rows.set_marks(())
        if status == BACKLOG:
            self._unfolded = True
        self._warn_of_limit(status)
        self.call_after_refresh(self.board.move_to, keys[0])

    def _warn_of_limit(self, status: str) -> None:
        limit = self.project.data.project.wip_limits.get(status)
        count = sum(1 for t in self.project.data.tasks.values() if t.status == status)
        if limit is not None and count > limit:
            undo = (f"   {key_of('desk.undo')}", "accent"), (" undo", "muted")
            self.tell(((f"▲ {count} in {status}, the limit is {limit}", "warn"), *undo))

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
        column = self._columns.get(record.status, [])
        numbers = [t.number for t in column]
        at = numbers.index(key[1])
        to = at + step
        if not 0 <= to < len(numbers):
            return
        numbers.insert(to, numbers.pop(at))
        self._sort = "r"
        self.perform(lambda: self.desk.commit(self.project, lambda: tasks.reorder(self.project, numbers, key[1])))
        self.call_after_refresh(self.board.move_to, key)

    def action_board_options(self) -> None:
        """Sort, lanes, density, the backlog."""
        choices = [Choice(key, f"sort: {name}") for key, (name, _) in SORTS.items()]
        choices += [Choice(key, f"lanes: {name}") for key, name in LANES.items()]
        choices += [Choice("1", "dense cards"), Choice("3", "full cards"), Choice("b", "backlog folded or open")]
        now = f"sorted by {SORTS[self._sort][0]}, lanes by {LANES[self._lane]}"
        self.app.push_screen(ChoiceScreen((("Board ", "strong"), (now, "muted")), choices), self._set_option)

    def _set_option(self, key: str | None) -> None:
        if key in SORTS:
            self._sort = key
        elif key in LANES:
            self._lane = key
        elif key in {"1", "3"}:
            self.board.card_height = int(key)
        elif key == "b":
            self._unfolded = not self._unfolded
        else:
            return
        self.show_data()


def card_of(task: Task, width: int, height: int, today: dt.date) -> Card:
    """A card: number and title on two lines, then who, when, how late, how often moved, blocked by what."""
    if height == 1:
        late = short_due(task.due, today) if task.is_open and task.due and task.due <= today else ""
        room = max(4, width - len(late) - 1 if late else width)
        return Card((((fit(f"{task.number} {task.title}", room), ""), (f" {late}" if late else "", "bad")),))
    lines = wrap(f"{task.number} {task.title}", width) or [task.number]
    if len(lines) > 2:
        lines = [lines[0], fit(" ".join(lines[1:]), width)]
    first = lines[0].removeprefix(task.number)
    title: tuple[Span, ...] = ((task.number, "muted"), (first, "")) if first != lines[0] else ((lines[0], ""),)
    bottom: list[list[Span]] = [[]]
    room = width
    for fact in _facts(task, today):
        if bottom[-1] and width_of(fact[0]) > room:
            if len(lines) + len(bottom) >= height:
                continue
            bottom.append([])
            room = width
        bottom[-1] += [fact, ("  ", "")]
        room -= width_of(fact[0]) + 2
    return Card((title, *(((line, ""),) for line in lines[1:]), *map(tuple, bottom)))


def _facts(task: Task, today: dt.date) -> list[Span]:
    if task.status == DONE:
        return [(f"✓ {say_date(task.finish_date, today)}" if task.finish_date else "✓", "good"), (task.owner, "muted")]
    facts: list[Span] = []
    if task.status == BLOCKED:
        return [(f"⊘ {task.blocked_reason}", "warn"), (task.owner, "muted")]
    facts.append((task.owner or "nobody", "" if task.owner else "muted"))
    if task.due:
        word = short_due(task.due, today)
        facts.append((word, due_tone(task.due, today) or "muted"))
    if task.priority in {"high", "urgent"}:
        facts.append(("!" if task.priority == "high" else "!!", "warn"))
    if task.slip_count:
        facts.append((f"↷{task.slip_count}", "warn" if task.slip_count > 2 else "muted"))
    if task.estimate:
        days = task.estimate / 8
        facts.append((f"~{days:g}d" if task.estimate >= 8 else f"~{task.estimate:g}h", "muted"))
    facts += [(f"#{tag}", "muted") for tag in task.tags[:2]]
    return facts
