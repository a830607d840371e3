"""The words other tools use for what pmtui calls by fewer: statuses, priorities, scales, people."""

import re

from pmtui.domain.flow import plain
from pmtui.domain.text import clean, fold
from pmtui.domain.values import read_handle
from pmtui.exchange.rows import Named

_WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("task", "status"): {
        "backlog": "icebox, someday, proposed",
        "to do": "new, open, assigned, not started, planned, ready, reopened, pending",
        "doing": "in progress, started, active, ongoing, in review, review, testing, feedback, under way",
        "blocked": "on hold, waiting, impeded, stopped",
        "done": "resolved, closed, complete, completed, fixed, finished, verified, 100 %",
        "cancelled": "canceled, rejected, won't do, wont fix, won't fix, invalid, duplicate, abandoned, dropped",
    },
    ("task", "priority"): {
        "low": "minor, trivial, lowest, very low, p4, p5",
        "normal": "medium, moderate, default, p3",
        "high": "major, p2",
        "urgent": "immediate, critical, blocker, highest, very high, p1, emergency",
    },
    ("risk", "status"): {
        "proposed": "new, identified, draft, raised",
        "assessing": "open, active, in progress, live, ongoing",
        "closed": "retired, done, expired, mitigated",
        "rejected": "cancelled, canceled, invalid",
    },
    ("risk", "kind"): {"threat": "risk, negative", "opportunity": "positive, upside"},
    ("risk", "response"): {
        "avoid": "terminate, eliminate",
        "reduce": "treat, mitigate, mitigation, reduction, control",
        "transfer": "insure, transference",
        "accept": "tolerate, retain, acceptance",
        "contingency plan": "contingency, fallback",
    },
    ("issue", "status"): {
        "open": "new, assigned, in progress, active, reopened, to do",
        "postponed": "on hold, deferred, waiting",
        "resolved": "fixed, done, complete, completed",
    },
    ("cost", "status"): {
        "planned": "budgeted, forecast, estimated",
        "committed": "ordered, approved, po raised, contracted",
        "invoiced": "billed, received, booked, open",
        "paid": "settled, closed",
        "void": "cancelled, canceled, rejected",
    },
    ("change", "status"): {
        "submitted": "new, open, raised",
        "postponed": "on hold, deferred",
        "implemented": "closed, done",
    },
    ("person", "status"): {"confirmed": "active", "unconfirmed": "registered, invited, locked, inactive"},
    ("deliverable", "status"): {"in work": "in progress, started", "accepted": "done, complete, completed, approved"},
    ("meeting", "status"): {"held": "done, completed", "cancelled": "canceled"},
}

WORDS = {
    place: {plain(word): ours for ours, words in named.items() for word in words.split(", ")}
    for place, named in _WORDS.items()
}
"""For a record kind and field: what another tool's word (in :func:`plain` form) is here."""

_STEPS = (
    "very low|rare|remote",
    "low|unlikely",
    "medium|moderate|possible",
    "high|likely|probable",
    "very high|almost certain|certain",
)
STEPS = {plain(word): step for step, words in enumerate(_STEPS, 1) for word in words.split("|")}
"""Five-step scales in words; a number before the words wins, as in ``3 - Possible``."""

NOTHING = frozenset({"na", "n/a", "-", "\u2013", "\u2014", "none", "null", "nil"})
"""What other tools write, in small letters, where there is no date, number or name."""

_ADDRESS = re.compile(r"(?P<name>.*?)[\s<(]*(?P<email>[^\s<>()@]+@[^\s<>()@]+)[>)]?", re.DOTALL)


def read_step(text: str) -> int:
    """The step of a five-step scale: ``3``, ``3.0``, ``3 - Possible / Occasional``, ``High``."""
    found = re.match(r"([1-5])(?:[.,]0+)?(?:\s*$|\s*[-\u2013:.)(]\s*\D|\s+\D)", text.strip())
    if found:
        return int(found[1])
    step = STEPS.get(plain(text.strip()))
    if step is None:
        raise ValueError("allowed: 1 to 5, also as 3 - Possible")
    return step


def read_person(text: str) -> Named:
    """The person that a login, a full name or an e-mail means; ``Smith, Jane`` is Jane Smith.

    Raises ``ValueError`` where no handle can be made of it.
    """
    text = clean(text)
    email = ""
    found = _ADDRESS.fullmatch(text)
    if found and not text.startswith("@"):
        text, email = found["name"].strip(' "'), found["email"]
    last, comma, first = text.partition(",")
    if comma and "," not in first:
        text = f"{first.strip()} {last.strip()}".strip()
    wanted = text.lstrip("@") or email.partition("@")[0]
    handle = re.sub(r"[^\w\-]+", ".", fold(wanted)).strip(".-_")[:40].rstrip(".-")
    named = text if " " in text else ""
    return Named(read_handle(handle), named, email)


def read_people(text: str) -> list[Named]:
    """Several people, parted by semicolons, line ends or commas: ``Ana[50%],Ben``.

    A comma with a blank after it stands within one name: ``Smith, Jane``.
    """
    parts = re.split(r"[;\n]|,(?=\S)|(?<=\]),", text)
    bare = [re.sub(r"\[[^\]]*\]", "", part).strip() for part in parts]
    return [read_person(part) for part in bare if part]
