"""HRIS deployment: a cloud HR system for five business units, in test, its go-live a week and a half behind."""

from pmtui.demo.hris_books import BUDGETS, ENTRIES, LINES, STANDINGS
from pmtui.demo.hris_raid import HAZARDS, REQUESTS, TROUBLES
from pmtui.demo.hris_talk import STATUSES, TALKS
from pmtui.demo.hris_work import PLANS
from pmtui.demo.rows import Gate, Member, Part, Slip, Story

_PEOPLE = (
    Member("ana", "Ana Ferreira", "Project manager", "82"),
    Member("ben", "Ben Achard", "Integration lead", "74"),
    Member("chi", "Chi Nguyen", "Infrastructure and security architect", "78"),
    Member("dora", "Dora Lindqvist", "HR director, sponsor"),
    Member("emil", "Emil Kovacs", "Payroll manager", "70"),
    Member("farah", "Farah Haddad", "Data migration lead", "72"),
    Member("gus", "Gustav Meyer", "Test manager", "68"),
    Member("hana", "Hana Sato", "Training and change lead", "66"),
    Member("ivo", "Ivo Marin", "Project manager at Corvane, the integrator"),
    Member("lena", "Lena Roth", "HR business analyst", "66"),
)

_PARTS = (
    Part("1", "Project management", "ana", became=((-218, "in work"),)),
    Part(
        "2",
        "Core HR configuration",
        "lena",
        "All processes of the design document run in the test tenant without a severity 1 or 2 defect.",
        became=((-146, "in work"), (-44, "in review"), (-36, "accepted")),
    ),
    Part(
        "3",
        "Migration",
        "farah",
        "Every active employee is loaded; pay history of three years agrees to the cent.",
        became=((-138, "in work"),),
    ),
    Part(
        "4",
        "Payroll and interfaces",
        "ben",
        "Two parallel runs agree with the legacy payroll.",
        became=((-140, "in work"),),
    ),
    Part(
        "5",
        "Security and access",
        "chi",
        "Single sign-on for all sites, no open high finding.",
        became=((-136, "in work"),),
    ),
    Part("6", "Testing", "gus", "UAT signed off by the five business units.", became=((-66, "in work"),)),
    Part("7", "Training and change", "hana", "Nine in ten managers have done the self-service course."),
    Part("8", "Cut-over and hypercare", "ivo", "Runbook rehearsed once; hypercare closed without a severity 1 ticket."),
    Part(
        "3.1",
        "Data quality",
        "farah",
        "Under one error in a thousand records.",
        "3",
        ((-122, "in work"), (-40, "in review"), (-37, "accepted")),
    ),
    Part("3.2", "Migration rehearsals", "farah", "Each rehearsal reconciled and signed.", "3", ((-44, "in work"),)),
    Part(
        "4.1",
        "Payroll interface",
        "ben",
        "A full pay run is transferred in under 40 minutes.",
        "4",
        ((-140, "in work"),),
    ),
)

_GATES = (
    Gate("ms-design", "Solution design approved", -150, ("sdd",), reached=-146),
    Gate(
        "ms-uat",
        "UAT start",
        -3,
        ("env-uat", "mig-plan", "load-test", "sso", "uat-people"),
        moves=(Slip(-30, 2, "data dictionary from the vendor is late"), Slip(-8, 6, "test plan not signed off yet")),
    ),
    Gate(
        "ms-uat-ok",
        "UAT signed off",
        18,
        ("uat1",),
        moves=(Slip(-30, 23, "follows UAT start"), Slip(-8, 26, "follows UAT start")),
    ),
    Gate(
        "ms-par",
        "Second parallel run reconciled",
        28,
        ("par2",),
        moves=(Slip(-8, 35, "rehearsal 2 waits for the test plan"),),
    ),
    Gate("ms-decide", "Go-live decision", 34, ("cutover",), moves=(Slip(-8, 41, "follows the parallel runs"),)),
    Gate("ms-live", "Go-live", 40, ("announce",), moves=(Slip(-8, 47, "first pay period after the decision"),)),
    Gate("ms-end", "Hypercare closed", 58, moves=(Slip(-30, 62, "follows UAT start"), Slip(-8, 66, "follows go-live"))),
    Gate("ms-freeze", "Configuration frozen", -46, ("freeze",), reached=-42),
)

HRIS = Story(
    code="hris-deployment",
    title="HRIS deployment",
    manager="ana",
    sponsor="dora",
    currency="EUR",
    country="FR",
    objective=(
        "Replace the three legacy HR systems by one for 4,200 employees of five business units: one record a person, "
        "absences and self-service for managers, payroll fed by interface from the first pay period after go-live."
    ),
    phases=((-228, "Initiation"), (-200, "Design"), (-146, "Build"), (-42, "Test")),
    start=-228,
    finish=58,
    tolerance_days=20,
    tolerance_cost="10",
    limits=(("doing", 5),),
    people=_PEOPLE,
    parts=_PARTS,
    gates=_GATES,
    plans=PLANS,
    hazards=HAZARDS,
    troubles=TROUBLES,
    requests=REQUESTS,
    lines=LINES,
    budgets=BUDGETS,
    standings=STANDINGS,
    entries=ENTRIES,
    talks=TALKS,
    statuses=STATUSES,
    sheets=("ben", "chi", "farah", "gus", "lena"),
    whys=(
        "waiting for the vendor",
        "took longer than estimated",
        "reviewers were away",
        "a business unit answered late",
        "defects had to be fixed first",
    ),
)
