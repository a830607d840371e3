"""What the properties of a calendar's event mean: when it is, how long, how it repeats, and who is invited."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pmtui.domain.recurrence import Rule, day_named, occurrences
from pmtui.domain.text import clean, fold
from pmtui.exchange.rows import Named

if TYPE_CHECKING:
    from icalendar import Event

FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST = 1440
"""Minutes that a meeting lasts at most."""

MOST_INVITED = 200
NOT_READ = "hours, week numbers, days of the year"
_UNREAD = {"BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "BYEASTER", "RSCALE", "SKIP"}
_FREQS = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MAIL = re.compile(r"mailto:([^\s@]{1,64}@[^\s@]{1,200})", re.IGNORECASE)
_HANDLE = re.compile(r"\w[\w.\-]{0,39}")
_NO_PEOPLE = {"ROOM", "RESOURCE"}


class Bad(Exception):
    """A property that can't be read: its name, what it holds, and what is allowed."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        self.field, self.value, self.allowed = name, clean(value)[:80], allowed
        super().__init__(name, value, allowed)


@dataclass
class Series:
    """All events of one UID: alone, the one that repeats, and those in place of one of its meetings."""

    uid: str
    alone: list[tuple["Event", int]] = field(default_factory=list)
    repeats: "tuple[Event, int] | None" = None
    parts: list[tuple["Event", int]] = field(default_factory=list)

    def take(self, event: "Event", line: int) -> None:
        """Keep an event as what it is; a UID that stands twice for the same is bad."""
        if "RECURRENCE-ID" in event:
            self.parts.append((event, line))
        elif self.alone or self.repeats:
            raise Bad("UID", self.uid, "this UID stands in the file already")
        elif "RRULE" in event or "RDATE" in event:
            self.repeats = event, line
        else:
            self.alone.append((event, line))

    def replaced(self, zone: dt.tzinfo) -> list[tuple["Event", int, str]]:
        """The events in place of meetings of the series, with the keys of these; the last one of a key counts."""
        found: dict[str, tuple[Event, int, str]] = {}
        for event, line in self.parts:
            key = key_of(value_of(one(event, "RECURRENCE-ID", None)), zone)
            found[key] = event, line, key
        return list(found.values())


def one(event: "Event", name: str, default: Any) -> Any:
    """A property's value; the first where it stands several times."""
    found = event.get(name, default)
    return found[0] if isinstance(found, list) and found else found


def value_of(found: Any) -> Any:
    """What a property means, by its type: a moment, a day, a time span; ``None`` where it is none or can't be read."""
    try:
        return getattr(found, "dt", None)
    except ValueError:  # a property that is broken tells so when it is asked
        return None


def local(value: Any, zone: dt.tzinfo, name: str) -> dt.datetime:
    """A moment on the user's clock, without its zone; one that names no zone, or none that is known, as it stands."""
    moment = value_of(value)
    if not isinstance(moment, dt.datetime):
        raise Bad(name, str(value or ""), "allowed: a day and time, such as 20261203T090000Z")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Bad(name, str(moment), f"allowed: years from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    except (OverflowError, ValueError):
        raise Bad(name, str(moment), "allowed: a day and time of a zone that is known") from None


def names_unknown_zone(found: Any) -> bool:
    """Whether a moment names a zone that neither the file nor anybody else defines."""
    moment = value_of(found)
    return isinstance(moment, dt.datetime) and moment.tzinfo is None and "TZID" in getattr(found, "params", {})


def length_of(event: "Event", zone: dt.tzinfo) -> tuple[int, bool]:
    """Minutes that an event lasts, and whether it is cut to a day."""
    begin, end, lasts = (one(event, name, None) for name in ("DTSTART", "DTEND", "DURATION"))
    if end is not None:
        moments = [value_of(begin), value_of(end)]
        aware = [moment.tzinfo is not None for moment in moments if isinstance(moment, dt.datetime)]
        if len(aware) == 2 and all(aware):
            span = moments[1].astimezone(dt.UTC) - moments[0].astimezone(dt.UTC)
        else:
            span = local(end, zone, "DTEND") - local(begin, zone, "DTSTART")
    else:
        span = dt.timedelta(0) if lasts is None else value_of(lasts)
        if not isinstance(span, dt.timedelta):
            raise Bad("DURATION", str(lasts), "allowed: a duration, such as PT90M")
    minutes = int(span.total_seconds()) // 60
    if minutes < 0:
        raise Bad("DTEND", str(value_of(end) or lasts), "it ends before it begins")
    return min(minutes, LONGEST), minutes > LONGEST


# How it repeats -----------------------------------------------------------------------


def rule_of(event: "Event") -> Rule | None:
    """How an event repeats; ``None`` where that is not read. Without a rule it is its dates alone."""
    found = event.get("RRULE")
    if found is None:
        return Rule("DAILY", count=1)
    if isinstance(found, list) or not isinstance(found, Mapping):
        return None
    given = {str(name).upper(): value if isinstance(value, list) else [value] for name, value in found.items()}
    freq = str(given.get("FREQ", [""])[0]).upper()
    if freq not in _FREQS or _UNREAD & given.keys():
        return None
    try:
        return Rule(
            freq,  # type: ignore[arg-type]
            interval=max(1, int(given.get("INTERVAL", [1])[0])),
            count=int(given["COUNT"][0]) if "COUNT" in given else None,
            until=_until(given["UNTIL"][0], event) if "UNTIL" in given else None,
            days=tuple(day_named(str(day)) for day in given.get("BYDAY", [])),
            month_days=tuple(map(int, given.get("BYMONTHDAY", []))),
            months=tuple(map(int, given.get("BYMONTH", []))),
            places=tuple(map(int, given.get("BYSETPOS", []))),
            week_start=day_named(str(given.get("WKST", ["MO"])[0]))[0],
        )
    except (ValueError, TypeError, IndexError):
        return None


def moments(
    event: "Event", rule: Rule, zone: dt.tzinfo, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.datetime, str]]:
    """The meetings of a series within two days, on the user's clock, each with its key, in order.

    They are counted on the clock of the event's own zone, so that 10:00 there stays 10:00 over a change of clocks.
    """
    begin = one(event, "DTSTART", None)
    local(begin, zone, "DTSTART")  # refuses what is no moment
    start: dt.datetime = value_of(begin)
    there = start.tzinfo
    found = {moment.replace(tzinfo=there) for moment in occurrences(rule, start.replace(tzinfo=None), last)}
    found |= {_as_there(moment, there) for moment in _dates(event, "RDATE")}
    out = {key_of(moment, zone) for moment in _dates(event, "EXDATE")}
    told = {}
    for moment in found:
        key = key_of(moment, zone)
        here = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
        if key not in out and first <= here.date() <= last:
            told[key] = here
    yield from sorted(((here, key) for key, here in told.items()), key=lambda each: each[0])


def key_of(moment: object, zone: dt.tzinfo) -> str:
    """What a meeting of a series is called: when it was to begin, in UTC."""
    if isinstance(moment, dt.datetime):
        try:
            at = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            return f"{at.astimezone(dt.UTC):%Y%m%dT%H%MZ}"
        except (OverflowError, ValueError):
            return str(moment)
    return f"{moment:%Y%m%d}" if isinstance(moment, dt.date) else ""


def _as_there(moment: dt.datetime, there: dt.tzinfo | None) -> dt.datetime:
    return moment if moment.tzinfo or there is None else moment.replace(tzinfo=there)


def _dates(event: "Event", name: str) -> Iterator[dt.datetime]:
    """The moments that a property lists, in however many lines; a day alone is that day at the event's time."""
    found = event.get(name, [])
    start = value_of(one(event, "DTSTART", None))
    for listed in found if isinstance(found, list) else [found]:
        try:
            dates = listed.dts
        except (ValueError, AttributeError):
            raise Bad(name, str(listed), "allowed: days and times, such as 20261203T090000Z") from None
        for each in dates:
            listed_as = value_of(each)
            value = listed_as[0] if isinstance(listed_as, tuple) else listed_as
            if isinstance(value, dt.datetime):
                yield value
            elif isinstance(value, dt.date):
                yield dt.datetime.combine(value, start.time(), start.tzinfo)


def _until(value: object, event: "Event") -> dt.datetime:
    """The last moment, on the clock of the event's zone; a day is meant to its end."""
    if isinstance(value, dt.datetime):
        there = getattr(value_of(one(event, "DTSTART", None)), "tzinfo", None)
        return (value.astimezone(there) if value.tzinfo and there else value).replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time.max)
    raise ValueError(value)


# Who is invited -----------------------------------------------------------------------


def sent_to(event: "Event", known: Mapping[str, Named]) -> tuple[tuple[str, ...], dict[str, Named]]:
    """The handles of those invited, and the people of them that are new, by e-mail; rooms are nobody."""
    handles: list[str] = []
    new: dict[str, Named] = {}
    taken = {person.handle for person in known.values()}
    for address in _addresses(event):
        params = getattr(address, "params", {})
        mail = _MAIL.fullmatch(str(address).strip())
        if mail is None or str(params.get("CUTYPE", "")).upper() in _NO_PEOPLE:
            continue
        email = fold(mail[1])
        person = known.get(email) or new.get(email)
        if person is None:
            given = str(params.get("X-PMTUI-HANDLE", ""))
            handle = _free(given if _HANDLE.fullmatch(given) else email.partition("@")[0], taken)
            name = clean(str(params.get("CN", "")))[:100]
            person = new[email] = Named(handle, "" if "@" in name else name, mail[1])
            taken.add(handle)
        handles.append(person.handle)
    without = str(one(event, "X-PMTUI-INVITED", "")).split()
    handles += [handle.lower() for handle in without[:MOST_INVITED] if _HANDLE.fullmatch(handle)]
    return tuple(dict.fromkeys(handles)), new


def _addresses(event: "Event") -> Iterator[Any]:
    for name in ("ORGANIZER", "ATTENDEE"):
        found = event.get(name, [])
        yield from (found if isinstance(found, list) else [found])[:MOST_INVITED]


def _free(wanted: str, taken: set[str]) -> str:
    """A handle that nobody in the file has yet, of the letters a handle may have."""
    handle = re.sub(r"[^\w.\-]+", "-", wanted.lower()).strip("-.")[:36] or "guest"
    at, found = 1, handle
    while found in taken:
        at += 1
        found = f"{handle}-{at}"
    return found
