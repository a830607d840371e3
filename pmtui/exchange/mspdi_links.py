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
    network = _Network(plan)
    for item in plan.items.values():
        links = item.node.all("PredecessorLink")
        after = network.beginnings(item) if links else []
        for link in links:
            uid = link.get("PredecessorUID")
            why, before = network.left_out(item, link), network.ends(uid)
            if not why and (not before or item in before):
                why = "lost"
            elif not why and len(before) * len(after) > WIDEST:
                why = "wide"
            if why:
                plan.counts[why] += 1
                continue
            plan.counts["lag"] += link.get("LinkLag") not in {"", "0"}
            plan.counts["through"] += [task.uid for task in before] != [uid] or after != [item]
            for waiting in after:
                refs = found.setdefault(waiting.uid, {})
                refs |= {task.uid: Ref("depends_on", task.title, task.uid) for task in before if task is not waiting}
    return {uid: tuple(refs.values()) for uid, refs in found.items()}


def _is_kept(link: Node) -> bool:
    return link.get("Type") in {FINISH_TO_START, ""} and link.get("CrossProject") != "1"


def _holds(summary: Item, item: Item) -> bool:
    """Whether an item is inside a summary, or is it."""
    here: Item | None = item
    while here is not None and here is not summary:
        here = here.under
    return here is not None


class _Network:
    """The plan's links, each walked once."""

    def __init__(self, plan: Plan) -> None:
        self.items = plan.items
        self._before = {
            uid: [link.get("PredecessorUID") for link in item.node.all("PredecessorLink") if _is_kept(link)]
            for uid, item in plan.items.items()
        }
        self._ends: dict[str, list[Item]] = {}

    def left_out(self, item: Item, link: Node) -> str:
        """Why a link can't be kept; empty where it can."""
        other = self.items.get(link.get("PredecessorUID"))
        if other is None or link.get("CrossProject") == "1" or _holds(item, other) or _holds(other, item):
            return "lost"
        return "" if _is_kept(link) else "type"

    def beginnings(self, item: Item) -> list[Item]:
        """The tasks that a link to this item leads to."""
        if item.kind != "deliverable":
            return [item]
        leaves = self._leaves(item)
        inside = {leaf.uid for leaf in leaves}
        return [leaf for leaf in leaves if inside.isdisjoint(self._before[leaf.uid])]

    def ends(self, uid: str) -> list[Item]:
        """The tasks that a link from this item comes from; at most one more than is :data:`WIDEST`."""
        waiting, begun = [uid], set[str]()
        while waiting:
            here = waiting[-1]
            inner = [] if here in self._ends else self._stands_for(here)
            open_yet = [other for other in inner if other not in self._ends and other not in begun]
            begun.add(here)
            if open_yet:
                waiting += open_yet
                continue
            waiting.pop()
            if here not in self._ends:
                own = [self.items[here]] if here in self.items and self.items[here].kind == "task" else []
                tasks = {task.uid: task for other in inner for task in self._ends.get(other, [])}
                self._ends[here] = [*own, *tasks.values()][: WIDEST + 1]
        return self._ends[uid]

    def _stands_for(self, uid: str) -> list[str]:
        """What a milestone waits for, what a summary ends with; nothing for a task."""
        item = self.items.get(uid)
        if item is None or item.kind == "task":
            return []
        if item.kind == "milestone":
            return self._before[uid]
        leaves = self._leaves(item)
        followed = {before for leaf in leaves for before in self._before[leaf.uid]}
        return [leaf.uid for leaf in leaves if leaf.uid not in followed]

    @staticmethod
    def _leaves(item: Item) -> list[Item]:
        """The tasks and milestones inside a summary, at any depth."""
        leaves: list[Item] = []
        waiting = [item]
        while waiting:
            for inner in waiting.pop().inside:
                (waiting if inner.kind == "deliverable" else leaves).append(inner)
        return leaves
