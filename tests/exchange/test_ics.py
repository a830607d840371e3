"""A calendar out and in again changes nothing; others' calendars come in by UID, in the user's zone, within bounds."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest
from factories import MONDAY, add, day

from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Milestone, Person, Topic
from pmtui.exchange import ics_in
from pmtui.exchange.ics_in import read_ics
from pmtui.services import verbs
from pmtui.services.calendars import calendar_of
from pmtui.services.importing import apply_import, plan_import
from pmtui.services.meetings import hold, publish
from pmtui.services.projects import add_project, open_project
from pmtui.services.session import Session

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
BEN = Person(handle="ben", full_name="Ben Okafor", email="ben@example.org", status="confirmed")


def in_zone(tmp_path, zone=PARIS, now=MONDAY):
    local = now.astimezone(zone)
    return Session(tmp_path / "ws", user="ana", name="s1", now=lambda: local, durable=False)


@pytest.fixture
def project(tmp_path):
    return add_project(in_zone(tmp_path), "hris", "HRIS deployment")


def event(*lines, uid="a@x", start="DTSTART:20260310T090000Z", summary="Sync"):
    return ["BEGIN:VEVENT", f"UID:{uid}", start, f"SUMMARY:{summary}", *lines, "END:VEVENT"]


def ics(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *(line for each in events for line in each)]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def bring(project, data, **more):
    plan = plan_import(project, data, "cal.ics", **more)
    return apply_import(project, plan)


def meetings(project):
    return sorted(project.data.meetings.values(), key=lambda m: (m.start, m.id))


class TestOutAndIn:
    def test_what_was_exported_comes_back_unchanged(self, project):
        add(
            project,
            BEN,
            Person(handle="chi"),
            Meeting(
                title="Kick-off; with, signs\\and é",
                start=dt.datetime(2026, 3, 5, 10),
                invited=("chi", "ben"),
                length=0,
            ),
            Meeting(
                title="x" * 300, start=dt.datetime(2026, 7, 5, 10), series="Weekly", agenda=(Topic("Go\\n; live", 5),)
            ),
            Meeting(title="Off", start=dt.datetime(2026, 3, 6, 10), status="cancelled", kind="workshop"),
            Milestone(title="UAT start", forecast=day(30)),
            Milestone(title="Done", forecast=day(-30), actual=day(-29)),
        )
        publish(project, "M-1")
        before = project.sequence
        text = calendar_of(project, list(project.data.records()))
        plan = plan_import(project, text.encode(), "other name.ics")
        assert plan.words == "3 meetings unchanged; 2 milestones unchanged"
        assert plan.notes == ()
        apply_import(project, plan)
        assert project.sequence == before

    def test_no_line_is_longer_than_75_bytes_and_each_ends_as_it_must(self, project):
        add(project, Meeting(title="Über " * 60, start=dt.datetime(2026, 3, 5, 10)))
        text = calendar_of(project, list(project.data.records()))
        assert text.endswith("\r\n")
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    @pytest.mark.parametrize("zone", [PARIS, NEW_YORK, dt.UTC, ZoneInfo("Australia/Lord_Howe")], ids=str)
    def test_every_hour_of_a_year_comes_back_also_where_the_clocks_change(self, tmp_path, zone):
        project = add_project(in_zone(tmp_path, zone), "hris", "HRIS")
        pick = random.Random(3)
        hours = [dt.datetime(2026, 3, 29, 2, 30), dt.datetime(2026, 10, 25, 2, 30), dt.datetime(2026, 3, 8, 2, 30)]
        hours += [dt.datetime(2026, 1, 1) + dt.timedelta(minutes=30 * pick.randrange(17_000)) for _ in range(60)]
        add(project, *(Meeting(title="At", start=hour) for hour in hours))
        text = calendar_of(project, list(project.data.records()))
        assert plan_import(project, text.encode(), "x.ics").words == f"{len(hours)} meetings unchanged"

    def test_a_meeting_keeps_its_uid_and_its_sequence_grows(self, tmp_path, project):
        add(project, Meeting(title="Sync", start=dt.datetime(2026, 3, 5, 10)))
        first = calendar_of(project, list(project.data.records()))
        later = open_project(in_zone(tmp_path, now=MONDAY + dt.timedelta(hours=3)), "hris")
        verbs.set_date(later, ["M-1"], day(9))
        second = calendar_of(later, list(later.data.records()))

        def value(text, name):
            return next(line for line in text.splitlines() if line.startswith(name))

        assert value(first, "UID") == value(second, "UID")
        assert (value(first, "SEQUENCE"), value(second, "SEQUENCE")) == ("SEQUENCE:0", "SEQUENCE:10800")

    def test_two_projects_share_no_uid(self, tmp_path, project):
        other = add_project(in_zone(tmp_path), "erp", "ERP")
        texts = []
        for each in (project, other):
            add(each, Meeting(title="Sync", start=dt.datetime(2026, 3, 5, 10)))
            texts.append(calendar_of(each, list(each.data.records())))
        assert bring(other, texts[0].encode()).words == "import cal.ics: 1 meeting new"

    def test_what_was_moved_in_the_other_calendar_is_moved_here(self, project):
        add(project, Meeting(title="Sync", start=dt.datetime(2026, 3, 5, 10)), Milestone(title="UAT", forecast=day(30)))
        text = calendar_of(project, list(project.data.records()))
        moved = text.replace("20260305T090000Z", "20260306T090000Z").replace("20260305T100000Z", "20260306T100000Z")
        moved = moved.replace(f"{day(30):%Y%m%d}", f"{day(37):%Y%m%d}")
        bring(project, moved.encode())
        assert project.data.get("M-1").start == dt.datetime(2026, 3, 6, 10)
        milestone = project.data.get("MS-1")
        assert (milestone.forecast, milestone.forecast_reason) == (day(37), "import cal.ics")
        project.undo()
        assert project.data.get("M-1").start == dt.datetime(2026, 3, 5, 10)


class TestOthersCalendars:
    def test_times_are_on_the_users_clock_whatever_zone_they_were_in(self, project):
        bring(
            project,
            ics(
                event(uid="1", start="DTSTART;TZID=America/New_York:20260310T090000"),
                event(uid="2", start="DTSTART;TZID=W. Europe Standard Time:20260310T090000"),
                event(uid="3", start="DTSTART:20260310T090000Z"),
                event(uid="4", start="DTSTART:20260310T090000"),
            ),
        )
        assert [m.start.hour for m in project.data.meetings.values()] == [14, 9, 10, 9]

    def test_a_zone_that_the_file_defines_itself_is_followed(self, project):
        zone = [
            "BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE",
        ]  # fmt: skip
        bring(project, ics(zone, event(start="DTSTART;TZID=Ours:20260310T090000")))
        assert project.data.get("M-1").start == dt.datetime(2026, 3, 10, 7)

    def test_a_zone_that_nobody_knows_is_taken_as_ones_own_and_said(self, project):
        outcome = bring(project, ics(event(start="DTSTART;TZID=Middle/Earth:20260310T090000")))
        assert project.data.get("M-1").start == dt.datetime(2026, 3, 10, 9)
        assert "meetings in a zone that is not known, taken as your own: 1" in outcome.said

    def test_the_same_again_is_unchanged_and_a_change_is_told(self, project):
        bring(project, ics(event("DTEND:20260310T103000Z")))
        assert project.data.get("M-1").length == 90
        assert plan_import(project, ics(event("DURATION:PT1H30M")), "again.ics").words == "1 meeting unchanged"
        plan = plan_import(project, ics(event("DURATION:PT30M", summary="Short sync")), "again.ics")
        (entry,) = plan.entries
        assert (entry.action, {c.field for c in entry.changes}) == ("updated", {"Title", "Minutes"})

    def test_a_cancelled_event_cancels_the_meeting_and_makes_none(self, project):
        bring(project, ics(event()))
        outcome = bring(project, ics(event("STATUS:CANCELLED"), event("STATUS:CANCELLED", uid="b@x")))
        assert [m.status for m in project.data.meetings.values()] == ["cancelled"]
        assert any("never here, left out: 1" in said for said in outcome.said)

    def test_a_meeting_that_took_place_stays_as_it_is(self, project):
        bring(project, ics(event()))
        hold(project, "M-1", ["ana"])
        outcome = bring(project, ics(event(start="DTSTART:20260312T090000Z")))
        assert project.data.get("M-1").start == dt.datetime(2026, 3, 10, 10)
        assert any("left as they are: M-1" in said for said in outcome.said)

    def test_days_are_no_meetings(self, project):
        outcome = bring(project, ics(event(start="DTSTART;VALUE=DATE:20260310"), event(uid="b")))
        assert len(project.data.meetings) == 1
        assert any("all-day events left out" in said for said in outcome.said)

    def test_longer_than_a_day_is_a_day_long(self, project):
        outcome = bring(project, ics(event("DTEND:20260315T090000Z")))
        assert project.data.get("M-1").length == 1440
        assert any("longer than a day" in said for said in outcome.said)


class TestPeople:
    def test_they_are_known_by_e_mail_else_added_unconfirmed(self, project):
        add(project, BEN)
        bring(
            project,
            ics(
                event(
                    'ATTENDEE;CN="Okafor, B.":MAILTO:Ben@Example.org',
                    'ORGANIZER;CN="Zoë Lind":mailto:zoe.lind@vendor.example',
                    "ATTENDEE;CUTYPE=ROOM;CN=Room 4:mailto:room4@example.org",
                    "ATTENDEE:urn:uuid:none",
                )
            ),
        )
        assert project.data.get("M-1").invited == ("zoe.lind", "ben")
        zoe = project.data.person("zoe.lind")
        assert (zoe.full_name, zoe.email, zoe.status) == ("Zoë Lind", "zoe.lind@vendor.example", "unconfirmed")

    def test_a_stranger_with_a_known_handle_is_somebody_else(self, project):
        add(project, BEN)
        bring(project, ics(event("ATTENDEE:mailto:ben@vendor.example")))
        assert project.data.get("M-1").invited == ("ben-2",)
        assert project.data.person("ben").email == "ben@example.org"
        assert (
            plan_import(project, ics(event("ATTENDEE:mailto:ben@vendor.example")), "x").words == "1 meeting unchanged"
        )

    def test_somebody_invited_there_is_invited_here_and_one_taken_off_is_not(self, project):
        add(project, BEN, Person(handle="chi", email="chi@example.org"), Person(handle="dora"))
        add(project, Meeting(title="Sync", start=dt.datetime(2026, 3, 5, 10), invited=("ben", "dora")))
        text = calendar_of(project, list(project.data.records()))
        lines = [line for line in text.replace("\r\n ", "").split("\r\n") if "ben@example.org" not in line]
        at = lines.index("STATUS:CONFIRMED")
        bring(project, "\r\n".join([*lines[:at], "ATTENDEE:mailto:chi@example.org", *lines[at:]]).encode())
        assert project.data.get("M-1").invited == ("chi", "dora")


class TestSeries:
    WEEKLY = event("RRULE:FREQ=WEEKLY", "DURATION:PT45M", start="DTSTART;TZID=Europe/Paris:20260105T100000")

    def test_its_meetings_to_come_are_taken_up_to_a_day_that_is_said(self, project):
        outcome = bring(project, ics(self.WEEKLY))
        found = meetings(project)
        assert (found[0].start, found[-1].start) == (dt.datetime(2026, 3, 2, 10), dt.datetime(2026, 8, 31, 10))
        assert {(m.length, m.series) for m in found} == {(45, "Sync")}
        assert {m.start.hour for m in found} == {10}  # over the change of clocks
        assert any("from today to 2026-08-31" in said for said in outcome.said)

    def test_the_same_again_adds_none(self, project):
        bring(project, ics(self.WEEKLY))
        assert plan_import(project, ics(self.WEEKLY), "x.ics").words == "27 meetings unchanged"

    def test_what_was_taken_out_moved_or_cancelled_of_it(self, project):
        moved = event(
            "RECURRENCE-ID;TZID=Europe/Paris:20260309T100000", start="DTSTART:20260310T140000Z", summary="Moved"
        )
        off = event("RECURRENCE-ID:20260316T090000Z", "STATUS:CANCELLED", start="DTSTART:20260316T090000Z")
        whole = [*self.WEEKLY[:-1], "EXDATE;TZID=Europe/Paris:20260302T100000,20260323T100000", self.WEEKLY[-1]]
        bring(project, ics(whole, moved, off))
        starts = [m.start for m in meetings(project)][:3]
        assert starts == [dt.datetime(2026, 3, 10, 15), dt.datetime(2026, 3, 30, 10), dt.datetime(2026, 4, 6, 10)]
        assert meetings(project)[0].title == "Moved"

    def test_one_cancelled_later_is_cancelled_here(self, project):
        bring(project, ics(self.WEEKLY))
        off = event("RECURRENCE-ID:20260316T090000Z", "STATUS:CANCELLED", start="DTSTART:20260316T090000Z")
        bring(project, ics(self.WEEKLY, off))
        assert [m.start.day for m in meetings(project) if m.status == "cancelled"] == [16]

    def test_dates_alone_and_how_it_ends(self, project):
        bring(
            project,
            ics(
                event("RDATE:20260311T090000Z,20260312T090000Z", uid="1"),
                event("RRULE:FREQ=DAILY;COUNT=3", uid="2"),
                event("RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20260501", uid="3"),
            ),
        )
        assert [f"{m.start:%d%b}" for m in meetings(project)] == [
            *("10Mar", "10Mar", "10Mar", "11Mar", "11Mar", "12Mar", "12Mar", "14Apr"),
        ]

    def test_what_is_not_understood_is_taken_once_and_said(self, project):
        outcome = bring(project, ics(event("RRULE:FREQ=HOURLY"), event("RRULE:FREQ=YEARLY;BYWEEKNO=20", uid="b")))
        assert len(project.data.meetings) == 2
        assert any("not understood" in said and said.endswith(": 2") for said in outcome.said)


class TestHostile:
    def refused(self, project, data):
        with pytest.raises(Refused) as why:
            plan_import(project, data, "cal.ics")
        return str(why.value)

    def test_what_is_too_large_is_refused_before_it_is_read(self, project, monkeypatch):
        monkeypatch.setattr(ics_in, "MOST_EVENTS", 3)
        monkeypatch.setattr(ics_in, "MOST_LINES", 40)
        assert "allowed: 3" in self.refused(project, ics(*(event(uid=str(n)) for n in range(4))))
        assert "allowed: 40" in self.refused(project, ics(event(*["X-A:1"] * 50)))
        monkeypatch.setattr(ics_in, "SIZE_LIMIT", 100)
        assert "too large" in self.refused(project, ics(event()))

    def test_a_series_without_end_is_bounded(self, project, monkeypatch):
        monkeypatch.setattr(ics_in, "MOST_OF_SERIES", 5)
        outcome = bring(project, ics(event("RRULE:FREQ=DAILY", start="DTSTART:19700101T090000Z")))
        assert len(project.data.meetings) == 5
        assert any("only the next 5" in said for said in outcome.said)

    @pytest.mark.parametrize(
        "lines",
        [
            ["DTEND:20250101T000000Z"],
            ["DTEND:nonsense"],
            ["DURATION:-PT5M"],
            ["DURATION:P1Y"],
        ],
        ids=lambda lines: lines[0],
    )
    def test_a_bad_event_is_named_by_line_and_uid_and_costs_only_itself(self, project, lines):
        data = ics(event(uid="good@x"), event(*lines, uid="bad@x"))
        plan = plan_import(project, data, "cal.ics")
        (problem,) = plan.problems
        assert (problem.line, "bad@x" in str(problem)) == (9, True)
        apply_import(project, plan, skip_bad=True)
        assert [m.external.id for m in project.data.meetings.values()] == ["good@x"]

    @pytest.mark.parametrize(
        "start", ["DTSTART:nonsense", "DTSTART:00010101T000000Z", "DTSTART:99991231T235900", "X:1"]
    )
    def test_an_event_without_a_time_that_can_be_is_bad(self, project, start):
        assert len(plan_import(project, ics(event(start=start)), "cal.ics").problems) == 1

    def test_an_event_without_a_uid_or_with_anothers_is_bad(self, project):
        events = [["BEGIN:VEVENT", "DTSTART:20260310T090000Z", "END:VEVENT"], event(), event()]
        plan = plan_import(project, ics(*events), "cal.ics")
        assert [p.field for p in plan.problems] == ["UID", "UID"]

    @pytest.mark.parametrize(
        "data",
        [
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" * 500,
            b"BEGIN:VCALENDAR\r\nhello\r\nEND:VCALENDAR\r\n",
            b"BEGIN:VCALENDAR",
        ],
        ids=["nested", "no property", "cut off"],
    )
    def test_what_is_no_calendar_is_refused_in_words(self, project, data):
        assert "cal.ics: it is no sound calendar" in self.refused(project, data)

    def test_what_is_not_utf_8_names_its_line(self, project):
        assert "line 7: not UTF-8" in self.refused(project, ics(event()).replace(b"Sync", b"S\xffnc"))

    def test_texts_are_only_text(self, project):
        bring(project, ics(event(summary="\x1b]52;c;x\x07[/foo]=1+1\\nD: not a decision")))
        title = project.data.get("M-1").title
        assert "\x1b" not in title
        assert "\n" not in title
        assert project.data.get("M-1").notes == ""

    def test_noise_never_raises_anything_but_a_refusal(self, project):
        pick = random.Random(5)
        words = [
            "RRULE:FREQ=WEEKLY;BYDAY=XX", "RRULE:FREQ=WEEKLY;UNTIL=x", "RRULE:FREQ=DAILY;INTERVAL=0", "EXDATE:x",
            "EXDATE;VALUE=DATE:20260311", "RDATE;VALUE=PERIOD:20260311T090000Z/PT1H", "RECURRENCE-ID:x", "RRULE:FREQ=DAILY",
            "DTSTART:20260310T090000Z", "DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260311", "DURATION:x", "UID:z",
            "ATTENDEE:mailto:", "ATTENDEE;CN=x:mailto:a@b", "X-PMTUI-INVITED:a b ../c", "STATUS:x", "SUMMARY:", "BEGIN:VALARM",
            "END:VALARM", "RRULE:FREQ=MONTHLY;BYSETPOS=99;BYDAY=MO", "SEQUENCE:x", "DTSTART;TZID=No/Where:20260310T090000",
        ]  # fmt: skip
        for _ in range(300):
            events = [
                event(*pick.sample(words, pick.randrange(5)), uid=str(n), start=pick.choice(words)) for n in range(3)
            ]
            try:
                plan = plan_import(project, ics(*events), "cal.ics")
                apply_import(project, plan, skip_bad=True)
            except Refused:
                continue


def test_the_zone_is_an_argument_and_no_clock_is_read():
    content = read_ics(ics(event()), "x.ics", NEW_YORK, day(0))
    assert content.rows[0].values["start"] == dt.datetime(2026, 3, 10, 5)
