"""Links of a Microsoft Project plan: those from finish to start become what a task depends on.

A record knows no other types and no lag; those are counted, to be said. A link from a summary task is one
from all tasks in it, one to a summary is one to all tasks in it; a milestone takes no time, so what waits
for it waits for the tasks before it. Types in the file: 0 FF, 1 FS, 2 SF, 3 SS; lag in tenths of a minute.
"""

from collections.abc import Iterable, Iterator

from pmtui.exchange.mspdi import Item, Plan
from pmtui.exchange.rows import Ref
from pmtui.exchange.xml_in import Node

FINISH_TO_START = "1"


def link_refs(plan: Plan, item: Item) -> tuple[Ref, ...]:
    """What a task or milestone waits for, by UID, also through the summaries it is in."""
    if item.kind == "deliverable":
        _count(plan, item)
        return ()
    found: dict[str, Ref] = {}
    for link, own in _links(item):
        if own:
            _say(plan, link)
        if not _is_kept(link):
            continue
        uid = link.get("PredecessorUID")
        before = list(_tasks_before(plan, uid, set()))
        if not before or item in before:
            plan.counts["lost"] += own
            continue
        if own and (len(before) > 1 or before[0].uid != uid):
            plan.counts["through"] += 1
        for task in before:
            found.setdefault(task.uid, Ref("depends_on", task.title, task.uid))
    return tuple(found.values())


def _count(plan: Plan, item: Item) -> None:
    for link in item.node.all("PredecessorLink"):
        _say(plan, link)
        plan.counts["through"] += _is_kept(link)


def _links(item: Item) -> Iterator[tuple[Node, bool]]:
    """The item's links, and those of the summaries above it (not its own)."""
    yield from ((link, True) for link in item.node.all("PredecessorLink"))
    above = item.under
    while above:
        yield from ((link, False) for link in above.node.all("PredecessorLink"))
        above = above.under


def _is_kept(link: Node) -> bool:
    return link.get("Type") in {FINISH_TO_START, ""} and link.get("CrossProject") != "1"


def _say(plan: Plan, link: Node) -> None:
    if link.get("CrossProject") == "1":
        plan.counts["lost"] += 1
    elif not _is_kept(link):
        plan.counts["type"] += 1
    elif link.get("LinkLag") not in {"", "0"}:
        plan.counts["lag"] += 1


def _tasks_before(plan: Plan, uid: str, seen: set[str]) -> Iterable[Item]:
    """The tasks that a predecessor stands for."""
    item = plan.items.get(uid)
    if item is None or uid in seen:
        return
    seen.add(uid)
    if item.kind == "task":
        yield item
    elif item.kind == "deliverable":
        for inner in item.inside:
            yield from _tasks_before(plan, inner.uid, seen)
    else:
        for link, _ in _links(item):
            if _is_kept(link):
                yield from _tasks_before(plan, link.get("PredecessorUID"), seen)
