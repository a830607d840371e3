"""One line adds anything: what is understood, what is refused, what is said."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import KINDS, ParsedLine, read_line
from pmtui.domain.records import BudgetLine, Deliverable, Project, Risk, Task

TODAY = dt.date(2026, 3, 4)  # a Wednesday
DATA = ProjectData(
    {
        "project": {1: Project(id=1, code="x", title="X", currency="EUR")},
        "tasks": {3: Task(id=3, title="Three"), 4: Task(id=4, title="Four")},
        "risks": {3: Risk(id=3, title="R", owner="ana", review_date=TODAY)},
        "budget_lines": {2: BudgetLine(id=2, category="External services")},
        "deliverables": {
            2: Deliverable(id=2, code="1.1", title="M"),
            5: Deliverable(id=5, code="1", title="W"),
        },
    }
)


def read(kind: str, line: str) -> ParsedLine:
    return read_line(kind, line, DATA, TODAY)


def values(kind: str, line: str) -> dict[str, object]:
    parsed = read(kind, line)
    assert parsed.problems == (), parsed.problems
    return parsed.values


def refusal(kind: str, line: str) -> str:
    return "\n".join(map(str, read(kind, line).problems))


def test_a_task_in_one_line():
    assert values("task", "Migrate payroll data @ana due fri !high #cutover ~3d") == {
        "title": "Migrate payroll data",
        "owner": "ana",
        "due": dt.date(2026, 3, 6),
        "priority": "high",
        "tags": ("cutover",),
        "estimate": 24.0,
    }


def test_what_was_understood_is_told_the_title_first():
    told = [(u.label, u.words) for u in read("task", "Migrate @ana due fri ~3d").understood]
    assert told == [("Title", "Migrate"), ("Owner", "@ana"), ("Due", "Fri 6 Mar"), ("Estimate", "24h")]


def test_more_of_a_task():
    line = (
        'Go start mon after T-3, T-4 in W-2 %40 every 2 weeks waiting:"firewall change" follow_up:+3d https://a.b/c:d'
    )
    assert values("task", line) == {
        "title": "Go https://a.b/c:d",
        "start": dt.date(2026, 3, 9),
        "depends_on": ("T-3", "T-4"),
        "deliverable": "W-2",
        "percent_done": 40,
        "repeats": "every 2 weeks",
        "waiting_for": "firewall change",
        "follow_up": dt.date(2026, 3, 7),
    }


@pytest.mark.parametrize("deliverable", ["in W-2", "W:W-2", "W:1.1", "deliverable:w-2"])
def test_a_deliverable_is_named_by_number_or_code(deliverable):
    assert values("task", f"Go {deliverable}")["deliverable"] == "W-2"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("due 15 dec 2026", dt.date(2026, 12, 15)),
        ("due fri 6 mar", dt.date(2026, 3, 6)),
        ("due in 2 weeks", dt.date(2026, 3, 18)),
        ("due next fri", dt.date(2026, 3, 13)),
        ("due:eom", dt.date(2026, 3, 31)),
        ("due:15 dec", dt.date(2026, 12, 15)),
        ('due:"15 dec"', dt.date(2026, 12, 15)),
        ("due +0d", TODAY),
    ],
)
def test_dates_of_several_words(words, day):
    assert values("task", f"Go {words} @ana") == {"title": "Go", "due": day, "owner": "ana"}


def test_an_impossible_date_names_itself_and_what_is_allowed():
    said = refusal("task", "x due 2026-02-31")
    assert "2026-02-31" in said
    assert "February 2026 has 28 days" in said
    assert "Allowed" in said


@pytest.mark.parametrize("line", ["x due 04/05/2026", "x due 2w", "x due fri 27 mar 26", "x due mon 6 mar"])
def test_a_doubtful_date_is_refused(line):
    assert "due" in refusal("task", line)


@pytest.mark.parametrize(
    "title",
    [
        "due diligence report",
        "Start the server",
        "Fix it after lunch",
        "Release in C: drive",
        "Ratio 3:1 at 10:00",
        "Ship it!",
        "Reach 40% of users",
        "Ticket #12",
        "Mail ana@example.org",
        "Ask Tom",
        "Test every interface",
    ],
)
def test_titles_stay_titles(title):
    assert values("task", title) == {"title": title}


def test_quoted_words_are_never_parsed():
    assert values("task", '"@ana due fri !high key:value" due mon') == {
        "title": "@ana due fri !high key:value",
        "due": dt.date(2026, 3, 9),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Go fri", "fri stays in the title; for a date write due fri"),
        ("Go foo:bar", "foo: is no field of a task; foo:bar stays in the text"),
        ("Go due fri 17:00", "17:00 stays in the title; a due date has no time of day"),
        ("Go after R-3", "R-3 is no task; it stays in the text"),
    ],
)
def test_what_only_looked_like_more_is_said(line, said):
    parsed = read("task", line)
    assert parsed.problems == ()
    assert parsed.said == (said,)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Go !hihg", "low, normal, high, urgent"),
        ("Go follow_pu:+3d", "is it follow_up"),
        ("Go due fri due mon", "one due"),
        ("Go @ana @ben", "one owner"),
        ("Go ~3x", "a day is 8 hours"),
        ("Go %140", "0 to 100"),
        ("Go after T-9", "there is no such task here"),
        ("Go in W-9", "there is no such deliverable here"),
        ("due fri", "a task needs a title"),
        ("", "a task needs a title"),
        ('"never closed', "a quote that is not closed"),
        ("x " * 300, "500 characters"),
        ("Go status:zzz", "to do"),
    ],
)
def test_mistakes_are_refused_with_what_is_allowed(line, said):
    assert said in refusal("task", line)


def test_a_risk_in_one_line():
    assert values("risk", "Vendor delays the interface p4 i3 @ben review +2w") == {
        "title": "Vendor delays the interface",
        "probability": 4,
        "impact": 3,
        "owner": "ben",
        "review_date": dt.date(2026, 3, 18),
    }
    assert values("risk", "Early start cost 12000 days 5 !opp response:exploit category:schedule #x") == {
        "title": "Early start",
        "cost_if_occurs": Decimal(12000),
        "days_if_occurs": 5,
        "kind": "opportunity",
        "response": "exploit",
        "category": "schedule",
        "tags": ("x",),
    }
    assert "1 to 5" in refusal("risk", "Vendor p9")
    assert "occurred" in refusal("risk", "Vendor status:occurred")


def test_a_cost_in_one_line():
    assert values("cost", '1250.50 travel "Workshop Lyon" vendor:SNCF 2026-03-02 paid') == {
        "net": Decimal("1250.50"),
        "category": "travel",
        "note": "Workshop Lyon",
        "vendor": "SNCF",
        "date": dt.date(2026, 3, 2),
        "status": "paid",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("paid travel 99 Lyon", {"net": Decimal(99), "category": "travel", "note": "Lyon", "status": "paid"}),
        (
            "1 250,50 External services Audit",
            {"net": Decimal("1250.50"), "category": "External services", "note": "Audit"},
        ),
        ("€99.90 B-2 hosting", {"net": Decimal("99.90"), "category": "B-2", "note": "hosting"}),
        ("EUR 99 Lyon travel", {"net": Decimal(99), "category": "travel", "note": "Lyon"}),
        ("500 consulting fees", {"net": Decimal(500), "category": "consulting", "note": "fees"}),
        (
            "-50 travel credit back",
            {"net": Decimal(-50), "category": "travel", "note": "back", "credit_note": True},
        ),
        ("80 travel credit card fee", {"net": Decimal(80), "category": "travel", "note": "credit card fee"}),
        ("10 travel Conference 2026", {"net": Decimal(10), "category": "travel", "note": "Conference 2026"}),
        ("10 category:travle", {"net": Decimal(10), "category": "travle"}),
    ],
)
def test_amount_category_and_note_wherever_they_stand(line, expected):
    assert values("cost", line) == {"date": TODAY, "status": "invoiced"} | expected


def test_a_cost_without_a_year_was_the_nearest_past_one():
    assert values("cost", "10 travel 15 dec")["date"] == dt.date(2025, 12, 15)
    assert values("cost", "10 travel fri")["date"] == dt.date(2026, 2, 27)


def test_what_a_cost_was_for():
    found = values("cost", "10 travel for:R-3 tax:2 po:77 invoice:A1 expected +2w committed")
    assert (found["caused_by"], found["tax"], found["po"], found["invoice"]) == (
        "R-3",
        Decimal(2),
        "77",
        "A1",
    )
    assert found["invoice_expected_on"] == dt.date(2026, 3, 18)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("laptops 2 for 2400", "doubtful"),
        ("-50 travel Refund", "-50': a negative amount is a credit note: add the word credit, or credits C-5"),
        ("100 USD travel", "in EUR"),
        ("100 travle", "is it travel"),
        ("100 B-9", "no such budget line"),
        ("100", "needs a category"),
        ("travel Lyon", "net"),
        ("10 travel 2026-02-31", "28 days"),
    ],
)
def test_doubtful_costs_are_refused(line, said):
    assert said in refusal("cost", line)


@pytest.mark.parametrize(
    ("line", "net", "rate"),
    [
        ("1200 USD @0.92 travel Hotel", "1104.00", "0.92"),
        ("1200USD @0,925 travel Hotel", "1110.00", "0.925"),
        ("1200 USD rate:0.9 travel Hotel", "1080.00", "0.9"),
        ("currency:USD 1200 @0.9 travel Hotel", "1080.00", "0.9"),
        ("foreign_net:1200 currency:USD rate:0.9 travel Hotel", "1080.00", "0.9"),
    ],
)
def test_a_cost_in_another_currency_keeps_it_with_its_rate(line, net, rate):
    found = values("cost", line)
    assert (found["net"], found["foreign_net"], found["currency"], found["rate"]) == (
        Decimal(net), Decimal(1200), "USD", Decimal(rate),
    )  # fmt: skip
    assert found["note"] == "Hotel"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1200 USD travel", "say what 1 USD costs, as in 1200 USD @0.92"),
        ("$1200 travel", "write another one by its letters, such as USD"),
        ("1200 travel @0.92", "a rate goes with a currency"),
        ("1200 EUR travel @0.92", "a rate goes with a currency"),
        ("USD 12 @0.9 travel planned rate:0.8", "a cost has one rate"),
    ],
)
def test_a_currency_and_its_rate_go_together(line, said):
    assert said in refusal("cost", line)


def test_a_meeting_in_one_line():
    assert values("meeting", "Steering committee fri 10:00") == {
        "title": "Steering committee",
        "start": dt.datetime(2026, 3, 6, 10),
        "kind": "steering committee",
    }
    assert values("meeting", "Team sync on tomorrow at 2pm 90m @ana @ben series:weekly") == {
        "title": "Team sync",
        "start": dt.datetime(2026, 3, 5, 14),
        "length": 90,
        "invited": ("ana", "ben"),
        "series": "weekly",
        "kind": "team",
    }
    assert values("meeting", "Kick-off 2026-04-01 9h30-11:00")["length"] == 90
    for when in ("2026-04-01 10:00", "2026-04-01T10:00", "10:00 1 apr", "wed 1 apr at 10h"):
        assert values("meeting", f"Kick-off {when}") == {
            "title": "Kick-off",
            "start": dt.datetime(2026, 4, 1, 10),
        }


@pytest.mark.parametrize("line", ["Steering committee", "Workshop fri 25:00", "Workshop 2026-02-31 10:00", "fri 10:00"])
def test_a_meeting_needs_a_title_a_day_and_a_time(line):
    assert refusal("meeting", line)


def test_the_other_kinds():
    assert values("issue", "Payroll file rejected @chi by fri !4") == {
        "title": "Payroll file rejected",
        "owner": "chi",
        "target_date": dt.date(2026, 3, 6),
        "urgency": 4,
    }
    assert values("milestone", "UAT start 2026-04-01 after T-3") == {
        "title": "UAT start",
        "forecast": dt.date(2026, 4, 1),
        "depends_on": ("T-3",),
    }
    assert values("decision", "Go live @ana 2 mar")["date"] == dt.date(2026, 3, 2)
    assert values("change", "Language cost 12000 days 5")["delta_days"] == 5
    assert values("deliverable", "1.2 Migration @ana") == {
        "code": "1.2",
        "title": "Migration",
        "owner": "ana",
        "parent": "W-5",
    }
    assert values("person", '@ana "Ana Silva" role:dev ana@example.org') == {
        "handle": "ana",
        "full_name": "Ana Silva",
        "role": "dev",
        "email": "ana@example.org",
    }
    assert values("budget line", "travel 12000 contingency") == {
        "category": "travel",
        "planned": Decimal(12000),
        "kind": "contingency",
    }
    assert "one line adds" in refusal("report", "x")


WORDS = """due start after in by for @ana @ #x ! !high ~3d ~ % %4 p4 i3 1 250,50 €9 10:00 10-11 2pm fri 2026-02-31 15 dec
T-3 T-9 B-2 "quoted words" " key: due: due:fri vendor:"a b" travel paid credit every week \x1b[31m \u202e \u0301 :"""
PIECES = st.sampled_from(WORDS.split())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.one_of(st.lists(PIECES).map(" ".join), st.text(max_size=80)))
def test_no_line_raises_and_what_is_kept_is_harmless(kind, line):
    parsed = read(kind, line)
    texts = [v for v in parsed.values.values() if isinstance(v, str)]
    texts += [u.words for u in parsed.understood] + list(parsed.said)
    for text in texts:
        assert not any(unicodedata.category(c) in {"Cc", "Cf"} and c != "\xad" for c in text if c != "\n"), repr(text)
