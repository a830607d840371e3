"""Data-centre move: 312 systems in four waves, on time and within its budget."""

from pmtui.demo.datacentre_raid import HAZARDS, REQUESTS, TROUBLES
from pmtui.demo.datacentre_work import PLANS
from pmtui.demo.rows import (
    Entry,
    Gate,
    Line,
    Member,
    Part,
    Standing,
    Status,
    Story,
    Talk,
)

_PEOPLE = (
    Member("nora", "Nora Whitfield", "Project manager", "95"),
    Member("tom", "Tom Baumann", "Head of infrastructure, sponsor"),
    Member("chi", "Chi Nguyen", "Infrastructure and security architect", "98"),
    Member("uma", "Uma Keller", "Network lead", "88"),
    Member("vic", "Victor Amrein", "Storage and backup", "86"),
    Member("wes", "Wesley Thorne", "Server and platform lead", "88"),
    Member("yara", "Yara Mansour", "Application coordination", "84"),
    Member("zoe", "Zoe Marti", "Building, power and cooling", "80"),
)

_PARTS = (
    Part("1", "Project management", "nora", became=((-140, "in work"),)),
    Part(
        "2",
        "Inventory and dependencies",
        "yara",
        "Each system has an owner and its dependencies.",
        became=((-138, "in work"), (-110, "in review")),
    ),
    Part(
        "3",
        "New site",
        "zoe",
        "Racks, power and access accepted.",
        became=((-98, "in work"), (-74, "in review"), (-70, "accepted")),
    ),
    Part(
        "4",
        "Network",
        "uma",
        "Two routes, each able to carry all.",
        became=((-84, "in work"), (-58, "in review"), (-52, "accepted")),
    ),
    Part(
        "5", "Storage and backup", "vic", "A restore from the new site within four hours.", became=((-66, "in work"),)
    ),
    Part("6", "Waves", "wes", "No outage longer than the agreed window.", became=((-62, "in work"),)),
    Part("7", "Old site", "zoe", "Room handed back without claims."),
)

_GATES = (
    Gate("ms-site", "New site ready", -60, ("core", "power"), reached=-58),
    Gate("ms-w1", "Wave 1 moved", -28, ("wave1",), reached=-28),
    Gate("ms-w2", "Wave 2 moved", 7, ("wave2",)),
    Gate("ms-w3", "Wave 3 moved", 30, ("wave3",)),
    Gate("ms-w4", "Wave 4 moved", 50, ("wave4",)),
    Gate("ms-end", "Old room handed back", 75, ("wipe", "dismantle")),
)

_LINES = (
    Line("b-labour", "labour", "214000", "Own people, night work included"),
    Line("b-equipment", "equipment", "186000", "Racks, switches, firewalls, cabling"),
    Line("b-external", "external", "118000", "Colocation, carrier, installation"),
    Line("b-software", "software", "38000", "Replication and monitoring"),
    Line("b-travel", "travel", "9000", "Between the sites"),
    Line("b-contingency", "contingency", "55000", "For the risks in the register", "contingency"),
    Line("b-reserve", "management reserve", "30000", "Released by the sponsor alone", "management reserve"),
)

_STANDINGS = (
    Standing("b-labour", "Time sheets, project team", "", ("18900", "20300", "21800"), -6),
    Standing("b-external", "Colocation, 24 racks", "Alpine Colocation", ("8400",), -5, po="PO-2207", prefix="AC-"),
    Standing("b-travel", "Trips between the sites", "Railpoint Travel", ("540", "780"), -6, prefix="RP-"),
)

_ENTRIES = (
    Entry(
        "c-racks",
        -97,
        "b-equipment",
        "Racks and power strips",
        "Stahlwerk Rack",
        "61500",
        po="PO-2214",
        invoice="SR-4410",
    ),
    Entry(
        "c-switch",
        -80,
        "b-equipment",
        "Core switches and firewalls",
        "Netzhaus",
        "78200",
        po="PO-2221",
        invoice="NH-1190",
    ),
    Entry("c-cable", -70, "b-equipment", "Cabling", "Netzhaus", "16400", po="PO-2221", invoice="NH-1207"),
    Entry(
        "c-fibre", -71, "b-external", "Two fibre routes, set-up", "Linkverbund", "14800", po="PO-2218", invoice="LV-902"
    ),
    Entry(
        "c-shift",
        -90,
        "b-contingency",
        "Second shift for the racks",
        "Monteba",
        "9600",
        po="PO-2230",
        invoice="M-3312",
        cause="r-racks",
    ),
    Entry(
        "c-repl",
        -64,
        "b-software",
        "Replication, licence for a year",
        "Mirrorline",
        "21500",
        po="PO-2236",
        invoice="ML-0771",
    ),
    Entry(
        "c-mon",
        -56,
        "b-software",
        "Monitoring, additional nodes",
        "Watchkeeper",
        "6900",
        po="PO-2240",
        invoice="WK-5512",
    ),
    Entry("c-w1", -25, "b-external", "Carrier, wave 1", "Cargotrans", "7300", po="PO-2251", invoice="CT-1181"),
    Entry(
        "c-credit",
        -74,
        "b-equipment",
        "Credit for a switch sent back",
        "Netzhaus",
        "-3900",
        invoice="NH-G14",
        credit=True,
    ),
    Entry(
        "c-w2", -7, "b-external", "Carrier, wave 2", "Cargotrans", "8100", status="committed", po="PO-2251", expected=9
    ),
    Entry(
        "c-ups",
        -11,
        "b-external",
        "Load test of the emergency supply",
        "Alpine Colocation",
        "2900",
        status="committed",
        po="PO-2258",
        expected=4,
    ),
    Entry("c-w3", -12, "b-external", "Carrier, wave 3", "Cargotrans", "11800", status="planned", dated=30),
    Entry("c-w4", -12, "b-external", "Carrier, wave 4", "Cargotrans", "9700", status="planned", dated=50),
    Entry("c-wipe", -12, "b-external", "Disk wiping, certified", "Blankdisk", "6200", status="planned", dated=62),
)

_BOARD = ("nora", "tom", "yara", "wes", "zoe")
_TEAM = ("nora", "chi", "uma", "vic", "wes", "yara", "zoe")


def _steering(on: int, notes: str, settled: tuple[tuple[int, int], ...] = ()) -> Talk:
    return Talk(
        key=f"sc{on}",
        title="Steering committee",
        on=on,
        at="16:00",
        length=45,
        invited=_BOARD,
        scribe="nora",
        kind="steering committee",
        series="Move steering committee",
        agenda=(("Waves: done and next", 20, "nora"), ("Risks", 10, "nora"), ("Decisions wanted", 15, "tom")),
        notes=notes,
        settled=settled,
    )


def _weekly(on: int, notes: str, settled: tuple[tuple[int, int], ...] = ()) -> Talk:
    return Talk(
        key=f"tm{on}",
        title="Wave meeting",
        on=on,
        at="09:00",
        length=30,
        invited=_TEAM,
        scribe="wes",
        series="Wave meeting",
        agenda=(("Next wave", 15, "wes"), ("Late and blocked", 10, "nora")),
        notes=notes,
        settled=settled,
    )


_TALKS = (
    _steering(-63, "## Site\nPower and both routes are accepted.\nD: Waves run from Friday evening to Sunday noon\n"),
    _steering(
        -42,
        "## Waves\nRehearsal of wave 1 takes place this week.\nD: No wave within three days of a month end\n"
        "A: Agree the service desk's hours for the waves @yara due {-34}\n",
        settled=((1, -36),),
    ),
    _steering(
        -21,
        "## Waves\nWave 1 moved without an incident; the runbook was corrected in four places.\n"
        "D: Wave 2 goes ahead as planned\nD: The warehouse system moves with wave 3\n",
    ),
    _steering(3, ""),
    _weekly(
        -13,
        "## Next wave\nThe list of wave 2 holds 84 systems.\n"
        "A: Tell the site managers the dates of wave 2 @yara due {-10}\n",
        settled=((1, -11),),
    ),
    _weekly(
        -8,
        "## Next wave\nDNS lifetimes are down to five minutes.\n"
        "D: Print services move last\nA: Check the label printers in the warehouse @wes due {3}\n",
    ),
    _weekly(
        -3,
        "## Next wave\n38 of 84 systems moved, one rolled back and moved again.\n"
        "A: Explain the roll-back of the scan server @vic due {1}\n"
        "R: Scan servers need an old driver @vic p2 i3 review {10}\n",
    ),
    _weekly(2, ""),
)

_STATUSES = (
    Status(
        -41,
        (
            ("summary", "The new site is ready and backed up. Wave 1 will be rehearsed this week."),
            ("done", "Storage stretched between the sites, backups, runbook."),
            ("next", "Rehearsal and move of wave 1."),
        ),
        since=-61,
    ),
    Status(
        -20,
        (
            ("summary", "Wave 1 moved within its window. Time and cost are as planned."),
            ("done", "61 development and test systems moved; runbook corrected."),
            ("next", "List of wave 2, licences bound to hardware."),
        ),
    ),
)

DATACENTRE = Story(
    code="dc-move",
    title="Data-centre move",
    manager="nora",
    sponsor="tom",
    currency="CHF",
    country="CH",
    objective=(
        "Move 312 systems from the head office's server room to a colocation site in four waves, without an outage "
        "longer than a weekend, and hand the room back before its lease ends."
    ),
    phases=((-150, "Preparation"), (-100, "New site"), (-36, "Waves")),
    start=-150,
    finish=75,
    tolerance_days=14,
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
    talks=_TALKS,
    statuses=_STATUSES,
    sheets=("chi", "uma", "wes"),
    whys=(
        "waiting for the supplier",
        "an application owner answered late",
        "took longer than estimated",
        "night work was moved",
    ),
)
