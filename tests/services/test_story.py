"""What was done, in words: a sentence for every verb, and which changes are meant by a line."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from factories import add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import (
    BudgetLine,
    Change,
    CostEntry,
    Deliverable,
    Issue,
    Meeting,
    Milestone,
    Person,
    Risk,
    Task,
)
from pmtui.services import (
    costs,
    issues,
    meetings,
    records,
    reports,
    responses,
    risk_review,
    risks,
    series,
    tasks,
    verbs,
)
from pmtui.services.accruals import invoice_part, receive
from pmtui.services.projects import open_project
from pmtui.services.quick import add_line
from pmtui.services.scale_settings import take_preset
from pmtui.services.settings import charter_settings, save
from pmtui.services.story.changelist import AT_A_TIME, ChangeList
from pmtui.services.story.filter import changes, read_wanted
from pmtui.services.story.telling import Story, gap_words
from pmtui.store import Author, Note
from pmtui.store.hand_edits import OUTSIDE
from pmtui.store.history import Gap

MEETING = dt.datetime(2026, 3, 3, 10, 0)


def project_with_all(path):
    """A project with records of every kind, as ana leaves it on Monday 2 March 2026."""
    return new_project(
        path,
        Task(title="Migrate payroll", owner="ana", due=day(0), status="doing", estimate=40),
        Task(title="Load test", owner="ana", due=day(3)),
        Task(title="Copy of migrate payroll"),
        Risk(title="Vendor late", owner="ana", review_date=day(0), probability=3, impact=3, status="approved"),
        Issue(title="File rejected", owner="ana", target_date=day(5)),
        Milestone(title="UAT start", forecast=day(10)),
        Deliverable(code="1", title="Migration", status="in review"),
        BudgetLine(category="Travel", planned=Decimal(1000)),
        CostEntry(date=day(0), budget_line="B-1", net=Decimal("120.5"), note="Train", status="committed"),
        Change(title="Two more interfaces", requester="ben", description="Both wanted"),
        Meeting(title="Weekly", start=MEETING, series="weekly", notes="Hello"),
        Person(handle="dora", status="unconfirmed"),
    )


def last(project, width=0):
    """The last change in words, with its author."""
    return project.story().told(next(project.history(newest_first=True))).said(width)


SAID = {
    "done": (lambda p: tasks.complete(p, ["T-1"]), "ana completed T-1"),
    "resolved": (lambda p: verbs.complete(p, ["I-1"], "sent again"), "ana resolved I-1: sent again"),
    "reached": (lambda p: verbs.complete(p, ["MS-1"]), "ana reached MS-1"),
    "accepted": (lambda p: verbs.complete(p, ["W-1"]), "ana accepted W-1"),
    "confirmed": (lambda p: verbs.complete(p, ["P-3"]), "ana confirmed @dora"),
    "moved": (lambda p: tasks.reschedule(p, ["T-1"], day(10), "vendor late"), "ana moved T-1 from 2 Mar to 12 Mar: vendor late"),
    "two moved": (lambda p: tasks.reschedule(p, ["T-1", "T-2"], day(10)), "ana moved T-1 and T-2 to 12 Mar"),
    "dated": (lambda p: tasks.reschedule(p, ["T-3"], day(300)), "ana moved T-3 to 27 Dec"),
    "forecast": (lambda p: verbs.set_date(p, ["MS-1"], day(17), "late"), "ana moved the forecast of MS-1 from 12 Mar to 19 Mar: late"),
    "meeting": (lambda p: verbs.set_date(p, ["M-1"], day(2)), "ana moved M-1 from 3 Mar 10:00 to 4 Mar 10:00"),
    "corrected": (lambda p: tasks.correct_date(p, ["T-1"], day(4)), "ana corrected the date of T-1 from 2 Mar to 6 Mar"),
    "accept": (lambda p: tasks.accept_delay(p, ["T-1"]), "ana accepted the delay of T-1, asked again 9 Mar"),
    "who": (lambda p: tasks.delegate(p, ["T-1"], "ben"), "ana handed T-1 from @ana to @ben"),
    "nobody": (lambda p: tasks.delegate(p, ["T-1"], ""), "ana left T-1 without owner (was @ana)"),
    "decider": (lambda p: verbs.set_owner(p, ["CR-1"], "ben"), "ana handed CR-1 to @ben"),
    "block": (lambda p: tasks.block(p, ["T-1"], "firewall", day(7)), "ana blocked T-1, follow up 9 Mar: firewall"),
    "chase": (lambda p: tasks.chase(p, ["T-1"], "the vendor"), "ana chased T-1, waiting for the vendor, asked again 5 Mar"),
    "progress": (lambda p: tasks.progress(p, ["T-1"], 40), "ana put T-1 at 40 %, 24h left"),
    "move": (lambda p: tasks.move_to(p, ["T-2"], "doing"), "ana set T-2 to doing (was to do)"),
    "move back": (lambda p: tasks.move_to(p, ["T-1"], "to do"), "ana set T-1 to 'to do' (was doing)"),
    "drop": (lambda p: tasks.drop(p, ["T-1"], "out of scope"), "ana dropped T-1: out of scope"),
    "defer": (lambda p: tasks.defer(p, ["T-1"], "phase 2"), "ana left T-1 to a later phase (was due 2 Mar): phase 2"),
    "merge": (lambda p: tasks.merge(p, ["T-3"], "T-1"), "ana merged T-3 into T-1"),
    "split": (lambda p: tasks.split(p, "T-1", ["One", "Two"]), "ana split T-1 into T-4 and T-5"),
    "issue": (lambda p: tasks.raise_issue(p, ["T-1"]), "ana raised I-2 from T-1"),
    "escalate": (lambda p: tasks.raise_issue(p, ["T-1"], decision_from="the board"), "ana escalated T-1 to the board: I-2"),
    "risk": (lambda p: tasks.raise_risk(p, ["T-1"]), "ana raised R-2 from T-1"),
    "order": (lambda p: tasks.reorder(p, ["T-2", "T-1"], "T-1"), "ana placed T-1 on the board"),
    "note": (lambda p: records.add_note(p, ["T-1"], "Vendor called"), "ana noted on T-1: Vendor called"),
    "edit": (
        lambda p: records.edit_record(p, "T-1", {"due": "2026-03-12", "owner": "ben", "estimate": "", "tags": "#x"}),
        "ana changed T-1: owner @ana → @ben, due 2 Mar → 12 Mar, estimate 40h → none, tags +#x",
    ),
    "long text": (lambda p: records.edit_record(p, "T-1", {"notes": "a\nb"}), "ana changed T-1: notes (+2 lines)"),
    "money": (lambda p: records.edit_record(p, "B-1", {"planned": "1500"}), "ana changed B-1: planned 1,000.00 EUR → 1,500.00 EUR"),
    "advance": (lambda p: costs.advance(p, ["C-1"]), "ana set C-1 to invoiced (was committed)"),
    "void": (lambda p: costs.void(p, ["C-1"], "ordered twice"), "ana voided C-1: ordered twice"),
    "close month": (lambda p: costs.close_month(p, "2026-02"), "ana closed February 2026"),
    "receive": (lambda p: receive(p, ["C-1"], day(-3)), "ana received C-1 on 27 Feb, invoice to come"),
    "invoice part": (
        lambda p: invoice_part(p, "C-1", Decimal(20), rest_stays=False),
        "ana invoiced C-1 at 20.00 EUR, the rest of 120.50 EUR released",
    ),
    "assess": (lambda p: risks.assess(p, ["R-1"], impact=4), "ana assessed R-1: impact 3 → 4, score 9 → 12"),
    "assess by dimension": (
        lambda p: risks.assess_impacts(p, ["R-1"], {"cost": 3, "time": 2}),
        "ana assessed R-1: impact on cost none → 3, impact on time none → 2",
    ),
    "weigh": (lambda p: issues.weigh(p, ["I-1"], urgency=5), "ana assessed I-1: urgency 3 → 5"),
    "action": (lambda p: responses.add_action(p, ["R-1"], "Ask for a clause"), "ana added T-4 as an action for R-1"),
    "link as action": (lambda p: responses.add_action(p, ["R-1"], "T-2"), "ana linked R-1 to T-2"),
    "preset": (lambda p: take_preset(p, "PM²"), "ana changed the project: risk bands, risk scales"),
    "review": (lambda p: risks.review(p, ["R-1"], day(30)), "ana reviewed R-1, next on 1 Apr"),
    "respond": (lambda p: risk_review.respond(p, ["R-1"], "avoid"), "ana responded to R-1: avoid"),
    "occurred": (lambda p: risks.occurred(p, ["R-1"]), "ana turned R-1 into I-2: it occurred"),
    "closed": (lambda p: risks.set_status(p, ["R-1"], "closed"), "ana closed R-1"),
    "approved": (lambda p: verbs.set_status(p, ["CR-1"], "approved", "within tolerance"), "ana approved CR-1: within tolerance"),
    "hold": (lambda p: meetings.hold(p, "M-1", ["ana", "ben"]), "ana held M-1 with @ana @ben"),
    "present": (lambda p: meetings.mark_present(p, "M-1", "ben"), "ana marked @ben present at M-1"),
    "notes": (lambda p: meetings.save_notes(p, "M-1", "Hello\nA: Call @ben"), "ana wrote the notes of M-1 (+1 line), with T-4"),
    "report": (lambda p: reports.save_words(p, "summary", "All well"), "ana wrote the summary of SR-1"),
    "period": (lambda p: reports.set_period(p, day(-7), day(0)), "ana set the period of SR-1 from 23 Feb to 2 Mar"),
    "light": (lambda p: reports.override_light(p, "scope", "red", "two changes"), "ana set the scope light of SR-1 to red by hand: two changes"),
    "issue report": (reports.issue, "ana issued SR-1"),
    "archive": (lambda p: verbs.archive(p, archived=True), "ana archived the project"),
    "settings": (
        lambda p: save(p, charter_settings(p.today)["phase"], p.data.project, "Design"),
        "ana changed the project: phase none → Design",
    ),
    "add": (lambda p: add_line(p, "task", "Call the vendor @ben due fri"), "ana added T-4, @ben, due 6 Mar"),
    "add cost": (lambda p: add_line(p, "cost", "50 Travel taxi"), "ana added C-2, 50.00 EUR, B-1"),
    "delete": (lambda p: records.delete_records(p, ["T-3"]), "ana deleted T-3"),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_every_verb_is_told_in_the_fields_own_terms(tmp_path, what):
    project = project_with_all(tmp_path)
    act, words = SAID[what]
    act(project)
    assert last(project) == words


def test_publishing_drafting_and_planning_the_next_one(tmp_path):
    project = project_with_all(tmp_path)
    meetings.save_notes(project, "M-1", "A: Call @ben")
    meetings.hold(project, "M-1", ["ana"])
    meetings.publish(project, "M-1")
    assert last(project) == "ana published minutes 1 of M-1"
    add(project, Meeting(title="Weekly", start=MEETING + dt.timedelta(days=7), series="weekly"))
    series.write_draft(project, "M-2")
    assert last(project) == "ana drafted the agenda of M-2"
    series.save_agenda(project, "M-2", "Budget @ben 10m")
    assert last(project) == "ana wrote the agenda of M-2"
    series.plan_next(project, "M-2", MEETING + dt.timedelta(days=14))
    assert last(project) == "ana planned M-3, 17 Mar 10:00"


def test_undo_and_redo_say_what_they_took_back_and_brought_back(tmp_path):
    project = project_with_all(tmp_path)
    tasks.reschedule(project, ["T-1"], day(10), "vendor late")
    project.undo()
    assert last(project) == "ana took back: moved T-1 from 2 Mar to 12 Mar: vendor late"
    project.redo()
    assert last(project) == "ana brought back: moved T-1 from 2 Mar to 12 Mar: vendor late"


def test_an_undo_whose_first_change_is_not_kept_is_told_by_its_fields(tmp_path):
    project = project_with_all(tmp_path)
    tasks.delegate(project, ["T-1"], "ben")
    project.undo()
    undo = next(project.history(newest_first=True))
    story = Story(project.data, project.today, dt.UTC, "ana", lambda _: None)
    assert story.told(undo).words == "ana took back: changed T-1: owner @ana → @ben"


def test_many_records_are_counted_and_a_few_are_named(tmp_path):
    project = new_project(tmp_path, *(Task(title=f"t{n}") for n in range(7)))
    assert last(project) == "ana added 7 tasks (T-1, T-2, T-3 and 4 more)"
    told = next(changes(project, read_wanted("T-6", project.today, me="ana")))
    assert told.about("T-6").words == "ana added T-6 (with 6 other records)"
    tasks.reschedule(project, [f"T-{n}" for n in range(1, 8)], day(3))
    assert last(project) == "ana moved 7 tasks (T-1, T-2, T-3 and 4 more) to 5 Mar"


def test_the_title_stands_where_there_is_room_and_is_cut_with_a_sign(tmp_path):
    project = project_with_all(tmp_path)
    tasks.delegate(project, ["T-1"], "ben")
    assert last(project, 80) == "ana handed T-1 Migrate payroll from @ana to @ben"
    assert last(project, 46) == "ana handed T-1 Migrate payr… from @ana to @ben"
    assert last(project, 44) == "ana handed T-1 from @ana to @ben"


def test_an_effect_follows_the_sentence_and_a_reason_never_makes_two_colons(tmp_path):
    project = project_with_all(tmp_path)
    with project.change("reschedule", "late", "MS-1 4 Dec → 10 Dec") as change:
        change.edit(project.get("T-1"), due=day(10))
    assert last(project).endswith("to 12 Mar: late. MS-1 4 Dec → 10 Dec")
    with project.change("edit", "as agreed") as change:
        change.edit(project.get("T-1"), priority="high")
    assert last(project) == "ana changed T-1: priority normal → high (as agreed)"


def test_what_was_done_by_hand_to_the_files_says_so(tmp_path):
    project = project_with_all(tmp_path)
    project.db.journal.author = Author(OUTSIDE, "")
    records.edit_record(project, "T-1", {"title": "By hand"})
    told = project.story().told(next(project.history(newest_first=True)))
    assert told.words == "edited outside pmtui: changed T-1: title Migrate payroll → By hand"
    assert told.outside
    assert not told.own


def test_an_unknown_verb_is_told_by_what_it_changed(tmp_path):
    project = project_with_all(tmp_path)
    with project.change("frobnicate") as change:
        change.edit(project.get("T-1"), priority="high")
        change.remove(project.get("T-3"))
        change.add(Task(title="New"))
    assert last(project) == "ana deleted T-3; added T-4; changed T-1: priority normal → high"


@pytest.mark.parametrize(
    "document",
    [{"title": ["a", {"b": 1}], "due": "not a day", "tags": "no list", "net": {}, "words": 7}, {"title": None}, {}],
)
@pytest.mark.parametrize("verb", ["reschedule", "write report", "set light", "close month", "assess", "present", ""])
def test_what_does_not_fit_its_fields_is_told_all_the_same(tmp_path, document, verb):
    project = new_project(tmp_path)
    for table in ("tasks", "reports", "risks", "meetings", "project"):
        before = {name: [None, value] for name, value in document.items()}
        with project.db.journal.transaction(Note(verb=verb)):
            project.db.journal.perform(["i", table, 99, document])
        change = next(project.history(newest_first=True))
        told = project.story().told(change)
        assert told.words.startswith("ana ")
        assert told.records is not None
        told = project.story().told(msgspec.structs.replace(change, ops=[["u", table, 99, before]]))
        assert told.words.startswith("ana ")
        assert told.records is not None


def test_nothing_told_can_act_on_a_terminal(tmp_path):
    project = new_project(tmp_path, Task(title="a"))
    with project.db.journal.transaction():
        project.db.journal.perform(
            ["u", "tasks", 1, {"title": ["a", "\x1b[2Jevil\u202e"], "notes": [None, "x\x1b]0;y\x07"]}]
        )
    told = project.story().told(next(project.history(newest_first=True)))
    texts = [told.sentence(200), *(f"{f.label}{f.before}{f.after}" for r in told.records for f in r.fields)]
    assert "evil" in texts[0]
    assert not any(c in text for text in texts for c in "\x1b\x07\u202e")


def test_an_entry_opened_has_each_field_before_and_after(tmp_path):
    project = project_with_all(tmp_path)
    tasks.reschedule(project, ["T-1"], day(10))
    (record,) = project.story().told(next(project.history(newest_first=True))).records
    assert (record.number, record.title, record.did) == ("T-1", "Migrate payroll", "changed")
    assert [(f.label, f.before, f.after) for f in record.fields] == [("Due", "2 Mar", "12 Mar"), ("Moved", "0", "1")]


# Which changes are meant


def told_by(project, line):
    wanted = read_wanted(line, project.today, me="ana")
    return [told.words for told in changes(project, wanted)][-3:]


def test_a_line_asks_for_a_record_a_person_words_and_all_of_them(tmp_path):
    project = project_with_all(tmp_path)
    tasks.reschedule(project, ["T-1"], day(10), "vendor late")
    tasks.delegate(project, ["T-2"], "ben")
    theirs = open_project(session(tmp_path, "ben", "b"), "hris")
    tasks.complete(theirs, ["T-2"])
    project.refresh()
    assert told_by(project, "@ben") == ["ben completed T-2"]
    assert told_by(project, "mine VENDOR late")[-1] == "ana moved T-1 from 2 Mar to 12 Mar: vendor late"
    assert told_by(project, "t2 @ben") == ["ben completed T-2"]
    assert told_by(project, "T-2")[-2:] == ["ana handed T-2 from @ana to @ben", "ben completed T-2"]
    assert told_by(project, '"payroll migrate"') == []
    assert told_by(project, "T-77") == []


def test_a_line_asks_for_a_period_both_days_included(tmp_path):
    for at, hour in ((-7, 23), (-3, 0), (0, 9)):
        moment = dt.datetime.combine(day(at), dt.time(hour), dt.UTC)
        there = (tmp_path / "hris").exists()
        project = open_project(session(tmp_path, now=moment), "hris") if there else new_project(tmp_path)
        project.session.now = lambda moment=moment: moment
        add(project, Task(title=f"on {at}"))
    found = lambda line: [w.split()[-1] for w in told_by(project, line)]  # noqa: E731
    assert found('since:fri "added t-"') == ["T-2", "T-3"]
    assert found("since:2026-02-27 until:2026-02-27") == ["T-2"]
    assert found('until:"23 feb"') == ["T-1"]
    assert found('until:"22 feb"') == []
    with pytest.raises(Refused, match="someday"):
        told_by(project, "since:someday")


def test_a_word_before_a_colon_that_is_not_known_is_said_and_in_quotes_looked_for(tmp_path):
    project = new_project(tmp_path)
    add(project, Task(title="Load: begin 10:30"))
    add(project, Task(title="See https://example.org"))
    with pytest.raises(Refused, match="sinc: is not known"):
        told_by(project, "sinc:mon")
    assert told_by(project, '"load: begin"') == ["ana added T-1"]
    assert told_by(project, "load: 10:30") == ["ana added T-1"]
    assert told_by(project, "https://example.org") == ["ana added T-2"]


def test_a_list_of_changes_is_read_as_far_as_it_is_looked_at(tmp_path):
    project = new_project(tmp_path, Task(title="a"))
    for n in range(AT_A_TIME):
        with project.db.journal.transaction():
            project.db.journal.perform(["u", "tasks", 1, {"title": [str(n), str(n + 1)]}])
    found = ChangeList(project)
    assert found.more() == AT_A_TIME
    assert not found.ended
    assert found.shown[0] == project.sequence
    assert found.more() == 2
    assert found.ended
    tasks.delegate(project, ["T-1"], "ben")
    assert found.fresh() == 1
    assert found.told(found.shown[0]).words == "ana handed T-1 to @ben"


def test_what_was_taken_back_is_known_until_it_is_brought_back(tmp_path):
    project = new_project(tmp_path, Task(title="a"))
    tasks.delegate(project, ["T-1"], "ben")
    changed = project.sequence
    project.undo()
    found = ChangeList(project)
    found.more()
    assert found.taken_back() == {changed}
    project.redo()
    found.fresh()
    assert found.taken_back() == {changed + 1}


def test_what_is_not_kept_is_said(tmp_path):
    assert gap_words(Gap(3, 3)) == "change 3 is not kept"
    assert gap_words(Gap(1, 1200)) == "changes 1 to 1,200 are not kept"
    project = new_project(tmp_path, Task(title="a"))
    project.db.journal.compact()
    tasks.delegate(project, ["T-1"], "ben")
    next((tmp_path / "hris" / "history").glob("*.jsonl")).unlink()
    found = ChangeList(project)
    found.more()
    assert list(found.gaps_between(found.shown[-1], 0)) == [Gap(1, 2)]
