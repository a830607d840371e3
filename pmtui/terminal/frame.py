"""The last frame that was sent, and the bytes that make the next one of it."""

import re
from collections.abc import Iterable, Sequence

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment

from pmtui.terminal.pens import MARKS_SPACE, PLAIN, Pen, blank_of, blanks_alike, pen_of, turn

Cell = tuple[str, Pen]
"""A cell's text and pen; the second cell of a wide character has no text."""

Row = list[Cell]

NOT_KNOWN: Cell = ("\0", PLAIN)
"""What a cell holds of which nothing is known."""

GAP = 4
"""So many cells that are the same are sent again rather than passed over: a move costs as much."""

LEAST_BLANKS = 10
"""So many spaces in one pen are erased and passed over, which costs up to ten bytes."""

LEAST_ROWS = 4
"""Rows that differ, below which looking for a scroll does not pay."""

FARTHEST = 20
"""By how many rows at most a scroll is looked for."""


DOUBTED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1100-\u11ff\u135d-\u135f\u1700-\u18af\u1920-\u1aff\u1b00-\u1cff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u2600-\u26ff\u302a-\u302f\u3099\u309a\ua800-\uabff\ud7b0-\ud7ff\ufb1d-\ufdff"
    "\ufe20-\ufe2f\ufe70-\ufeff\U00010a00-\U00011fff\U0001f000-\U0001faff]"
)
"""Characters whose width terminals don't agree on: marks, vowel signs, scripts that join, and pictures.

After them the column is said rather than taken for reached, so that what follows stands where it should.
"""


def cells_of(segments: Iterable[Segment], system: ColorSystem | None) -> Row:
    """A line's cells; what has no width of its own stands with the character before it.

    A space holds no more of its pen than is seen of it.
    """
    row: Row = []
    for text, style, control in segments:
        if control:
            continue
        pen = pen_of(style, system)
        blank = (" ", blank_of(pen))
        if text.isascii():
            row += [blank if character == " " else (character, pen) for character in text]
            continue
        for character in text:
            width = get_character_cell_size(character)
            if character == " ":
                row.append(blank)
            elif width:
                row.append((character, pen))
                row += [("", pen)] * (width - 1)
            elif row:
                place = -2 if row[-1][0] == "" and len(row) > 1 else -1
                row[place] = (row[place][0] + character, row[place][1])
    return row


class Frame:
    """What stands on a terminal of ``width`` columns and ``height`` lines, as far as it was sent from here.

    ``erases``: whether the terminal erases in the pen's background (``bce``).
    """

    def __init__(self, width: int, height: int, *, erases: bool = True) -> None:
        self.width, self.height = width, height
        self._erases = erases
        self._shown: list[Row] = []
        self._next: list[Row] = []
        self._touched: set[int] = set()
        self._pen: Pen | None = None
        self._passed = 0
        self._doubted = False
        self._at: tuple[int, int] | None = None
        self.forget()

    def forget(self) -> None:
        """Nothing is known any more: another program wrote, or bytes were lost."""
        self._shown = [[NOT_KNOWN] * self.width for _ in range(self.height)]
        if not self._next:
            self._next = [[(" ", PLAIN)] * self.width for _ in range(self.height)]
        self._touched = set(range(self.height))
        self._pen = self._at = None

    def put(self, y: int, x: int, cells: Row) -> None:
        """Cells from column ``x`` of line ``y`` on, for the next frame; what is outside is left out."""
        if not 0 <= y < self.height or x >= self.width:
            return
        if x < 0:
            cells, x = cells[-x:], 0
        cells = cells[: self.width - x]
        row = self._next[y]
        if x == 0 and len(cells) == self.width:
            self._next[y] = cells
        else:
            _halve(row, x)
            _halve(row, x + len(cells))
            row[x : x + len(cells)] = cells
        self._touched.add(y)

    def changes(self, cursor: tuple[int, int] | None = None) -> str:
        """What to send so that the next frame stands there, the cursor at (column, line); empty where it does."""
        changed = sorted(y for y in self._touched if self._next[y] != self._shown[y])
        self._touched.clear()
        sent: list[str] = []
        if len(changed) >= LEAST_ROWS:
            sent += self._scroll(changed)
            changed = [y for y in range(changed[0], changed[-1] + 1) if self._next[y] != self._shown[y]]
        for y in changed:
            sent += self._line(y)
            self._shown[y] = list(self._next[y])
        if cursor is not None and (sent or cursor != self._at):
            sent.append(self._move(*cursor))
        return "".join(sent)

    # One line -----------------------------------------------------------------

    def _line(self, y: int) -> list[str]:
        row, shown = self._next[y], self._shown[y]
        sent: list[str] = []
        end = self._tail(row, shown)
        x = 0
        while x < end:
            if row[x] == shown[x]:
                x += 1
                continue
            last = self._last_of_run(row, shown, x, end)
            x = _lead(row, shown, x)
            sent += [self._move(x, y), *self._text(row[x:last], x)]
            reached = last - self._passed
            self._at = (reached, y) if reached < self.width and not self._doubted else None
            x = last
        if end < self.width:
            pen = row[-1][1]
            sent += [self._move(end, y), "" if blanks_alike(self._pen, pen) else self._draw_with(pen), "\x1b[K"]
        return sent

    def _tail(self, row: Row, shown: Row) -> int:
        """From which column on the line is blank in one pen, differs, and is better erased; else its width."""
        pen = row[-1][1]
        if row[-1][0] != " " or MARKS_SPACE.intersection(pen.attributes) or not (self._erases or not pen.background):
            return self.width
        blank = (" ", pen)
        begin = self.width
        while begin and row[begin - 1] == blank:
            begin -= 1
        while begin < self.width and shown[begin] == blank:
            begin += 1
        return begin if self.width - begin > GAP else self.width

    def _last_of_run(self, row: Row, shown: Row, x: int, end: int) -> int:
        """Where a run of cells to send ends: after it, more than a few stay as they are."""
        last = x + 1
        at = last
        while at < end and at - last <= GAP:
            if row[at] != shown[at]:
                last = at + 1
            at += 1
        while last < self.width and row[last][0] == "":
            last += 1
        return last

    def _text(self, cells: Row, left: int) -> list[str]:
        """What draws cells from column ``left`` on; erased blanks at their end are counted, not passed over."""
        sent: list[str] = []
        blanks = passed = 0
        doubted = False
        for x, (text, pen) in enumerate(cells):
            if blanks:
                blanks -= 1
                continue
            if passed:
                sent.append(f"\x1b[{passed}C")
                passed = 0
            if not text.isascii() and DOUBTED.search(text):
                if not doubted:
                    sent += self._clear(cells, x)
                doubted = True
            elif doubted and text:
                sent.append(f"\x1b[{left + x + 1}G")
                doubted = False
            if pen is not self._pen and not (text == " " and blanks_alike(self._pen, pen)):
                sent.append(self._draw_with(pen))
            count = self._blanks(cells, x) if text == " " else 0
            if count:
                sent.append(f"\x1b[{count}X")
                blanks, passed = count - 1, count
            else:
                sent.append(text)
        self._passed, self._doubted = passed, doubted
        return sent

    def _clear(self, cells: Row, x: int) -> list[str]:
        """Erase what stands where text of a doubtful width from ``x`` on is drawn: it may take fewer cells."""
        end = x + 1
        while end < len(cells) and (not cells[end][0] or DOUBTED.search(cells[end][0])):
            end += 1
        count, pen = end - x, cells[x][1]
        turned = [] if pen is self._pen else [self._draw_with(pen)]
        if self._erases or not pen.background:
            return [*turned, f"\x1b[{count}X"]
        return [*turned, " " * count, f"\x1b[{count}D"]

    def _blanks(self, cells: Row, x: int) -> int:
        """How many spaces in one pen from ``x`` on are better erased than written; 0 where they are few."""
        pen = cells[x][1]
        if MARKS_SPACE.intersection(pen.attributes) or not (self._erases or not pen.background):
            return 0
        end = x
        while end < len(cells) and cells[end] == cells[x]:
            end += 1
        return end - x if end - x >= LEAST_BLANKS else 0

    def _draw_with(self, pen: Pen) -> str:
        before, self._pen = self._pen, pen
        return turn(before, pen)

    def _move(self, x: int, y: int) -> str:
        at, self._at = self._at, (x, y)
        if at == (x, y):
            return ""
        if at is not None and at[1] == y and x > at[0]:
            count = x - at[0]
            return f"\x1b[{count if count > 1 else ''}C"
        if y == x == 0:
            return "\x1b[H"
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"

    # Many lines ----------------------------------------------------------------

    def _scroll(self, changed: Sequence[int]) -> list[str]:
        """Move lines that stand there already, where the next frame has them some lines higher or lower."""
        top, bottom = changed[0], changed[-1] + 1
        found = _shift(self._shown[top:bottom], self._next[top:bottom])
        if not found:
            return []
        lines = [NOT_KNOWN] * self.width
        sent = [self._draw_with(PLAIN), f"\x1b[{top + 1};{bottom}r"]
        block = self._shown[top:bottom]
        if found > 0:
            sent += [f"\x1b[{bottom}H", "\n" * found]
            block = [*block[found:], *(list(lines) for _ in range(found))]
        else:
            sent += [f"\x1b[{top + 1}H", "\x1bM" * -found]
            block = [*(list(lines) for _ in range(-found)), *block[:found]]
        self._shown[top:bottom] = block
        self._at = None
        return [*sent, "\x1b[r"]


def _shift(shown: Sequence[Row], wanted: Sequence[Row]) -> int:
    """By how many lines up (negative: down) most of what is wanted stands; 0 where that is no gain."""
    height = len(wanted)
    best, gain = 0, sum(1 for one, other in zip(shown, wanted, strict=True) if one == other)
    for count in range(1, min(FARTHEST, height - 1) + 1):
        for shift in (count, -count):
            pairs = zip(shown[count:], wanted, strict=False) if shift > 0 else zip(shown, wanted[count:], strict=False)
            alike = sum(1 for one, other in pairs if one == other)
            if alike > gain + LEAST_ROWS // 2 and alike * 2 > height:
                best, gain = shift, alike
    return best


def _halve(row: Row, x: int) -> None:
    """Where a wide character begins before a column and goes on after it, nothing of it is left."""
    if 0 < x < len(row) and row[x][0] == "":
        row[x - 1], row[x] = (" ", row[x - 1][1]), (" ", row[x][1])


def _lead(row: Row, shown: Row, x: int) -> int:
    """The first cell of the character that a column belongs to, now or before."""
    while x and (row[x][0] == "" or shown[x][0] == ""):
        x -= 1
    return x
