"""HRIS deployment: the budget, and what was ordered, invoiced and paid."""

from pmtui.demo.rows import Entry, Line, Standing

LINES = (
    Line("b-labour", "labour", "310000", "Own people: time sheets of the project team"),
    Line("b-software", "software", "186000", "Subscription of the first two years, test tenants, tools"),
    Line(
        "b-external",
        "external",
        "420000",
        "Integrator, testing, security audit",
        forecasts=((-24, "438000", "three more weeks of the integrator up to UAT"), (-8, "446000", "go-live moved by seven days")),
    ),
    Line("b-equipment", "equipment", "28000", "Time clocks and readers"),
    Line("b-travel", "travel", "16000", "Visits to the sites"),
    Line("b-training", "other", "42000", "Training rooms, translation, communication"),
    Line("b-contingency", "contingency", "80000", "For the risks in the register", "contingency"),
    Line("b-reserve", "management reserve", "50000", "Released by the sponsor alone", "management reserve"),
)

STANDINGS = (
    Standing("b-labour", "Time sheets, project team", "", ("23800", "25100", "26400", "24900", "26900"), -10),
    Standing("b-external", "Integration services", "Corvane", ("28400", "32200", "34600", "30800"), -10, po="PO-41077", prefix="CV-"),
    Standing("b-travel", "Site visits", "Railpoint Travel", ("940", "1280", "760"), -9, prefix="RP-"),
)

ENTRIES = (
    Entry(
        "c-sub1",
        -196,
        "b-software",
        "Subscription, first year",
        "Meridian People",
        "78000",
        po="PO-41052",
        invoice="MP-20114",
    ),
    Entry("c-tenant", -150, "b-software", "Test and training tenants", "Meridian People", "14400", po="PO-41052", invoice="MP-20377"),
    Entry("c-etl", -138, "b-software", "Migration tool, licence for a year", "Datawright", "9800", po="PO-41190", invoice="DW-5521"),
    Entry(
        "c-handover",
        -116,
        "b-contingency",
        "Handover of the solution architect, 14 days",
        "Corvane",
        "16800",
        po="PO-41233",
        invoice="CV-H01",
        cause="r-architect",
    ),
    Entry("c-lux", -100, "b-contingency", "Luxembourg entity, configuration", "Corvane", "21500", po="PO-41241", invoice="CV-L01", cause="cr-lux"),
    Entry("c-credit", -70, "b-external", "Credit for five days not delivered", "Corvane", "-4750", invoice="CV-G07", credit=True),
    Entry("c-clocks", -88, "b-equipment", "Time clocks for three sites", "Horolog Systems", "17900", po="PO-41260", invoice="H-88120"),
    Entry("c-trans", -58, "b-training", "Translation of the course material", "Linguaform", "6300", po="PO-41302", invoice="LF-311"),
    Entry("c-rooms", -40, "b-training", "Training rooms, key users", "Atrium Centres", "4200", po="PO-41310", invoice="AC-7702"),
    Entry("c-cleanse", -34, "b-external", "Data cleansing, address check", "Datawright", "11200", po="PO-41318", invoice="DW-5840"),
    Entry("c-ltool", -26, "b-software", "Load test licences", "Tidemark Software", "7600", po="PO-41333", invoice="TM-2209"),
    Entry("c-dup", -24, "b-training", "Training rooms, key users", "Atrium Centres", "4200", status="committed", void=(-20, "ordered twice")),
    Entry("c-sit", -12, "b-external", "Test team, integration test cycle 1", "Halden Testing", "18600", po="PO-41329", invoice="HT-0463"),
    Entry(
        "c-pentest",
        -14,
        "b-external",
        "Penetration test before UAT",
        "Keystone Assurance",
        "14500",
        status="committed",
        po="PO-41341",
        expected=-5,
    ),
    Entry("c-uat", -6, "b-external", "Test team, UAT cycle 1", "Halden Testing", "22400", status="committed", po="PO-41352", dated=16, expected=20),
    Entry("c-readers", -9, "b-equipment", "Badge readers, two sites", "Horolog Systems", "6400", status="committed", po="PO-41347", expected=8),
    Entry("c-sub2", -30, "b-software", "Subscription, second year", "Meridian People", "78000", status="planned", dated=44),
    Entry("c-courses", -15, "b-training", "Manager courses, five sites", "Atrium Centres", "18500", status="planned", dated=30),
    Entry("c-hyper", -15, "b-external", "Hypercare, four weeks", "Corvane", "32000", status="planned", po="PO-41077", dated=60),
    Entry("c-video", -1, "b-training", "Self-service video, two languages", "Linguaform", "3900", po="PO-41355", invoice="LF-347"),
)
