"""What others wrote in the record of an open form: news of it, and both values where it must be settled."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmtui.domain.fields import Field, Merge
from pmtui.domain.merge import Keep
from pmtui.domain.records import Record
from pmtui.domain.values import show_value, write_value
from pmtui.services.merging import NOTHING, Dispute, writer_of
from pmtui.services.project import OpenProject
from pmtui.widgets.bars import FooterItem
from pmtui.widgets.cells import Span, clip_spans, fit, width_of, wrap
from pmtui.widgets.document_view import DocumentView

_LINES_SHOWN = 4
"""Lines shown of each value; it is in the field itself as a whole."""

_LEAST_VALUE = 12
"""Cells that a value has at least, beside its label and author."""

_NEWS_SHOWN = 5
"""Fields that others changed, told by name; more are counted."""

News = tuple[str, str, str]
"""When and who, what they changed, and what becomes of it; the change is cut where the line is short."""

_CHOSEN, _OPEN = "●", "○"
_GONE = "(took the line out)"


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A field in conflict: ``texts`` are what it holds with each way to settle it, ``shown`` these in words.

    Of a long text, each of ``texts`` has what both changed elsewhere in it, and ``shown`` the lines that clash.
    """

    dispute: Dispute
    texts: Mapping[Keep, str]
    shown: Mapping[Keep, Sequence[str]]

    def held(self, text: str) -> Keep:
        """Which of the values a field's text is; whatever else was typed is mine."""
        ways: tuple[Keep, ...] = ("mine", "theirs", "both")
        return next((keep for keep in ways if self.texts.get(keep) == text), "mine")

    def with_mine(self, text: str) -> "OpenConflict":
        """The conflict where this was typed in the field since."""
        if text in self.texts.values():
            return self
        words = "as it is in the field" if self.dispute.conflict.lines else text or NOTHING
        return OpenConflict(self.dispute, {**self.texts, "mine": text}, {**self.shown, "mine": [words]})

    def after(self, text: str) -> str:
        """What stands in the field one step on: from mine to theirs, to both where it is a long text, to mine."""
        ways = list(self.texts)
        return self.texts[ways[(ways.index(self.held(text)) + 1) % len(ways)]]


def open_conflict(dispute: Dispute, typed: str, today: dt.date) -> OpenConflict:
    """A dispute as a form shows it, where this is what was typed."""
    field, conflict = dispute.field, dispute.conflict
    if conflict.lines is None:
        values = (conflict.mine, conflict.theirs)
        mine, theirs = (show_value(field, value, today) or NOTHING for value in values)
        texts: dict[Keep, str] = {"mine": typed, "theirs": write_value(field, conflict.theirs)}
        return OpenConflict(dispute, texts, {"mine": [mine], "theirs": [theirs]})
    clashes = conflict.lines.clashes
    ours = [line for part in clashes for line in part.mine or [_GONE]]
    others = [line for part in clashes for line in part.theirs or [_GONE]]
    ways: tuple[Keep, ...] = ("mine", "theirs", "both")
    return OpenConflict(
        dispute,
        {keep: conflict.lines.text(keep) for keep in ways},
        {"mine": ours, "theirs": others, "both": ["theirs, then yours beneath"]},
    )


def asked_words(disputes: Sequence[Dispute]) -> str:
    """That nothing was saved, and whose changes stand in the way."""
    who = " and ".join(dict.fromkeys(dispute.writer.who for dispute in disputes))
    what = disputes[0].field.label if len(disputes) == 1 else f"{len(disputes)} of the same fields"
    return f"not saved: {who} changed {what} meanwhile"


def news_line(project: OpenProject, now: Record, field: Field, *, typed: bool) -> News:
    """That somebody changed a field while the form was open; ``typed``: it was typed in here too."""
    writer = writer_of(project, now, field.name)
    if field.merge is Merge.LINES:
        what = f"wrote in {field.label}"
    else:
        what = f"changed {field.label} to {show_value(field, getattr(now, field.name), project.today) or NOTHING}"
    asks = "you did too, saving asks" if field.merge is Merge.VALUE else "you did too, saving joins both"
    return f"{writer.when} {writer.who} ".lstrip(), what, f" · {asks}" if typed else ""


class ConflictPane(DocumentView):
    """Both values of every field in conflict, with who and when; the cursor is on one of them."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.conflicts: dict[str, OpenConflict] = {}
        self.news: dict[str, News] = {}
        self._at = 0
        self._texts: Mapping[str, str] = {}

    @property
    def current(self) -> str:
        """The field the cursor is on; empty where nothing is in conflict."""
        names = list(self.conflicts)
        return names[min(self._at, len(names) - 1)] if names else ""

    def move_to(self, name: str) -> None:
        """Put the cursor on a field, where it is in conflict."""
        if name in self.conflicts:
            self._at = list(self.conflicts).index(name)

    def move(self, step: int) -> None:
        """Move the cursor by fields, as far as there are any."""
        self._at = max(0, min(len(self.conflicts) - 1, self._at + step))

    def forget(self) -> None:
        """Nothing is in conflict, and nothing is news."""
        self.conflicts, self.news, self._at = {}, {}, 0

    def show(self, texts: Mapping[str, str]) -> None:
        """Draw what there is, given what the form's fields hold."""
        self._texts = texts
        self.can_focus = bool(self.conflicts)
        self.set_class(bool(self.conflicts or self.news), "filled")
        self.set_document(self._page)
        if self.conflicts:
            before = list(self.conflicts.values())[: self._at]
            first = sum(len(self._block(conflict, self.text_width)) for conflict in before)
            last = first + len(self._block(self.conflicts[self.current], self.text_width)) - 1
            self.reveal(first, last)

    def keys(self, save_key: str) -> list[FooterItem]:
        """The keys that settle what is in conflict, and the one that saves."""
        held = {name: conflict.held(self._texts[name]) for name, conflict in self.conflicts.items()}
        save = (save_key, "again keeps yours" if "mine" in held.values() else "save", True)
        if not self.has_focus:
            both = ", both" if any("both" in conflict.texts for conflict in self.conflicts.values()) else ""
            return [save, ("Ctrl+T", f"theirs{both} or yours", True), ("Tab", "next field", True)]
        now = held.get(self.current, "mine")
        keys: list[FooterItem] = [save, ("t", "theirs", now != "theirs"), ("m", "mine", now != "mine")]
        keys += [("b", "both", now != "both")] if "both" in self.conflicts[self.current].texts else []
        keys += [("j k", "next", True)] if len(self.conflicts) > 1 else []
        return [*keys, ("Tab", "the field", True)]

    def _page(self, width: int) -> Sequence[Sequence[Span]]:
        if self.conflicts:
            return [line for conflict in self.conflicts.values() for line in self._block(conflict, width)]
        told = list(self.news.values())[-_NEWS_SHOWN:]
        more = len(self.news) - len(told)
        lines = [_news(line, width) for line in told]
        return [((f"{more} more fields were changed", "muted"),), *lines] if more else lines

    def _block(self, conflict: OpenConflict, width: int) -> list[tuple[Span, ...]]:
        """A field's label, then a line or more for each way to settle it."""
        field, writer = conflict.dispute.field, conflict.dispute.writer
        held, here = conflict.held(self._texts[field.name]), self.current == field.name
        everywhere = self.conflicts.values()
        labels = max(width_of(other.dispute.field.label) for other in everywhere)
        names = max(width_of(name) for other in everywhere for name in _names(other).values())
        lines: list[tuple[Span, ...]] = []
        for keep, name in _names(conflict).items():
            chosen = held == keep
            head: tuple[Span, ...] = (
                ("▸ " if here and not lines else "  ", "accent"),
                (fit("" if lines else field.label, labels) + "  ", "strong" if here else ""),
                (f"{_CHOSEN if chosen else _OPEN} ", "accent" if chosen else "muted"),
                (fit(name, names) + " ", "muted"),
            )
            when = writer.when if keep == "theirs" else ""
            lines += _beside(head, conflict.shown[keep], "strong" if chosen else "", when, width)
        return lines


def _news(news: News, width: int) -> tuple[Span, ...]:
    who, what, then = news
    room = max(_LEAST_VALUE, width - width_of(who) - width_of(then))
    return ((who, "muted"), *clip_spans((what, "warn" if then else ""), room), (then, "muted"))


def _names(conflict: OpenConflict) -> Mapping[Keep, str]:
    """Whose each way to settle a conflict is, in the order they are shown."""
    names: dict[Keep, str] = {"theirs": conflict.dispute.writer.who, "mine": "you"}
    return names | ({"both": "both"} if "both" in conflict.texts else {})


def _beside(head: tuple[Span, ...], value: Sequence[str], tone: str, when: str, width: int) -> list[tuple[Span, ...]]:
    """A value beside its head, wrapped beneath itself, with the time at the right of its first line."""
    indent = sum(width_of(span) for span in head)
    room = max(_LEAST_VALUE, width - indent - (width_of(when) + 2 if when else 0))
    rows = [part for line in value[: _LINES_SHOWN + 1] for part in wrap(line[: (_LINES_SHOWN + 1) * room], room)]
    if len(rows) > _LINES_SHOWN:
        rows = [*rows[: _LINES_SHOWN - 1], "… and more, in the field"]
    first = (*head, (fit(rows[0], room), tone), (f"  {when}" if when else "", "muted"))
    return [first, *(((" " * indent, ""), (row, tone)) for row in rows[1:])]
