"""The filter language: ``owner:ana due<fri late #tag slips>2 -done status:"to do" !high @ana ~none``.

Words look in a record's number, name, tags and texts; ``field:value`` and comparisons read the
value as a form does; ``late``, ``open``, ``done``, ``blocked``, ``waiting``, ``mine``, ``unowned``,
``undated``, ``moved``, ``today`` and ``week`` are facts (in quotes they are words). Several together all
hold; ``or``, ``not`` or ``-``, and parentheses combine them. A list ``owner:ana,ben`` is any of them, a
range ``score:8..15`` or ``due:mon..fri`` what lies between; ``none`` is empty, ``any`` is not, as are ``no:owner``
and ``has:due``. ``is:risk`` is a kind of record; ``=name`` stands for the filter that was saved as that.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TypeVar

from pmtui.domain.filterscope import FilterError, Node, Predicate, Scope, either
from pmtui.domain.filterterms import term_of
from pmtui.domain.filterwords import Token, tokens_of
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Record, RecordType

__all__ = ["Filter", "FilterError", "read_filter"]

R = TypeVar("R", bound=Record)


class Filter:
    """A filter that was read: made ready for a kind of record when it first meets one."""

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self._node = node
        self._ready: dict[str, Predicate] = {}

    def matches(self, record: Record, data: ProjectData) -> bool:
        """Whether a record is shown."""
        return self._for(record.TYPE)(record, data)

    def select(self, records: Iterable[R], data: ProjectData) -> list[R]:
        """The records that are shown, in their order."""
        listed = list(records)
        for record_type in {record.TYPE.kind: record.TYPE for record in listed}.values():
            self._for(record_type)
        ready = self._ready
        return [record for record in listed if ready[record.TYPE.kind](record, data)]

    def _for(self, record_type: RecordType) -> Predicate:
        found = self._ready.get(record_type.kind)
        if found is None:
            found = self._ready[record_type.kind] = self._node(record_type)
        return found


def read_filter(text: str, today: dt.date, *, me: str = "", saved: Mapping[str, str] | None = None) -> Filter:
    """The filter that a text means; empty text shows everything.

    ``me`` is the handle that ``mine`` and ``owner:me`` stand for, ``saved`` the texts of saved filters by folded
    name. Raises :class:`FilterError`, pointing at the part that no record could answer.
    """
    scope = Scope(text, today, me.lstrip("@"), _read, saved or {})
    return Filter(text, _read(scope))


def _read(scope: Scope) -> Node:
    return _Parser(scope.text, scope).whole()


class _Parser:
    """Descends: any of (``or``), all of, ``not``, one term."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.tokens = tokens_of(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if not self.tokens:
            return lambda _type: _always
        node = self._any_of()
        if self.at < len(self.tokens):
            raise self._error(self.tokens[self.at], "this ) closes nothing")
        return node

    def _any_of(self) -> Node:
        nodes = [self._all_of()]
        while self._next_is("or"):
            nodes.append(self._all_of())
        return either(nodes)

    def _all_of(self) -> Node:
        nodes = [self._one()]
        while self.at < len(self.tokens) and self.tokens[self.at].operator not in {"or", ")"}:
            self._next_is("and")
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else _both(nodes)

    def _one(self) -> Node:
        if self.at >= len(self.tokens):
            end = len(self.text)
            before = self.tokens[-1]
            raise FilterError(self.text, before.start, end, f"something is missing after {before.text}")
        token = self.tokens[self.at]
        self.at += 1
        if token.operator == "not":
            return _negated(self._nested())
        if token.operator == "(":
            node = self._group(token)
            if not self._next_is(")"):
                raise self._error(token, "this ( is not closed")
            return node
        if token.operator:
            raise self._error(token, f"{token.text} needs something before it")
        return term_of(token, self.scope)

    def _group(self, token: Token) -> Node:
        self.depth += 1
        if self.depth > 50:
            raise self._error(token, "too many parentheses in each other")
        node = self._any_of()
        self.depth -= 1
        return node

    def _nested(self) -> Node:
        self.depth += 1
        if self.depth > 50:
            raise self._error(self.tokens[self.at - 1], "too many negations of each other")
        node = self._one()
        self.depth -= 1
        return node

    def _next_is(self, operator: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at].operator == operator
        self.at += found
        return found

    def _error(self, token: Token, message: str) -> FilterError:
        return FilterError(self.text, token.start, token.end, message)


def _always(_record: Record, _data: ProjectData) -> bool:
    return True


def _negated(node: Node) -> Node:
    def ready(record_type: RecordType) -> Predicate:
        inner = node(record_type)
        return lambda record, data: not inner(record, data)

    return ready


def _both(nodes: list[Node]) -> Node:
    def ready(record_type: RecordType) -> Predicate:
        first, *rest = (node(record_type) for node in nodes)
        if len(rest) == 1:
            second = rest[0]
            return lambda record, data: first(record, data) and second(record, data)
        return lambda record, data: first(record, data) and all(part(record, data) for part in rest)

    return ready
