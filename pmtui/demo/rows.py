"""The rows that a demo project is told in: one a record, with what became of it.

Days are working days from today: ``-1`` is the last one before it, ``0`` today or, on a day off, the
next one. Months count from this one: ``-1`` is last month. Records name each other by their rows' keys.
"""

from dataclasses import dataclass, field

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the project; their address is made from the handle."""

    handle: str
    name: str
    role: str
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A deliverable: ``became`` are its statuses with the days they were reached on."""

    code: str
    title: str
    owner: str
    criteria: str = ""
    parent: str = ""
    became: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A date that was moved: on which day, to which, and why. ``who`` is the owner unless said."""

    on: int
    to: int
    why: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A task from ``start`` to ``due`` as first planned, ``hours`` of it, and its fate.

    A task that is done was finished on ``done``, or a few days about its due date. ``chased`` is
    the day and whom; ``blocked`` the day, the reason and the follow-up; ``dropped`` and ``deferred`` the day
    and the reason; ``noted`` the day, who and what; ``progress`` days with the percentage reached.
    """

    key: str
    title: str
    owner: str
    part: str
    start: int
    due: int
    hours: float
    fate: str = "done"
    after: Keys = ()
    priority: str = "normal"
    tags: Keys = ()
    source: str = ""
    done: int | None = None
    slips: tuple[Slip, ...] = ()
    progress: tuple[tuple[int, int], ...] = ()
    chased: tuple[int, str] | None = None
    blocked: tuple[int, str, int] | None = None
    dropped: tuple[int, str] | None = None
    deferred: tuple[int, str] | None = None
    handed: tuple[int, str] | None = None
    noted: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks that were entered together, on one day."""

    on: int
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A milestone: its baseline, the forecasts that followed, the day it was reached on."""

    key: str
    title: str
    baseline: int
    after: Keys = ()
    moves: tuple[Slip, ...] = ()
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class Hazard:
    """A risk, raised on a day with a first assessment; ``moves`` are later ones: day, probability, impact.

    ``left`` is what the response is hoped to leave, ``left_moves`` what later; ``felt`` are days and impacts by
    dimension; ``review`` the next review; ``closed`` and ``rejected`` a day and why; ``occurred`` the day it became
    an issue, whose row tells on.
    """

    key: str
    title: str
    owner: str
    on: int
    first: tuple[int, int]
    review: int
    category: str
    response: str
    words: tuple[str, str, str]
    left: tuple[int, int] | None = None
    left_moves: tuple[tuple[int, int, int], ...] = ()
    felt: tuple[tuple[int, dict[str, int | None]], ...] = ()
    moves: tuple[tuple[int, int, int], ...] = ()
    kind: str = "threat"
    proximity: str = ""
    trigger: str = ""
    cost: str = ""
    days: int | None = None
    occurred: int | None = None
    closed: tuple[int, str] | None = None
    rejected: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """An issue. ``risk`` is the key of the risk that occurred; ``resolved`` a day and how."""

    key: str
    title: str
    owner: str
    on: int
    target: int
    kind: str = "problem"
    urgency: int = 3
    impact: int = 3
    words: str = ""
    risk: str = ""
    asks: tuple[str, int] | None = None
    resolved: tuple[int, str] | None = None
    closed: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A change request; ``became`` are its decisions: day, status, who, why."""

    key: str
    title: str
    requester: str
    on: int
    words: str
    cost: str
    days: int
    decider: str
    due: int
    became: tuple[tuple[int, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line; ``forecasts`` are what it was later thought to cost: day, amount, why.

    ``replans`` are what was later planned for it, in the same way; ``months`` what is planned in a month, counted
    from this one.
    """

    key: str
    category: str
    planned: str
    words: str
    kind: str = "base"
    forecasts: tuple[tuple[int, str, str], ...] = ()
    replans: tuple[tuple[int, str, str], ...] = ()
    months: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A version of the budget: proposed on a day and approved by the sponsor on another; ``cause`` is a change."""

    on: int
    approved: int
    title: str
    why: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is invoiced each month, from one month to another; ``nets`` are used in turn."""

    line: str
    note: str
    vendor: str
    nets: Keys
    first: int
    last: int = -1
    po: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cost, written on a day; ``dated`` is its booking day where that is another.

    ``expected`` is the day its invoice is expected on; ``invoiced`` the day it came and its number;
    ``held`` keeps an invoice out of the payment runs; ``void`` a day and why; ``received`` the day its goods or
    work came before the invoice.
    """

    key: str
    on: int
    line: str
    note: str
    vendor: str
    net: str
    status: str = "invoiced"
    po: str = ""
    invoice: str = ""
    dated: int | None = None
    expected: int | None = None
    invoiced: tuple[int, str] | None = None
    credit: bool = False
    cause: str = ""
    held: bool = False
    void: tuple[int, str] | None = None
    received: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A meeting; ``at`` is its time, ``agenda`` its topics with minutes and presenter.

    The notes are taken by ``scribe`` while it lasts; in them ``{-4}`` stands for a date and ``{key}`` for
    a number. ``published`` is how many working days later the minutes went out; ``None`` when they
    have not. ``settled`` are the actions of its minutes that are done: which one, counted from 1, and when.
    """

    key: str
    title: str
    on: int
    at: str
    length: int
    invited: Keys
    scribe: str
    kind: str = "team"
    series: str = ""
    repeats: str = ""
    absent: Keys = ()
    agenda: tuple[tuple[str, int, str], ...] = ()
    notes: str = ""
    published: int | None = 1
    settled: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A status report issued on a day, with the manager's words by section.

    Its period begins where the last one ended; the first report's on ``since``. ``override`` is
    a light set by hand: its name, colour and reason.
    """

    on: int
    words: tuple[tuple[str, str], ...]
    since: int | None = None
    override: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A whole project: its charter, its people and all that happened; ``sheets`` are those who write time sheets."""

    code: str
    title: str
    manager: str
    sponsor: str
    currency: str
    country: str
    objective: str
    phases: tuple[tuple[int, str], ...]
    start: int
    finish: int
    tolerance_days: int
    tolerance_cost: str
    limits: tuple[tuple[str, int], ...]
    people: tuple[Member, ...]
    parts: tuple[Part, ...] = ()
    gates: tuple[Gate, ...] = ()
    plans: tuple[Plan, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    requests: tuple[Request, ...] = ()
    lines: tuple[Line, ...] = ()
    budgets: tuple[BudgetRow, ...] = ()
    standings: tuple[Standing, ...] = ()
    entries: tuple[Entry, ...] = ()
    talks: tuple[Talk, ...] = ()
    statuses: tuple[Status, ...] = ()
    sheets: Keys = ()
    whys: Keys = field(default=("waiting for the vendor", "took longer than estimated", "reviewers were away"))
