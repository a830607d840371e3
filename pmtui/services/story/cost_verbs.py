"""What was done with the money, in a phrase."""

from collections.abc import Callable

from pmtui.services.story.phrase import Deed, Phrase, names, told
from pmtui.store.journal import UPDATE


def received(deed: Deed) -> Phrase | None:
    """Goods and work that came before their invoice, or did not."""
    came = deed.having("received_on")
    if deed.note.verb == "not received":
        return told("took back that", came, " came")
    on = deed.said(came, "received_on")
    return told("received", came, f" on {on}, invoice to come" if on else ", invoice to come")


def invoiced_in_part(deed: Deed) -> Phrase | None:
    """A part of a commitment that was invoiced, and what became of the rest."""
    added, changed = deed.added(), deed.having("net", "status")
    if added:
        net = deed.said(added, "net")
        rest = deed.said(changed, "net")
        stays = f", {rest} stay committed" if rest else ""
        return told("invoiced a part of", changed, f": {names(added)}{f', {net}' if net else ''}{stays}")
    now, was = deed.said(changed, "net"), deed.said(changed, "net", before=True)
    return told("invoiced", changed, (f" at {now}" if now else "") + (f", the rest of {was} released" if was else ""))


def statement_booked(deed: Deed) -> Phrase:
    """Rows of a bank's or ERP's file that were booked."""
    changed = [touch for touch in deed.touches if touch.what == UPDATE]
    parts = [f"{names(found)} {word}" for found, word in ((changed, "matched"), (deed.added(), "new")) if found]
    return Phrase(
        f"booked rows of {deed.note.verb.removeprefix('match ')}", rest=f": {', '.join(parts)}" if parts else ""
    )


COST_VERBS: dict[str, Callable[[Deed], Phrase | None]] = {
    "receive": received,
    "not received": received,
    "invoice part": invoiced_in_part,
}
"""The tellers of receipts and invoices of a part."""
