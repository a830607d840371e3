"""What is told of hours: logged, set in a week's grid, noted."""

from collections.abc import Callable, Sequence

from pmtui.services.story.phrase import Deed, Phrase, told
from pmtui.services.story.values import Touch
from pmtui.store.journal import DELETE, INSERT, UPDATE


def _logged(deed: Deed) -> Phrase | None:
    """Hours that were added: how many, whose, on what, for which day."""
    added = _of_hours(deed, INSERT)
    return told("logged", added, _facts(deed, added)) if added else _set(deed)


def _set(deed: Deed) -> Phrase | None:
    """The hours of a day and a task, as they were brought to a sum."""
    added, changed, gone = (_of_hours(deed, what) for what in (INSERT, UPDATE, DELETE))
    if added:
        return told("logged", added, _facts(deed, added))
    parts = []
    if changed:
        now, was = deed.said(changed, "hours"), deed.said(changed, "hours", before=True)
        parts.append(told("set", changed, f" to {now} (was {was})" if now and was else ""))
    if gone:
        parts.append(told("deleted", gone, _facts(deed, gone, before=True)))
    words = [part for part in parts if part is not None]
    return Phrase("; ".join(part.words for part in words)) if words else None


def _noted(deed: Deed) -> Phrase | None:
    noted = _of_hours(deed, UPDATE)
    text = deed.said(noted, "note")
    return told("noted on", noted, f": {text}" if text else "")


def _of_hours(deed: Deed, what: str) -> list[Touch]:
    return [touch for touch in deed.touches if touch.type.kind == "hours" and touch.what == what]


def _facts(deed: Deed, touches: Sequence[Touch], *, before: bool = False) -> str:
    who, task, day, note = (deed.said(touches, name, before=before) for name in ("who", "task", "date", "note"))
    hours = round(sum(float((t.before if before else t.after)("hours") or 0) for t in touches), 2)
    facts = f": {hours:g}h" + (f" of {who}" if who else "") + (f" on {task}" if task else "")
    return facts + (f", {day}" if day else "") + (f", {note}" if note else "")


HOURS_VERBS: dict[str, Callable[[Deed], Phrase | None]] = {
    "log hours": _logged, "add time entry": _logged, "set hours": _set, "note hours": _noted,
}  # fmt: skip
"""The tellers of what is done with hours."""
