"""Costs of a Microsoft Project plan, as cost entries by task and category, in the file's hundredths.

What assignments cost is labour for people, equipment for material; fixed costs, cost resources and costs
without an assignment are other. Each is two entries: what is still to come, planned for the finish, and what
the plan says is spent, paid on the actual finish (or how far the task got). As work is done the
amount moves from one to the other; an entry that a task has no more is set to 0, never doubled. Summary
tasks bring their own fixed cost only: the rest is the sum of their tasks.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from pmtui.exchange.mspdi_plan import Item, Plan, day, money
from pmtui.exchange.rows import Ref, Row
from pmtui.exchange.xml_in import Node

Amounts = dict[str, tuple[Decimal, Decimal]]
"""By category: the cost in all, and what of it is spent."""

PLANNED, PAID = "planned", "paid"


def cost_rows(plan: Plan) -> Iterator[Row]:
    """The cost entries of all tasks; those of nothing only where there was something before."""
    kinds = {node.get("UID"): _category(node) for node in plan.root.within("Resources", "Resource")}
    assigned: dict[str, list[Node]] = {}
    for node in plan.root.within("Assignments", "Assignment"):
        assigned.setdefault(node.get("TaskUID"), []).append(node)
    for item in plan.items.values():
        amounts = _amounts(item, assigned.get(item.uid, []), kinds)
        for category in ("labour", "equipment", "other"):
            total, spent = amounts.get(category, (Decimal(0), Decimal(0)))
            yield _row(item, category, PLANNED, max(total - spent, Decimal(0)))
            yield _row(item, category, PAID, spent)


def _category(resource: Node) -> str:
    if resource.get("IsCostResource") == "1" or resource.get("Type") == "2":
        return "other"
    return "equipment" if resource.get("Type") == "0" and resource.get("Name") else "labour"


def _amounts(item: Item, assignments: list[Node], kinds: dict[str, str]) -> Amounts:
    node = item.node
    if node.get("Active") == "0":
        return {}
    amounts: Amounts = {}
    for assignment in assignments:
        category = kinds.get(assignment.get("ResourceUID"), "other")
        total, spent = amounts.get(category, (Decimal(0), Decimal(0)))
        amounts[category] = (total + money(assignment.get("Cost")), spent + money(assignment.get("ActualCost")))
    fixed = money(node.get("FixedCost"))
    if item.kind == "deliverable":
        rest, rest_spent = fixed, Decimal(0)
    else:
        rest = max(money(node.get("Cost")) - sum((t for t, _ in amounts.values()), Decimal(0)), Decimal(0))
        spent_in_all = money(node.get("ActualCost")) - sum((s for _, s in amounts.values()), Decimal(0))
        rest_spent = min(max(spent_in_all, Decimal(0)), rest)
    total, spent = amounts.get("other", (Decimal(0), Decimal(0)))
    amounts["other"] = (total + rest, spent + rest_spent)
    return amounts


def _row(item: Item, category: str, status: str, net: Decimal) -> Row:
    when = _date(item.node, status)
    values: dict[str, object] = {"note": item.title, "net": net, "status": status}
    if when:
        values["date"] = when
    key = f"{item.uid}|{category}|{status}"
    refs = (Ref("budget_line", category),)
    return Row("cost", key, item.node.line, f"{item.title}: {category}", values, {}, refs, of_known=not net)


def _date(node: Node, status: str) -> dt.date | None:
    names = ("Finish",) if status == PLANNED else ("ActualFinish", "Stop", "ActualStart", "Start")
    return next((found for name in names if (found := day(node.get(name)))), None)
