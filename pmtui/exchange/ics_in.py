"""An iCalendar file (RFC 5545) as rows: meetings, by UID, in the user's zone; a series as its meetings to come.

Whatever a stranger's file says is bounded: its size, its events, its lines, how far a series is followed. What is
left out is said.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.text import clean
from pmtui.exchange.ics_events import (
    NOT_READ,
    Bad,
    Series,
    length_of,
    local,
    moments,
    names_unknown_zone,
    one,
    rule_of,
    sent_to,
    value_of,
)
from pmtui.exchange.ics_ids import ORIGIN, is_milestones
from pmtui.exchange.rows import FileContent, Named, Row

if TYPE_CHECKING:
    from icalendar import Event

SIZE_LIMIT, MOST_LINES, MOST_EVENTS = 8_000_000, 60_000, 3_000
"""Bytes, lines and events of a file that is read: about ten seconds of work."""

AHEAD = dt.timedelta(weeks=26)
"""How far from today on the meetings of a series are taken."""

MOST_OF_SERIES, MOST_ROWS = 200, 5_000

UNTITLED = "Without a title"


def read_ics(data: bytes, source: str, zone: dt.tzinfo, today: dt.date) -> FileContent:
    """What a calendar says, in the order of its events. Raises :class:`Refused` where it can't be read as a whole."""
    text = _text(data)
    reader = _Reader(source, zone, today)
    for event, line in _events(text):
        reader.take(event, line)
    return reader.content()


def is_ics(data: bytes) -> bool:
    """Whether a file is a calendar, by what it begins with."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR")


def _text(data: bytes) -> str:
    if len(data) > SIZE_LIMIT:
        raise Refused(f"the calendar is too large: {len(data) // 1_000_000} MB; allowed: {SIZE_LIMIT // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"line {line}: not UTF-8, which a calendar is written in") from None
    lines = sum(1 for line in text.splitlines() if line[:1] not in {" ", "\t"})
    events = len(re.findall(r"^BEGIN:VEVENT", text, re.MULTILINE | re.IGNORECASE))
    for count, most, what in ((lines, MOST_LINES, "lines"), (events, MOST_EVENTS, "events")):
        if count > most:
            raise Refused(f"the calendar has {count:,} {what}; allowed: {most:,}. Export fewer of its days")
    return text


def _events(text: str) -> Iterator[tuple["Event", int]]:
    """The events with the line on which each begins; 0 where that is not certain."""
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"it is no sound calendar: {clean(str(error))[:200]}") from None
    if not calendars:
        raise Refused("it is no sound calendar: BEGIN:VCALENDAR without its end")
    found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    begins = [at for at, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    lines = begins if len(begins) == len(found) else [0] * len(found)
    yield from zip(found, lines, strict=True)


@dataclass
class _Reader:
    """Takes events one after the other, and makes rows of them at the end: a series and what replaces parts of it."""

    source: str
    zone: dt.tzinfo
    today: dt.date
    series: dict[str, Series] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    people: dict[str, Named] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)

    def take(self, event: "Event", line: int) -> None:
        """Keep an event with its series; one that can't be read is a bad row."""
        uid = clean(str(one(event, "UID", "")))[:500]
        if not uid:
            self._bad(Bad("UID", "", "an event has one UID, which tells it from others"), "", event, line)
            return
        try:
            self.series.setdefault(uid, Series(uid)).take(event, line)
        except Bad as bad:
            self._bad(bad, uid, event, line)

    def content(self) -> FileContent:
        """All that was read, and what was left out."""
        for series in self.series.values():
            if len(self.rows) > MOST_ROWS:
                raise Refused(f"it comes to more than {MOST_ROWS:,} meetings; export fewer of its days")
            self._rows_of(series)
        notes = [f"{words}: {count:,}" for words, count in self.left.items()]
        rows = tuple(sorted(self.rows, key=lambda row: row.line))
        return FileContent(self.source, rows, tuple(notes), tuple(self.people.values()), ids_of=ORIGIN)

    def _rows_of(self, series: Series) -> None:
        for event, line in series.alone:
            self._row(series.uid, event, line)
        for event, line, key in series.replaced(self.zone):
            self._row(f"{series.uid}#{key}", event, line)
        if series.repeats is None:
            return
        event, line = series.repeats
        try:
            self._occurrences(series, event, line)
        except Bad as bad:
            self._bad(bad, series.uid, event, line)

    def _occurrences(self, series: Series, event: "Event", line: int) -> None:
        """The meetings of a series from today on, without those left out of it and those written on their own."""
        last = self.today + AHEAD
        rule = rule_of(event)
        if rule is None:
            self.left[
                f"series whose repetition is not understood ({NOT_READ}); the first meeting of each is taken"
            ] += 1
            self._row(series.uid, event, line)
            return
        replaced = {key for _, _, key in series.replaced(self.zone)}
        taken = 0
        for start, key in moments(event, rule, self.zone, self.today, last):
            if key in replaced:
                continue
            if taken == MOST_OF_SERIES:
                self.left[f"series of which only the next {MOST_OF_SERIES} meetings are taken"] += 1
                break
            taken += 1
            self._row(f"{series.uid}#{key}", event, line, start)
        self.left[f"series, whose meetings are taken from today to {last.isoformat()}"] += 1

    def _row(self, key: str, event: "Event", line: int, start: dt.datetime | None = None) -> None:
        """The row of one meeting or milestone; what is neither is left out."""
        title = clean(str(one(event, "SUMMARY", ""))) or UNTITLED
        try:
            begin = one(event, "DTSTART", None)
            moment = value_of(begin)
            if is_milestones(key) and isinstance(moment, dt.date) and not isinstance(moment, dt.datetime):
                self.rows.append(
                    Row("milestone", key, line, title, {"title": title, "forecast": moment}, of_known=True)
                )
            elif isinstance(moment, dt.date) and not isinstance(moment, dt.datetime):
                self.left["all-day events left out: they are no meetings"] += 1
            else:
                values = self._values(event, title, start or local(begin, self.zone, "DTSTART"), series="#" in key)
                if names_unknown_zone(begin):
                    self.left["meetings in a zone that is not known, taken as your own"] += 1
                self.rows.append(Row("meeting", key, line, title, values))
        except Bad as bad:
            self._bad(bad, key, event, line)

    def _values(self, event: "Event", title: str, start: dt.datetime, *, series: bool) -> dict[str, Any]:
        length, cut = length_of(event, self.zone)
        if cut:
            self.left["meetings longer than a day, taken as a day long"] += 1
        values: dict[str, Any] = {"title": title, "start": start, "length": length}
        if str(one(event, "STATUS", "")).upper() == "CANCELLED":
            values["status"] = "cancelled"
        invited, named = sent_to(event, self.people)
        self.people |= named
        if invited or "X-PMTUI-INVITED" in event:
            values["invited"] = invited
        name = clean(str(one(event, "X-PMTUI-SERIES", "")))[:200] or (title if series else "")
        return {**values, "series": name} if name else values

    def _bad(self, bad: Bad, uid: str, event: "Event", line: int) -> None:
        title = clean(str(event.get("SUMMARY", "")))[:200] or uid[:80]
        problem = Problem(bad.field, bad.value, f"{bad.allowed} (UID {uid[:80] or 'none'})", line=line or None)
        self.rows.append(Row("meeting", uid or f"line {line}", line, title, {}, problems=(problem,)))
