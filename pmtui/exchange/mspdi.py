"""Microsoft Project XML (MSPDI): tasks, outline, dates, links, resources, progress, baseline, costs.

- A summary task is a deliverable, its WBS the code, its outline the tree; the project's own summary
  task is left out. A milestone is a milestone; every other task a task under the nearest summary.
- Due is the finish, the estimate the work (the duration where no work is planned), the baseline due the
  finish of the baseline in use (number 0; the numbered copies 1 to 10 are left out).
- 100 % is done on its actual finish; an inactive task is cancelled. Priority: below 400 low, to 600
  normal, to 800 high, above urgent; 1000 of a recurring task only says "do not level".
- Work resources are people; the first assigned owns the task, others stand in its notes.
- Links: see :mod:`pmtui.exchange.mspdi_links`. Costs: see :mod:`pmtui.exchange.mspdi_costs`.

The unique id (UID) is the external id, so the same plan read again changes what it changed.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records.person import Rate
from pmtui.domain.records.task import CANCELLED, DOING, DONE
from pmtui.domain.text import clean
from pmtui.exchange.mspdi_costs import cost_rows
from pmtui.exchange.mspdi_links import WIDEST, link_refs
from pmtui.exchange.mspdi_plan import DEEPEST, Item, Plan, day, hours, is_uid, rate, whole
from pmtui.exchange.rows import SYMBOLS, FileContent, Named, Ref, Row
from pmtui.exchange.words_in import read_person
from pmtui.exchange.xml_in import Node, read_xml

NAMESPACE = "http://schemas.microsoft.com/project"
_KEPT = frozenset(
    (
        *("Project", "Title", "StartDate", "CurrencyCode", "CurrencySymbol", "Tasks", "Task", "UID", "Name", "WBS"),
        *("OutlineNumber", "OutlineLevel", "IsNull", "ExternalTask", "Summary", "Milestone", "Active", "Start"),
        *("Finish", "ActualStart", "ActualFinish", "Stop", "Duration", "DurationFormat", "Work", "ActualWork"),
        *("RemainingWork", "RemainingDuration", "PercentComplete", "Priority", "Recurring", "Notes", "FixedCost"),
        *("Cost", "ActualCost", "PredecessorLink", "PredecessorUID", "Type", "CrossProject", "LinkLag"),
        *("Baseline", "Number", "Resources", "Resource", "EmailAddress", "IsCostResource", "StandardRate"),
        *("Assignments", "Assignment", "TaskUID", "ResourceUID"),
    )
)
_ELAPSED = frozenset({"4", "6", "8", "10", "12", "20", "36", "38", "40", "42", "44", "52"})

Values = dict[str, object]


def read_mspdi(data: bytes, source: str) -> FileContent:
    """What a Microsoft Project XML says. Raises :class:`Refused` for other XML, saying what it is."""
    root = read_xml(data, _KEPT)
    if root.name != "Project" or root.space not in {NAMESPACE, ""}:
        raise Refused(what_it_is(root))
    plan = Plan(root, source)
    _outline(plan)
    people = list(_people(plan))
    owners = _owners(plan)
    codes = Counter(item.node.get("WBS") for item in plan.items.values() if item.kind == "deliverable")
    links = link_refs(plan)
    rows = []
    for item in plan.items.values():
        row = _row(plan, item, owners.get(item.uid, []), codes)
        rows.append(replace(row, refs=(*row.refs, *links.get(item.uid, ()))))
    costs = list(cost_rows(plan))
    notes = tuple(_notes(plan))
    return FileContent(source, (*people, *rows, *costs), notes, tuple(plan.people.values()), _currencies(root), True)


def what_it_is(root: Node) -> str:
    """Why XML of another kind is refused: what it is, and what would be read."""
    wanted = "save the plan as Microsoft Project XML"
    if root.name == "APIBusinessObjects":
        return f"this is Primavera P6 XML (PMXML), not Microsoft Project's; {wanted}"
    if root.name.lower() == "html":
        return "this is a web page, not a plan"
    space = f" of {clean(root.space)[:80]}" if root.space else ""
    return f"this XML is a <{clean(root.name)[:40]}>{space}, not a Microsoft Project plan; {wanted}"


def _outline(plan: Plan) -> None:
    """The tasks in order, each under the nearest summary above it."""
    above: list[tuple[int, Item]] = []
    for node in plan.root.within("Tasks", "Task"):
        uid = node.get("UID")
        depth = min(whole(node.get("OutlineLevel"), node.get("OutlineNumber").count(".") + 1), DEEPEST)
        if node.get("IsNull") == "1" or not is_uid(uid) or uid in plan.items:
            plan.counts["blank"] += 1
            continue
        if node.get("ExternalTask") == "1":
            plan.counts["external"] += 1
            continue
        if uid == "0" or depth == 0:
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        item = Item(node, uid, _kind(node), above[-1][1] if above else None)
        if item.under:
            item.under.inside.append(item)
        plan.items[uid] = item
        if item.kind == "deliverable":
            above.append((depth, item))


def _kind(node: Node) -> str:
    if node.get("Summary") == "1":
        return "deliverable"
    return "milestone" if node.get("Milestone") == "1" else "task"


def _people(plan: Plan) -> Iterator[Row]:
    taken: set[str] = set()
    for node in plan.root.within("Resources", "Resource"):
        uid, name = node.get("UID"), clean(node.get("Name"))
        if not name or not is_uid(uid) or node.get("IsNull") == "1":
            continue
        if node.get("Type") not in {"1", ""} or node.get("IsCostResource") == "1":
            plan.counts["material"] += 1
            continue
        email = clean(node.get("EmailAddress"))
        try:
            person = read_person(name)
        except ValueError:
            person = Named(f"resource{uid}", name)
        handle = person.handle if person.handle not in taken else f"{person.handle[:34]}.{uid}"
        taken.add(handle)
        plan.people[uid] = Named(handle, name, email)
        values: Values = {"full_name": name}
        if email:
            values["email"] = email
        hourly = rate(node.get("StandardRate"))
        defaults: Values = {"handle": handle}
        if hourly and plan.start:
            defaults["rates"] = (Rate(plan.start, hourly),)
        yield Row("person", uid, node.line, name, values, defaults)


def _owners(plan: Plan) -> Mapping[str, list[str]]:
    """Handles of the people on each task, in the order of their assignments."""
    owners: dict[str, list[str]] = {}
    for node in plan.root.within("Assignments", "Assignment"):
        person = plan.people.get(node.get("ResourceUID"))
        if person and person.handle not in owners.setdefault(node.get("TaskUID"), []):
            owners[node.get("TaskUID")].append(person.handle)
    return owners


def _row(plan: Plan, item: Item, owners: list[str], codes: Counter[str]) -> Row:
    node, title = item.node, item.title
    problems: tuple[Problem, ...] = ()
    values: Values = {"title": title}
    defaults: Values = {}
    if not title:
        problems = (Problem("Name", f"UID {item.uid}", "a task has a name", line=node.line),)
    if item.kind == "deliverable":
        code = clean(node.get("WBS"))
        values["code"] = code if code and codes[node.get("WBS")] == 1 else clean(node.get("OutlineNumber")) or item.uid
        plan.counts["notes"] += bool(node.get("Notes"))
    elif item.kind == "milestone":
        values |= _milestone(node)
        plan.counts["notes"] += bool(node.get("Notes"))
    else:
        values |= _task(plan, node) | _notes_of(node, owners)
        if owners:
            values["owner"] = owners[0]
        defaults = _task_defaults(plan, node)
    parent = {"deliverable": "parent", "task": "deliverable"}.get(item.kind)
    refs = (Ref(parent, item.under.title, item.under.uid),) if parent and item.under else ()
    return Row(item.kind, item.uid, node.line, title, values, defaults, refs, problems)


def _baseline(node: Node) -> dt.date | None:
    return next((day(b.get("Finish")) for b in node.all("Baseline") if b.get("Number") == "0"), None)


def _milestone(node: Node) -> Values:
    done = _percent(node) == 100
    finish = day(node.get("Finish"))
    found = {
        "forecast": finish,
        "baseline": _baseline(node),
        "actual": (day(node.get("ActualFinish")) or finish) if done else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _percent(node: Node) -> int:
    return min(whole(node.get("PercentComplete"), 0), 100)


def _task(plan: Plan, node: Node) -> Values:
    work, percent = hours(node.get("Work")), _percent(node)
    estimate = work
    if not work and node.get("DurationFormat") not in _ELAPSED:
        estimate = hours(node.get("Duration"))
        plan.counts["duration"] += bool(estimate)
    remaining = hours(node.get("RemainingWork" if work else "RemainingDuration"))
    finish = day(node.get("Finish"))
    found: Values = {
        "start": day(node.get("Start")),
        "due": finish,
        "estimate": estimate or None,
        "remaining": remaining if estimate else None,
        "actual_effort": hours(node.get("ActualWork")) or None,
        "percent_done": percent,
        "priority": _priority(node),
        "baseline_due": _baseline(node),
    }
    if percent == 100:
        found |= {"status": DONE, "finish_date": day(node.get("ActualFinish")) or finish}
    elif node.get("Active") == "0":
        found |= {"status": CANCELLED}
    return {name: value for name, value in found.items() if value is not None}


def _task_defaults(plan: Plan, node: Node) -> Values:
    defaults: Values = {}
    if _percent(node) or node.get("ActualStart"):
        defaults["status"] = DOING
    if node.get("Active") == "0":
        defaults["cancelled_reason"] = f"inactive in {plan.source}"
    return defaults


def _priority(node: Node) -> str:
    level = whole(node.get("Priority"), 500)
    if level == 1000 and node.get("Recurring") == "1":
        return "normal"
    return next((name for below, name in ((400, "low"), (601, "normal"), (801, "high")) if level < below), "urgent")


def _notes_of(node: Node, owners: list[str]) -> Values:
    parts = [clean(node.get("Notes"), lines=True)]
    if owners[1:]:
        parts.append("Also assigned: " + ", ".join(f"@{handle}" for handle in owners[1:]))
    notes = "\n\n".join(filter(None, parts))
    return {"notes": notes} if notes else {}


def _currencies(root: Node) -> frozenset[str]:
    code = root.get("CurrencyCode").upper()
    if re.fullmatch(r"[A-Z]{3}", code):
        return frozenset({code})
    return SYMBOLS.get(root.get("CurrencySymbol"), frozenset())


def _notes(plan: Plan) -> Iterator[str]:
    title = clean(plan.root.get("Title") or plan.root.get("Name"))
    yield f"read as a Microsoft Project plan{f' “{title}”' if title else ''}"
    if any(n.get("Number") != "0" for i in plan.items.values() for n in i.node.all("Baseline")):
        yield "baselines 1 to 10 are copies and left out; only the baseline in use (number 0) is taken"
    said = {
        "duration": "tasks without planned work, whose duration stands as the estimate",
        "blank": "blank or repeated tasks left out",
        "external": "tasks of other plans left out",
        "material": "resources that are no people (material, cost) left out",
        "notes": "notes of summary tasks and milestones left out",
        "lag": "links kept without their lag or lead",
        "type": "links other than finish to start (FF, SS, SF) left out",
        "through": "links to or from summary tasks and milestones, kept between the tasks they stand for",
        "wide": f"links between summary tasks left out, that would become more than {WIDEST} each",
        "lost": "links left out that lead to no task here (another plan, its own summary, no task before)",
    }
    for name, words in said.items():
        if plan.counts[name]:
            yield f"{words}: {plan.counts[name]}"
