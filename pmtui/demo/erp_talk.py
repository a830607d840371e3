"""Finance ERP roll-out: meetings, minutes and reports."""

from pmtui.demo.rows import Status, Talk

_BOARD = ("leo", "mira", "kit", "rosa", "quinn")
_TEAM = ("leo", "kit", "noor", "owen", "pia", "quinn", "rosa")
_SERIES = "ERP steering committee"


def _steering(
    on: int, notes: str, agenda: tuple[tuple[str, int, str], ...] = (), settled: tuple[tuple[int, int], ...] = ()
) -> Talk:
    usual = (
        ("Forecast of time and cost", 25, "leo"),
        ("Risks and issues", 15, "leo"),
        ("Decisions wanted", 20, "mira"),
    )
    return Talk(
        key=f"sc{on}",
        title="Steering committee",
        on=on,
        at="11:00",
        length=60,
        invited=_BOARD,
        scribe="leo",
        kind="steering committee",
        series=_SERIES,
        agenda=agenda or usual,
        notes=notes,
        published=2,
        settled=settled,
    )


def _weekly(on: int, notes: str, settled: tuple[tuple[int, int], ...] = ()) -> Talk:
    return Talk(
        key=f"tm{on}",
        title="ERP weekly",
        on=on,
        at="15:30",
        length=45,
        invited=_TEAM,
        scribe="pia",
        series="ERP weekly",
        agenda=(("Late and blocked", 15, "leo"), ("Conversion and interfaces", 20, "noor"), ("Pilot 2", 10, "pia")),
        notes=notes,
        settled=settled,
    )


TALKS = (
    _steering(
        -90,
        "## Build\nConfiguration has begun on plan.\n"
        "D: The pilot companies are Leeds and Dublin\n"
        "A: Name a finance lead for Dublin @mira due {-82}\n",
        settled=((1, -83),),
    ),
    _steering(
        -69,
        "## Scope\nSix of nine companies want budgeting in the ledger from the start.\n"
        "D: Budgeting stays out of wave 1\n",
    ),
    _steering(
        -48,
        "## Pilot 1\nPassed with 23 findings, four of them in three-way match.\n"
        "D: Pilot 2 begins only when the four findings are closed\n",
    ),
    _steering(
        -27,
        "## Cost\nThe warehouse interface has cost twice its estimate; conversion needs more days than planned.\n"
        "D: Draw 28,400 GBP on contingency for the warehouse interface\n"
        "A: Bring options to keep the external line under 500,000 GBP @leo due {-14}\n",
        settled=((1, -13),),
    ),
    _steering(
        -7,
        "## Cost\nThree options were shown. The committee wants the price of the smallest first.\n"
        "D: No further change orders without the sponsor's signature\n"
        "A: Ask Ardent for a fixed price of the conversion @rosa due {1}\n",
    ),
    _steering(
        8,
        "",
        (
            ("Cost forecast and options", 25, "leo"),
            ("Conversion of the remaining seven companies: CR-3", 15, "noor"),
            ("Entry criteria of the system test", 10, "pia"),
        ),
    ),
    _weekly(
        -19,
        "## Conversion and interfaces\nThe chart of accounts is approved. Returns work in the warehouse interface.\n"
        "A: Ask Dublin and Leeds for their final charts @noor due {-15}\n",
        settled=((1, -14),),
    ),
    _weekly(
        -14,
        "## Late and blocked\nPartial receipts are not covered by the interface; rework of nine days.\n"
        "I: Partial receipts are posted twice @owen by {4} u4 i4\n"
        "A: Write the test cases of partial receipts @pia due {-9}\n",
        settled=((1, -9),),
    ),
    _weekly(
        -9,
        "## Pilot 2\nNineteen of 26 scripts are ready to run. The tax question holds up three.\n"
        "D: Recharges are tested with both VAT codes until the adviser answers\n",
    ),
    Talk(
        key="ws-ic",
        title="Workshop: intercompany matching",
        on=-6,
        at="09:30",
        length=120,
        invited=("kit", "noor", "rosa", "leo"),
        scribe="kit",
        kind="workshop",
        agenda=(("Matching rules", 60, "kit"), ("Currency differences", 40, "rosa"), ("Open points", 20, "noor")),
        notes=(
            "## Matching rules\nBy document number first, then by amount and date within five days.\n"
            "D: Differences under 5 GBP are written off at month end\n"
            "## Open points\nLeeds books recharges net of discounts; to be checked.\n"
            "R: Leeds keeps booking recharges by hand @kit p3 i3 review {12}\n"
        ),
        published=None,
    ),
    _weekly(
        -4,
        "## Late and blocked\nSeven of nine charts mapped. The bank has not answered the onboarding form.\n"
        "A: Call the bank's onboarding desk @quinn due {1}\n"
        "A: Send the list of licences by role to procurement @leo due {2}\n",
    ),
    _weekly(1, ""),
)

STATUSES = (
    Status(
        -64,
        (
            ("summary", "Configuration is on plan. The warehouse interface has begun late: its vendor answers slowly."),
            ("done", "Ledgers, dimensions, VAT codes; bank statement import."),
            ("next", "Conference room pilot 1, payroll journal, open items of the pilot companies."),
        ),
        since=-84,
    ),
    Status(
        -43,
        (
            ("summary", "Pilot 1 passed with 23 findings. The warehouse interface will cost more than estimated."),
            ("done", "Pilot 1; payroll journal; extraction of open items."),
            ("next", "Findings of pilot 1, mapping of the charts of accounts."),
            ("decisions wanted", "Budgeting module: wave 1 or wave 3 (CR-2)."),
        ),
    ),
    Status(
        -17,
        (
            (
                "summary",
                "The external line will be overspent. Options come to the committee; the mapping holds up pilot 2.",
            ),
            ("done", "Findings of pilot 1; warehouse interface without partial receipts; scripts of pilot 2."),
            ("next", "Chart of accounts mapping, rework of the warehouse interface, pilot 2."),
            ("decisions wanted", "How the conversion of the remaining seven companies is paid for (CR-3)."),
        ),
    ),
)
