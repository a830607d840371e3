"""Finance ERP roll-out: two pilot companies first, its external costs well over the budget."""

from pmtui.demo.erp_raid import HAZARDS, REQUESTS, TROUBLES
from pmtui.demo.erp_talk import STATUSES, TALKS
from pmtui.demo.erp_work import PLANS
from pmtui.demo.rows import Entry, Gate, Line, Member, Part, Slip, Standing, Story

_PEOPLE = (
    Member("leo", "Leo Brandt", "Project manager", "76"),
    Member("mira", "Mira Okafor", "Chief financial officer, sponsor"),
    Member("kit", "Kit Lawson", "Finance process lead", "68"),
    Member("noor", "Noor Aziz", "Data conversion lead", "66"),
    Member("owen", "Owen Pryce", "Integration developer", "64"),
    Member("pia", "Pia Salonen", "Test and cut-over lead", "66"),
    Member("quinn", "Quinn Avery", "Systems and environments", "62"),
    Member("rosa", "Rosa Iglesias", "Project manager at Ardent, the integrator"),
)

_PARTS = (
    Part("1", "Project management", "leo", became=((-182, "in work"),)),
    Part("2", "General ledger and close", "kit", "A month-end close in five working days.", became=((-98, "in work"),)),
    Part("3", "Payables and receivables", "rosa", "A payment run accepted by the bank.", became=((-74, "in work"),)),
    Part(
        "4",
        "Procurement",
        "rosa",
        "Three-way match without manual postings.",
        became=((-82, "in work"), (-38, "in review")),
    ),
    Part(
        "5", "Data conversion", "noor", "Opening balances agree with the audited accounts.", became=((-80, "in work"),)
    ),
    Part(
        "6",
        "Interfaces and reporting",
        "owen",
        "Five interfaces run for a month without a correction.",
        became=((-90, "in work"),),
    ),
    Part("7", "Test and cut-over", "pia", "Dress rehearsal within the weekend.", became=((-60, "in work"),)),
)

_GATES = (
    Gate("ms-design", "Process design approved", -112, ("design",), reached=-106),
    Gate("ms-crp1", "Conference room pilot 1 passed", -52, ("crp1",), reached=-49),
    Gate(
        "ms-crp2",
        "Conference room pilot 2 passed",
        -4,
        ("crp2",),
        moves=(Slip(-31, 6, "warehouse interface is late"), Slip(-9, 14, "charts of accounts are not mapped yet")),
    ),
    Gate("ms-sit", "System test passed", 40, ("sit1", "perf"), moves=(Slip(-9, 50, "follows pilot 2"),)),
    Gate("ms-dress", "Dress rehearsal complete", 70, moves=(Slip(-9, 80, "follows the system test"),)),
    Gate(
        "ms-live", "Go-live of the pilot companies", 90, moves=(Slip(-9, 101, "first month end after the rehearsal"),)
    ),
    Gate("ms-close", "First month end closed", 112, moves=(Slip(-9, 123, "follows go-live"),)),
)

_LINES = (
    Line("b-labour", "labour", "236000", "Own people: time sheets"),
    Line("b-software", "software", "148000", "Licences of wave 1 and test environments"),
    Line(
        "b-external",
        "external",
        "362000",
        "Integrator, conversion, tax advice",
        forecasts=(
            (-60, "395000", "warehouse interface takes longer"),
            (-27, "468000", "conversion of seven companies costs more than offered"),
            (-8, "524000", "rework of the interface and 95 conversion days"),
        ),
    ),
    Line("b-equipment", "equipment", "12000", "Scanners"),
    Line(
        "b-travel", "travel", "14000", "Visits to the companies", forecasts=((-20, "17500", "more visits to Dublin"),)
    ),
    Line("b-contingency", "contingency", "60000", "For the risks in the register", "contingency"),
    Line("b-reserve", "management reserve", "40000", "Released by the sponsor alone", "management reserve"),
)

_STANDINGS = (
    Standing("b-labour", "Time sheets, project team", "", ("17900", "18600", "19400"), -8),
    Standing(
        "b-external",
        "Integration services",
        "Ardent",
        ("38600", "42200", "45100", "40300"),
        -8,
        po="PO-7781",
        prefix="AR-",
    ),
    Standing("b-travel", "Visits to the companies", "Railpoint Travel", ("1620", "2140", "1880"), -7, prefix="RP-"),
)

_ENTRIES = (
    Entry("c-lic", -140, "b-software", "Licences, wave 1", "Ledgerwell", "86000", po="PO-7802", invoice="LW-3310"),
    Entry(
        "c-env",
        -98,
        "b-software",
        "Sandbox and test environment, a year",
        "Ledgerwell",
        "23500",
        po="PO-7802",
        invoice="LW-3402",
    ),
    Entry(
        "c-tax",
        -78,
        "b-external",
        "Tax advice on the dimensions",
        "Harcourt Tax",
        "6800",
        po="PO-7840",
        invoice="HT-1187",
    ),
    Entry(
        "c-draw",
        -24,
        "b-contingency",
        "Warehouse interface, additional days",
        "Ardent",
        "28400",
        po="PO-7868",
        invoice="AR-W01",
        cause="r-warehouse",
    ),
    Entry(
        "c-scan", -36, "b-equipment", "Scanners for goods receipt", "Tillmark", "7900", po="PO-7859", invoice="TK-0921"
    ),
    Entry("c-etl", -46, "b-software", "Conversion tool", "Datawright", "8400", po="PO-7851", invoice="DW-5790"),
    Entry(
        "c-credit",
        -41,
        "b-external",
        "Credit for two cancelled workshops",
        "Ardent",
        "-3200",
        invoice="AR-G02",
        credit=True,
    ),
    Entry(
        "c-dispute",
        -18,
        "b-external",
        "Days of a consultant who was not on site",
        "Ardent",
        "5400",
        po="PO-7781",
        invoice="AR-X11",
        held=True,
    ),
    Entry(
        "c-rework",
        -13,
        "b-external",
        "Rework of the warehouse interface",
        "Ardent",
        "19800",
        status="committed",
        po="PO-7881",
        expected=-3,
    ),
    Entry(
        "c-adviser",
        -15,
        "b-external",
        "Opinion on intercompany recharges",
        "Harcourt Tax",
        "7200",
        status="committed",
        po="PO-7877",
        expected=6,
    ),
    Entry(
        "c-conv",
        -8,
        "b-external",
        "Conversion of the remaining companies",
        "Ardent",
        "88000",
        status="planned",
        dated=40,
    ),
    Entry("c-train", -10, "b-external", "Training, accounts payable", "Ardent", "16500", status="planned", dated=55),
    Entry("c-support", -11, "b-software", "Support, first year", "Ledgerwell", "17200", status="planned", dated=90),
    Entry(
        "c-old",
        -28,
        "b-travel",
        "Team day in Leeds",
        "Atrium Centres",
        "1450",
        status="planned",
        void=(-26, "held by video instead"),
    ),
)

ERP = Story(
    code="erp-rollout",
    title="Finance ERP roll-out",
    manager="leo",
    sponsor="mira",
    currency="GBP",
    country="GB",
    objective=(
        "One ledger, one chart of accounts and one payment process for nine companies, the pilot companies Leeds and "
        "Dublin first; month end closed in five working days instead of eleven."
    ),
    phases=((-190, "Initiation"), (-160, "Design"), (-104, "Build"), (-40, "Pilot")),
    start=-190,
    finish=112,
    tolerance_days=30,
    tolerance_cost="10",
    limits=(("doing", 4),),
    people=_PEOPLE,
    parts=_PARTS,
    gates=_GATES,
    plans=PLANS,
    hazards=HAZARDS,
    troubles=TROUBLES,
    requests=REQUESTS,
    lines=_LINES,
    standings=_STANDINGS,
    entries=_ENTRIES,
    talks=TALKS,
    statuses=STATUSES,
    whys=(
        "waiting for the integrator",
        "took longer than estimated",
        "month end came first",
        "a company answered late",
    ),
)
