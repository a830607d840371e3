"""What each verb did, in a phrase: the only place that knows how a verb is told."""

from collections import Counter
from collections.abc import Callable, Sequence

from pmtui.domain.dates import MONTHS
from pmtui.domain.lights import WORDS
from pmtui.domain.records.risk import DIMENSIONS
from pmtui.services.story.budget_verbs import BUDGET_VERBS
from pmtui.services.story.cost_verbs import COST_VERBS, statement_booked
from pmtui.services.story.hours_verbs import HOURS_VERBS
from pmtui.services.story.phrase import DATES, OWNERS, STATUS_WORDS, Deed, Phrase, by_fields, names, told
from pmtui.services.story.shared_verbs import SHARED_VERBS
from pmtui.services.story.values import Touch
from pmtui.store.journal import DELETE, INSERT, UPDATE

_LINKS = ("links", "depends_on", "actions")
"""Fields that name what a record is linked to."""

_STEPS = ("probability", "impact", *(f"impact_{name}" for name in DIMENSIONS), "urgency")
"""Fields that an assessment gives another step."""

Teller = Callable[[Deed], Phrase | None]


def phrase_of(deed: Deed) -> Phrase:
    """A transaction's phrase: its verb's own, else what its fields tell."""
    verb = deed.note.verb
    teller = VERBS.get(verb)
    if verb.startswith("match "):
        return statement_booked(deed)
    if verb.startswith("import "):
        return _imported(deed)
    return (teller(deed) if teller else None) or by_fields(deed)


def _done(deed: Deed) -> Phrase | None:
    changed = deed.having("status", "actual")
    reached = [t for t in changed if "actual" in t.changes and t.type.table == "milestones"]
    if reached and len(reached) == len(changed):
        return told("reached", reached)
    following = names([t for t in deed.added() if t.type.table == "tasks"])
    now = deed.said(changed, "status")
    how = deed.said(changed, "resolution")
    rest = (f": {how}" if how else "") + (f", {following} is the next one" if following else "")
    return told(STATUS_WORDS.get(now, "completed"), changed, rest)


def _moved(deed: Deed) -> Phrase | None:
    moved = [t for t in deed.touches if t.what == UPDATE and DATES.get(t.type.table, "") in t.changes]
    if not moved:
        return None
    field = DATES[moved[0].type.table]
    if any(DATES[t.type.table] != field for t in moved):
        return told("moved", moved)
    whose = {"review_date": "the review of", "forecast": "the forecast of", "decision_due": "the decision on"}
    return told(f"moved {whose.get(field, '')}".rstrip(), moved, _from_to(deed, moved, field))


def _from_to(deed: Deed, touches: Sequence[Touch], field: str) -> str:
    now, was = deed.said(touches, field), deed.said(touches, field, before=True)
    return (f" from {was}" if was and now else "") + (f" to {now}" if now else "")


def _corrected(deed: Deed) -> Phrase | None:
    moved = deed.having("due")
    return told("corrected the date of", moved, _from_to(deed, moved, "due"))


def _accepted(deed: Deed) -> Phrase | None:
    late = deed.having("snoozed_until", "notes")
    again = deed.said(late, "snoozed_until")
    return told("accepted the delay of", late, f", asked again {again}" if again else "")


def _delegated(deed: Deed) -> Phrase | None:
    given = deed.having(*OWNERS)
    field = next((name for name in OWNERS if all(name in t.changes for t in given)), "")
    now, was = deed.said(given, field), deed.said(given, field, before=True)
    if not now and given and field and not any(t.after(field) for t in given):
        return told("left", given, " without owner" + (f" (was {was})" if was else ""))
    return told("handed", given, (f" from {was}" if was else "") + (f" to {now}" if now else " over"))


def _blocked(deed: Deed) -> Phrase | None:
    stopped = deed.having("status", "blocked_reason", "follow_up")
    again = deed.said(stopped, "follow_up")
    return told("blocked", stopped, f", follow up {again}" if again else "")


def _chased(deed: Deed) -> Phrase | None:
    asked = deed.having("last_chased", "snoozed_until", "waiting_for")
    whom, again = deed.said(asked, "waiting_for"), deed.said(asked, "snoozed_until")
    return told(
        "chased", asked, (f", waiting for {whom}" if whom else "") + (f", asked again {again}" if again else "")
    )


def _progressed(deed: Deed) -> Phrase | None:
    partly = deed.having("percent_done", "remaining", "status", "due")
    now, left = deed.said(partly, "percent_done"), deed.said(partly, "remaining")
    rest = (f" at {now}" if now else "") + (f", {left} left" if left else "")
    due = [t for t in partly if "due" in t.changes]
    return told("put", partly, rest + (f", moved{_from_to(deed, due, 'due')}" if due else "")) if now else None


def _dropped(deed: Deed) -> Phrase | None:
    return told("dropped", deed.having("status"))


def _deferred(deed: Deed) -> Phrase | None:
    later = deed.having("status", "due")
    was = deed.said(later, "due", before=True)
    return told("left", later, " to a later phase" + (f" (was due {was})" if was else ""))


def _merged(deed: Deed) -> Phrase | None:
    duplicates = deed.having("survivor")
    kept = deed.said(duplicates, "survivor")
    return told("merged", duplicates, f" into {kept}") if kept else None


def _split(deed: Deed) -> Phrase | None:
    parts = [t for t in deed.added() if t.type.table == "tasks"]
    whole = deed.said(parts, "parent")
    parent = [t for t in deed.touches if t.number == whole]
    return told("split", parent, f" into {names(parts)}")


def _raised(deed: Deed) -> Phrase | None:
    raised = [t for t in deed.added() if t.after("source")]
    source = deed.said(raised, "source")
    decider = deed.said(raised, "decision_needed_from")
    if deed.note.verb == "escalate":
        from_tasks = [t for t in deed.touches if t.what == UPDATE]
        return told("escalated", from_tasks, (f" to {decider}" if decider else "") + f": {names(raised)}")
    return told("raised", raised, f" from {source}" if source else "")


def _ordered(deed: Deed) -> Phrase | None:
    placed = [t for t in deed.touches if t.what == UPDATE]
    return told("placed" if len(placed) == 1 else "reordered", placed, " on the board")


def _noted(deed: Deed) -> Phrase | None:
    noted = [t for t in deed.touches if t.what == UPDATE]
    found = {_new_text(t) for t in noted}
    text = found.pop() if len(found) == 1 else ""
    return told("noted on", noted, f": {text}" if text else "")


def _new_text(touch: Touch) -> str:
    """What was written beneath a record's long text, without its day and author."""
    for name, (before, after) in touch.changes.items():
        if name in {"notes", "description", "text"} and isinstance(after, str):
            new = after[len(before) :] if isinstance(before, str) and after.startswith(before) else after
            _, colon, said = new.strip().partition(": ")
            return " ".join((said if colon else new).split())
    return ""


def _minutes(deed: Deed) -> Phrase | None:
    meeting = [t for t in deed.touches if t.type.table == "meetings" and t.what == UPDATE]
    others = [t for t in deed.touches if t.type.table not in {"meetings", "people"}]
    how = deed.values.change(meeting[0], "notes")[5:] if meeting and "notes" in meeting[0].changes else ""
    return told("wrote the notes of", meeting, f"{how}{f', with {names(others)}' if others else ''}")


def _held(deed: Deed) -> Phrase | None:
    meeting = deed.having("status", "present")
    here = deed.said(meeting, "present")
    return told("held", meeting, f" with {here}" if here else "")


def _present(deed: Deed) -> Phrase | None:
    meeting = deed.having("present")
    if len(meeting) != 1:
        return None
    before, after = (list(value or []) for value in meeting[0].changes["present"])
    came, left = [p for p in after if p not in before], [p for p in before if p not in after]
    who = " ".join(f"@{p}" for p in came or left)
    return told(f"marked {who} {'present' if came else 'absent'} at", meeting)


def _published(deed: Deed) -> Phrase | None:
    meeting = deed.having("minutes_number", "minutes")
    number = deed.said(meeting, "minutes_number")
    following = names([t for t in deed.added() if t.type.table == "meetings"])
    rest = f", {following} is the next one" if following else ""
    return told(f"published minutes {number} of".replace("  ", " "), meeting, rest)


def _planned(deed: Deed) -> Phrase | None:
    new = [t for t in deed.added() if t.type.table == "meetings"]
    return told("planned", new, f", {deed.said(new, 'start')}") if new else None


def _agenda(deed: Deed) -> Phrase | None:
    meeting = deed.having("agenda", "actions")
    did = "drafted" if deed.note.verb == "draft agenda" else "wrote"
    return told(f"{did} the agenda of", meeting) if meeting else None


def _carried(deed: Deed) -> Phrase | None:
    meeting = deed.having("actions", "agenda")
    if len(meeting) != 1:
        return None
    counts = {
        name: len(meeting[0].after(name) or []) - len(meeting[0].before(name) or []) for name in meeting[0].changes
    }
    more = [f"{n} {w if n > 1 else w[:-1]}" for w in ("actions", "topics") if (n := counts.get(_FIELD[w], 0)) > 0]
    return told("carried over to", meeting, f": {' and '.join(more)}" if more else "")


_FIELD = {"actions": "actions", "topics": "agenda"}


def _wrote(deed: Deed) -> Phrase | None:
    report = [t for t in deed.touches if t.type.table == "reports"]
    if len(report) != 1 or not isinstance(report[0].after("words") or {}, dict):
        return None
    before, after = report[0].before("words") or {}, report[0].after("words") or {}
    sections = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Phrase(f"wrote the {' and '.join(sections) or 'words'} of {report[0].name}")


def _period(deed: Deed) -> Phrase | None:
    report = [t for t in deed.touches if t.type.table == "reports"]
    first, last = deed.said(report, "period_start"), deed.said(report, "period_end")
    rest = (f" from {first}" if first else "") + (f" to {last}" if last else "")
    return Phrase(f"set the period of {names(report)}", rest=rest) if report else None


def _light(deed: Deed) -> Phrase | None:
    report = [t for t in deed.touches if t.type.table == "reports"]
    if len(report) != 1:
        return None
    before, after = ({o["light"]: o["colour"] for o in found or []} for found in _overrides(report[0]))
    lights = [name for name in {**before, **after} if before.get(name) != after.get(name)] or list(after)
    name = " and ".join(lights)
    if deed.note.verb == "clear light":
        return Phrase(f"took back the {name} light set by hand in {report[0].name}")
    colour = WORDS.get(after.get(lights[0], "")) if lights else ""
    return Phrase(f"set the {name} light of {report[0].name}" + (f" to {colour}" if colour else "") + " by hand")


def _overrides(report: Touch) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    return report.before("overrides") or [], report.after("overrides") or []


def _issued(deed: Deed) -> Phrase | None:
    report = [t for t in deed.touches if t.type.table == "reports"]
    return Phrase(f"issued {names(report)}") if report else None


def _sent(deed: Deed) -> Phrase | None:
    """A document on its way, arrived with the mail server, or refused by it."""
    found = [t for t in deed.touches if t.type.table == "sendings"]
    if len(found) != 1:
        return None
    way = {"send": "began to send", "sent": "sent", "not sent": "could not send"}[deed.note.verb]
    to = found[0].after("to") or []
    return Phrase(f"{way} {found[0].after('document') or found[0].number}", rest=f" to {', '.join(to)}" if to else "")


def _advanced(deed: Deed) -> Phrase | None:
    paid = deed.having("status")
    now, was = deed.said(paid, "status"), deed.said(paid, "status", before=True)
    return told("set", paid, (f" to {now}" if now else " on a step") + (f" (was {was})" if was else ""))


def _months(deed: Deed) -> Phrase | None:
    project = deed.having("closed_months")
    if len(project) != 1:
        return None
    before, after = (list(value or []) for value in project[0].changes["closed_months"])
    months = [month for month in (*before, *after) if (month in before) != (month in after)]
    said = " and ".join(_month(str(month)) for month in months)
    return Phrase(f"{'closed' if deed.note.verb == 'close month' else 'reopened'} {said}")


def _month(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}" if number.isdigit() and 1 <= int(number) <= len(MONTHS) else month


def _assessed(deed: Deed) -> Phrase | None:
    assessed = deed.having(*_STEPS)
    if len(assessed) != 1:
        return told("assessed", assessed)
    words = [deed.values.change(assessed[0], name) for name in _STEPS if name in assessed[0].changes]
    scores = [(found or [{}])[-1].get("score") for found in assessed[0].changes.get("scores", ([], []))]
    moved = len(scores) == 2 and all(scores) and scores[0] != scores[1]
    words += [f"score {scores[0]} → {scores[1]}"] if moved else []
    return told("assessed", assessed, f": {', '.join(words)}")


def _answered(deed: Deed) -> Phrase | None:
    """An action that was added for a risk or an issue."""
    tasks = [touch for touch in deed.added() if touch.type.table == "tasks"]
    sources = {str(touch.after("source")) for touch in tasks}
    return told("added", tasks, f" as an action for {', '.join(sorted(sources))}")


def _responded(deed: Deed) -> Phrase | None:
    risks = deed.having("response")
    response = deed.said(risks, "response")
    return told("responded to" if response else "took the response off", risks, f": {response}" if response else "")


def _reviewed(deed: Deed) -> Phrase | None:
    risks = deed.having("review_date", "reviewed")
    following = deed.said(risks, "review_date")
    return told("reviewed", risks, f", next on {following}" if following else "")


def _occurred(deed: Deed) -> Phrase | None:
    risks = deed.having("issue", "status")
    return told("turned", risks, f" into {names(deed.added())}: it occurred" if len(risks) == 1 else " into issues")


def _unblocked(deed: Deed) -> Phrase | None:
    return told("unblocked", deed.having("status"))


def _voided(deed: Deed) -> Phrase | None:
    return told("voided", deed.having("status"))


def _project_added(deed: Deed) -> Phrase | None:
    project = [t for t in deed.touches if t.type.kind == "project"]
    return Phrase(f"added the project {project[0].title}") if project else None


def _archived(deed: Deed) -> Phrase:
    return Phrase("archived the project" if deed.note.verb == "archive" else "brought the project back")


def _linked(deed: Deed) -> Phrase | None:
    """Records linked to the one that most of them name, or no longer."""
    gone = deed.note.verb == "unlink"
    changed = deed.having(*_LINKS)
    named = Counter(name for touch in changed for field in _LINKS for name in _came(touch, field, gone=gone))
    if not named:
        return None
    to = list(named) if len(changed) == 1 else [named.most_common(1)[0][0]]
    ends = [touch for touch in changed if touch.number not in to]
    way = "from" if gone else "after" if deed.having("depends_on") else "to"
    return told("unlinked" if gone else "linked", ends, f" {way} {', '.join(to)}")


def _came(touch: Touch, field: str, *, gone: bool) -> list[str]:
    """The numbers and addresses that came into a field of a record, or went."""
    before, after = touch.before(field) or (), touch.after(field) or ()
    had, has = (after, before) if gone else (before, after)
    return [str(name) for name in has if name not in had]


def _kept(words: str) -> Teller:
    """What was done to the store as a whole."""
    return lambda _deed: Phrase(words)


STORE_VERBS: dict[str, Teller] = {
    "repaired": _kept("repaired the project's files"),
    "restored": _kept("restored the project"),
    "lost": _kept("made a change that is lost"),
    "migrate": _kept("brought the project to a newer format"),
}
"""Verbs that tell something also where they touch no record."""


def _imported(deed: Deed) -> Phrase:
    parts = []
    for what, did in ((INSERT, "added"), (UPDATE, "changed"), (DELETE, "deleted")):
        found = [t for t in deed.touches if t.what == what]
        if found:
            parts.append(f"{did} {names(found)}")
    return Phrase(f"imported {deed.note.verb.removeprefix('import ')}", rest=f": {', '.join(parts)}" if parts else "")


VERBS: dict[str, Teller] = {
    "done": _done, "reschedule": _moved, "correct": _corrected, "accept the delay": _accepted, "delegate": _delegated,
    "block": _blocked, "unblock": _unblocked, "chase": _chased, "progress": _progressed, "drop": _dropped,
    "defer": _deferred, "merge": _merged, "split": _split, "raise issue": _raised, "raise risk": _raised,
    "escalate": _raised, "order": _ordered, "note": _noted, "notes": _minutes, "hold": _held, "present": _present,
    "publish minutes": _published, "carry over": _carried, "next meeting": _planned,
    "draft agenda": _agenda, "agenda": _agenda, "write report": _wrote, "set period": _period,
    "set light": _light, "clear light": _light, "issue report": _issued, "advance": _advanced, "void": _voided,
    "close month": _months, "reopen month": _months, "assess": _assessed, "review": _reviewed, "occurred": _occurred,
    "link": _linked, "unlink": _linked, "send": _sent, "sent": _sent, "not sent": _sent, "add action": _answered,
    "respond": _responded, **BUDGET_VERBS, **COST_VERBS, **HOURS_VERBS,
    **STORE_VERBS, **SHARED_VERBS, "add project": _project_added, "archive": _archived, "bring back": _archived,
}  # fmt: skip
"""The tellers of verbs that say more than their fields."""
