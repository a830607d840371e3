"""HRIS deployment: steering committees, team meetings and their minutes, and the reports that were issued."""

from pmtui.demo.rows import Status, Talk

_BOARD = ("ana", "dora", "emil", "ivo", "lena")
_TEAM = ("ana", "ben", "chi", "emil", "farah", "gus", "hana", "ivo", "lena")
_AGENDA = (("Status and forecast", 20, "ana"), ("Risks and issues", 20, "ana"), ("Decisions wanted", 20, "dora"))


def _steering(on: int, notes: str, absent: tuple[str, ...] = (), settled: tuple[tuple[int, int], ...] = ()) -> Talk:
    return Talk(
        key=f"sc{on}",
        title="Steering committee",
        on=on,
        at="10:00",
        length=60,
        invited=_BOARD,
        scribe="ana",
        kind="steering committee",
        series="HRIS steering committee",
        absent=absent,
        agenda=_AGENDA,
        notes=notes,
        published=2,
        settled=settled,
    )


def _weekly(on: int, notes: str, absent: tuple[str, ...] = (), settled: tuple[tuple[int, int], ...] = ()) -> Talk:
    return Talk(
        key=f"tm{on}",
        title="HRIS weekly",
        on=on,
        at="14:00",
        length=45,
        invited=_TEAM,
        scribe="lena" if on % 2 else "ana",
        series="HRIS weekly",
        absent=absent,
        agenda=(("Late and blocked", 15, "ana"), ("Migration and tests", 20, "gus"), ("Any other business", 10, "")),
        notes=notes,
        settled=settled,
    )


_STEERING = (
    _steering(
        -184,
        "## Scope\nFive business units, payroll stays with the present provider.\n"
        "D: The first wave covers all units except Luxembourg\n"
        "D: Payroll remains with the present provider until the second wave\n",
    ),
    _steering(
        -163,
        "## Design\nWorkshops end this week; the interface catalogue holds eleven interfaces.\n"
        "D: Standard absence workflow, without adaptations by site\n"
        "A: Compare cost and effort of the Luxembourg entity @lena due {-156}\n",
        absent=("emil",),
        settled=((1, -157),),
    ),
    _steering(
        -142,
        "## Design approval\nThe design document was approved with four remarks, all answered.\n"
        "D: The solution design document is the baseline of the configuration\n",
    ),
    _steering(
        -121,
        "## Integrator\nCorvane's architect has left; a handover of fourteen days is paid from contingency.\n"
        "D: Draw 16,800 EUR on contingency for the handover\n"
        "D: Go-live takes place in the week after the quarter's pay run\n",
    ),
    _steering(
        -100,
        "## Build\nConfiguration two thirds done. The payroll export passed its first run.\n"
        "A: Agree the list of statutory reports with finance @emil due {-90}\n",
        settled=((1, -92),),
    ),
    _steering(
        -79,
        "## Build\nThe canteen card system is out; its contract ends this year.\n"
        "D: No interface to the canteen card system\n",
        absent=("ivo",),
    ),
    _steering(
        -58,
        "## Test\nTest strategy presented by Gustav. Entry criteria accepted.\n"
        "D: UAT begins only with a signed migration test plan\n"
        "A: Ask the business units for two UAT testers each @hana due {-48}\n",
        settled=((1, -47),),
    ),
    _steering(
        -37,
        "## Forecast\nThe vendor's data dictionary is late again. UAT start will move by a week.\n"
        "D: Expense module goes to the next phase\n"
        "D: Three more weeks of the integrator, from the external line\n",
    ),
    _steering(
        -16,
        "## Forecast\nFour of nine UAT conditions are met. Go-live by the end of the quarter stays possible.\n"
        "D: UAT cycle 1 runs with masked data only\n"
        "A: Confirm the second parallel run with the payroll provider @emil due {-8}\n"
        "A: Send the works council the hosting contract @dora due {3}\n"
        "I: Sites have no trainer for evening shifts @hana by {12}\n",
        settled=((1, -9),),
    ),
    Talk(
        key="sc-next",
        title="Steering committee",
        on=5,
        at="10:00",
        length=60,
        invited=_BOARD,
        scribe="ana",
        kind="steering committee",
        series="HRIS steering committee",
        repeats="every 3 weeks",
        agenda=(
            ("Status and forecast: go-live moves by seven working days", 20, "ana"),
            ("Second approval step in Belgium: CR-3", 15, "lena"),
            ("Risks: firewall, testers, retroactive pay", 15, "ana"),
            ("UAT entry criteria", 10, "ivo"),
        ),
    ),
)

_WEEKLY = (
    _weekly(
        -25,
        "## Late and blocked\nIntegration test at 80 %, 41 defects open, 6 of severity 2.\n"
        "A: Rank the open defects with the key users @gus due {-21}\n"
        "## Migration and tests\nRehearsal 1 loaded 4,187 of 4,203 employees.\n",
        settled=((1, -21),),
    ),
    _weekly(
        -20,
        "## Late and blocked\nThe data dictionary came without the pay elements.\n"
        "A: Write to the vendor's delivery manager about the pay elements @ana due {-18}\n"
        "D: Rehearsal 2 waits for the signed test plan\n",
        absent=("chi",),
        settled=((1, -17),),
    ),
    _weekly(
        -15,
        "## Migration and tests\nUAT environment refreshed on Monday, interface settings lost.\n"
        "A: Add the interface settings to the refresh script @chi due {-11}\n"
        "R: Key users tire before UAT ends @hana p3 i2 review {14}\n",
        settled=((1, -12),),
    ),
    _weekly(
        -10,
        "## Late and blocked\nThe complete dictionary arrived this morning. Test plan can be finished.\n"
        "A: Check the 212 retroactive cases against the dictionary @emil due {-6}\n"
        "A: Update the interface timings for the cut-over runbook @ben due {-3}\n",
        absent=("hana",),
        settled=((1, -6),),
    ),
    _weekly(
        -5,
        "## Late and blocked\nTest plan still lacks the tolerance for pay history.\n"
        "Firewall change not on the agenda yet.\n"
        "D: A difference of one cent a month is tolerated in pay history\n"
        "A: Put the firewall change on the agenda of the next change board @chi due {1}\n"
        "A: Collect the missing tester names from Lyon and Ghent @hana due {2}\n"
        "## Any other business\nTraining rooms in Ghent are booked.\n",
        absent=("ivo",),
    ),
    _weekly(0, ""),
)

TALKS = (*_STEERING, *_WEEKLY)

STATUSES = (
    Status(
        -86,
        (
            ("summary", "Build is two thirds done and within budget. The integrator's new architect is up to speed."),
            ("done", "Payroll export interface built; contract types and French absence rules configured."),
            ("next", "Belgian and Luxembourg rules, statutory reports, time clock interface."),
        ),
        since=-107,
    ),
    Status(
        -65,
        (
            (
                "summary",
                "Build ends on plan; all eleven interfaces are connected in the test tenant. Test planning has begun.",
            ),
            ("done", "Dashboards, letters in three languages, key user training."),
            ("next", "UAT environment, data cleansing, test strategy."),
        ),
    ),
    Status(
        -44,
        (
            (
                "summary",
                "Data cleansing runs a few days longer than planned. The vendor's data dictionary has not arrived.",
            ),
            ("done", "Test strategy approved; most of the legacy file is cleansed."),
            ("next", "Configuration freeze, rehearsal 1, integration test cycle 1."),
            ("decisions wanted", "Expense module: first wave or next phase (CR-2)."),
        ),
    ),
    Status(
        -23,
        (
            (
                "summary",
                "Rehearsal 1 loaded all but 16 employees. UAT start moves by a week: the dictionary is incomplete.",
            ),
            ("done", "Configuration frozen; rehearsal 1; integration test at 80 %."),
            ("next", "Migration test plan signed off, defects of cycle 1 fixed, UAT testers named."),
        ),
    ),
    Status(
        -8,
        (
            (
                "summary",
                "Go-live moves to the first pay period after the decision. Quality is good; the test plan holds it up.",
            ),
            ("done", "Integration test cycle 1 closed; data dictionary complete; settings survive a refresh."),
            ("next", "Sign the migration test plan, load test, single sign-on, rehearsal 2."),
            ("decisions wanted", "None in this period; CR-3 comes to the next committee."),
        ),
    ),
)
