"""What was done to the budget, in words: its versions, and the months of its lines."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pmtui.services.story.phrase import Deed, Phrase, told
from pmtui.services.story.values import Touch


def _proposed(deed: Deed) -> Phrase | None:
    versions = [touch for touch in deed.added() if touch.type.table == "budget_versions"]
    if len(versions) != 1:
        return None
    cause = deed.said(versions, "change")
    return told("proposed the budget", versions, _comes_to(deed, versions[0]) + (f", for {cause}" if cause else ""))


def _updated(deed: Deed) -> Phrase | None:
    versions = deed.having("lines")
    return told("took the lines as they are into", versions, _comes_to(deed, versions[0])) if versions else None


def _decided(deed: Deed) -> Phrase | None:
    """Approved, in place of another, or rejected; by whom, and when that was another day than it was written."""
    decided = [touch for touch in deed.having("decided_by", "status") if touch.after("decided_by")]
    if not decided:
        return None
    by, on = deed.said(decided, "decided_by"), deed.said(decided, "decided_on")
    instead = [t.number for t in deed.having("status") if t.after("status") == "superseded"]
    did = "rejected" if deed.note.verb == "reject budget" else "approved"
    rest = (f" in place of {instead[0]}" if instead else "") + (f", decided by {by}" if by else "")
    return told(f"{did} the budget", decided, rest + (f" on {on}" if on else ""))


def _phased(deed: Deed) -> Phrase | None:
    lines = deed.having("phasing")
    gone = len(lines) == 1 and not lines[0].after("phasing")
    return told("took the months off" if gone else "phased", lines, "" if gone else " by month")


def _comes_to(deed: Deed, version: Touch) -> str:
    """What a version comes to; nothing where its lines can't be read."""
    stored: Any = version.after("lines") or []
    try:
        whole = sum((Decimal(str(line["planned"])) for line in stored), Decimal(0))
    except (KeyError, TypeError, InvalidOperation):
        return ""
    return f" of {whole:,.2f} {deed.values.currency}".rstrip()


BUDGET_VERBS: dict[str, Callable[[Deed], Phrase | None]] = {
    "propose budget": _proposed, "update budget": _updated, "approve budget": _decided, "reject budget": _decided,
    "phase": _phased,
}  # fmt: skip
"""The tellers of what is done to the budget."""
