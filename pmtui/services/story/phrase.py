"""A phrase for what a transaction did: what every verb's is made of, and what the fields tell alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from pmtui.services.story.values import Touch, Values
from pmtui.store.journal import DELETE, INSERT, UPDATE, Note

NAMED = 3
"""Records named in a sentence; the others are counted."""

DATES = {
    "tasks": "due", "risks": "review_date", "issues": "target_date", "costs": "invoice_expected_on",
    "milestones": "forecast", "changes": "decision_due", "meetings": "start",
}  # fmt: skip
"""The date that moving a record moves, by its table."""

_DATE_WORDS = {"due": "due", "review_date": "review", "target_date": "due", "decision_due": "decision by"}

OWNERS = ("owner", "decider")

STATUS_WORDS = {
    "done": "completed", "closed": "closed", "approved": "approved", "rejected": "rejected", "resolved": "resolved",
    "accepted": "accepted", "implemented": "implemented", "postponed": "postponed", "void": "voided", "held": "held",
    "paid": "paid", "confirmed": "confirmed", "cancelled": "cancelled", "published": "published", "issued": "issued",
}  # fmt: skip
"""Statuses that are said as what was done; any other is set."""

WITH_STATUS = {
    "status", "percent_done", "finish_date", "remaining", "actual_effort", "blocked_reason", "cancelled_reason",
    "void_reason", "resolution", "follow_up", "slip_count", "snoozed_until", "scores", "ended", "actual",
}  # fmt: skip
"""Fields that come along with a status."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was done, to what: ``moved T-48``; that record's title; and the rest: ``from 30 Oct to 12 Nov``."""

    head: str
    title: str = ""
    rest: str = ""

    @property
    def words(self) -> str:
        """The phrase without the title."""
        return self.head + self.rest


@dataclass(frozen=True)
class Deed:
    """A transaction as its verb's teller gets it."""

    note: Note
    touches: Sequence[Touch]
    values: Values

    def having(self, *fields: str) -> list[Touch]:
        """The records in which one of these fields was changed."""
        return [t for t in self.touches if t.what == UPDATE and any(field in t.changes for field in fields)]

    def added(self) -> list[Touch]:
        """The records added; people who came along only where nothing else was touched."""
        alone = all(t.type.kind == "person" for t in self.touches)
        return [t for t in self.touches if t.what == INSERT and (alone or t.type.kind != "person")]

    def said(self, touches: Sequence[Touch], field: str, *, before: bool = False) -> str:
        """The value that all of these records have in a field, in words; empty where they differ."""
        stored = [t.before(field) if before else t.after(field) for t in touches]
        if not touches or any(value != stored[0] for value in stored):
            return ""
        known = touches[0].type.fields.get(field)
        return self.values.brief(known, stored[0]) if known else ""


def names(touches: Sequence[Touch]) -> str:
    """``T-48``, ``T-1 and T-2``, ``7 tasks (T-1, T-2, T-3 and 4 more)``."""
    called = list(dict.fromkeys(touch.name for touch in touches))
    if len(called) <= NAMED:
        return " and ".join(filter(None, (", ".join(called[:-1]), called[-1]))) if called else ""
    kinds = {touch.type.words[1] for touch in touches}
    kind = kinds.pop() if len(kinds) == 1 else "records"
    return f"{len(called):,} {kind} ({', '.join(called[:NAMED])} and {len(called) - NAMED:,} more)"


def told(did: str, touches: Sequence[Touch], rest: str = "") -> Phrase | None:
    """What was done to these records; ``None`` where there are none."""
    if not touches:
        return None
    alone = touches[0] if len(touches) == 1 and touches[0].name == touches[0].number else None
    return Phrase(f"{did} {names(touches)}", alone.title if alone else "", rest)


def by_fields(deed: Deed) -> Phrase:
    """What the fields tell, for a verb that has no words of its own."""
    changed = [t for t in deed.touches if t.what == UPDATE]
    deleted = [t for t in deed.touches if t.what == DELETE]
    phrases = [told("deleted", deleted), _added(deed), _status(deed, changed) or _edited(deed, changed)]
    found = [phrase for phrase in phrases if phrase is not None]
    if not found:
        return Phrase("changed nothing that is shown")
    if len(found) == 1:
        return found[0]
    return Phrase("; ".join(f"{p.head}{p.rest}" for p in found))


def _added(deed: Deed) -> Phrase | None:
    added = deed.added()
    if len(added) != 1:
        return told("added", added)
    one = added[0]
    date = DATES.get(one.type.table, "")
    facts = [deed.said(added, field) for field in ("owner", "net", date, "budget_line")]
    facts[2] = f"{_DATE_WORDS.get(date, '')} {facts[2]}".strip() if facts[2] else ""
    return told("added", added, "".join(f", {fact}" for fact in facts if fact))


def _status(deed: Deed, changed: Sequence[Touch]) -> Phrase | None:
    """Records whose status alone was changed, with what comes along with one."""
    if not changed or any("status" not in t.changes or not t.changes.keys() <= WITH_STATUS for t in changed):
        return None
    now, was = deed.said(changed, "status"), deed.said(changed, "status", before=True)
    how = deed.said(changed, "resolution")
    if now in STATUS_WORDS:
        return told(STATUS_WORDS[now], changed, f": {how}" if how else "")
    return told("set", changed, f" to {_quoted(now)}" + (f" (was {was})" if was else "")) if now else None


def _quoted(status: str) -> str:
    """A status of several words, so that "set T-1 to to do" reads."""
    return f"'{status}'" if " " in status else status


def _edited(deed: Deed, changed: Sequence[Touch]) -> Phrase | None:
    if len(changed) == 1:
        what = deed.values.changes(changed[0])
        return told("changed", changed, f": {what}" if what else "")
    same = {tuple(t.changes) for t in changed}
    alike = same.pop() if len(same) == 1 else ()
    shared = [
        f"{t.fields[name].label.lower()} {now}"
        for name in alike
        for t in [changed[0].type]
        if name in t.fields and (now := deed.said(changed, name))
    ]
    return told("changed", changed, f": {', '.join(shared)}" if shared else "")
