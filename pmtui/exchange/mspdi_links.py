"""Links of a Microsoft Project plan: those from finish to start become what a task depends on.

A record knows no other types and no lag; those are counted, to be said. A milestone takes no time, so what
waits for it waits for the tasks before it. A link to a summary task is one to the tasks it begins with, a
link from one is one from the tasks it ends with: those that no link inside it leads to, or from. In the
file types are 0 FF, 1 FS, 2 SF, 3 SS, lags tenths of a minute.
"""

from collections.abc import Mapping

from pmtui.exchange.mspdi_plan import Item, Plan
from pmtui.exchange.rows import Ref
from pmtui.exchange.xml_in import Node

FINISH_TO_START = "1"
WIDEST = 100
"""Dependencies that one link between summary tasks may become; past that it is left out, and said."""


def link_refs(plan: Plan) -> Mapping[str, tuple[Ref, ...]]:
    """What each task and milestone waits for, by UID."""
    found: dict[str, dict[str, Ref]] = {}
    for item in plan.items.values():
        for link in item.node.all("PredecessorLink"):
            why = _left_out(plan, link)
            before, after = _ends(plan, link.get("PredecessorUID")), _beginnings(item)
            if not why and (not before or item in before):
                why = "lost"
            elif not why and len(before) * len(after) > WIDEST:
                why = "wide"
            if why:
                plan.counts[why] += 1
                continue
            plan.counts["lag"] += link.get("LinkLag") not in {"", "0"}
            plan.counts["through"] += [task.uid for task in before] != [link.get("PredecessorUID")] or after != [item]
            for waiting in after:
                refs = found.setdefault(waiting.uid, {})
                refs |= {task.uid: Ref("depends_on", task.title, task.uid) for task in before if task is not waiting}
    return {uid: tuple(refs.values()) for uid, refs in found.items()}


def _left_out(plan: Plan, link: Node) -> str:
    """Why a link can't be kept; empty where it can."""
    if link.get("CrossProject") == "1" or link.get("PredecessorUID") not in plan.items:
        return "lost"
    return "" if _is_kept(link) else "type"


def _is_kept(link: Node) -> bool:
    return link.get("Type") in {FINISH_TO_START, ""} and link.get("CrossProject") != "1"


def _kept_before(item: Item) -> set[str]:
    return {link.get("PredecessorUID") for link in item.node.all("PredecessorLink") if _is_kept(link)}


def _leaves(item: Item) -> list[Item]:
    """The tasks and milestones inside a summary, at any depth."""
    leaves: list[Item] = []
    waiting = [item]
    while waiting:
        for inner in waiting.pop().inside:
            (waiting if inner.kind == "deliverable" else leaves).append(inner)
    return leaves


def _beginnings(item: Item) -> list[Item]:
    if item.kind != "deliverable":
        return [item]
    leaves = _leaves(item)
    inside = {leaf.uid for leaf in leaves}
    return [leaf for leaf in leaves if not _kept_before(leaf) & inside]


def _ends(plan: Plan, uid: str) -> list[Item]:
    """The tasks that a predecessor stands for."""
    tasks: list[Item] = []
    seen: set[str] = set()
    waiting = [uid]
    while waiting:
        item = plan.items.get(waiting.pop())
        if item is None or item.uid in seen:
            continue
        seen.add(item.uid)
        if item.kind == "task":
            tasks.append(item)
        elif item.kind == "milestone":
            waiting += sorted(_kept_before(item))
        else:
            leaves = _leaves(item)
            followed = {before for leaf in leaves for before in _kept_before(leaf)}
            waiting += [leaf.uid for leaf in leaves if leaf.uid not in followed]
    return tasks
