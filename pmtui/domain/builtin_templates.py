"""Templates that everybody has from the start; one's own of the same name takes the place of one."""

from typing import NamedTuple


class BuiltIn(NamedTuple):
    """A template that ships: its name, what it is for, and its lines."""

    title: str
    about: str
    tasks: str


CUT_OVER = BuiltIn(
    "Go-live cut-over",
    "From the freeze to the end of hypercare; T is the day of the go-live",
    """\
Prepare the cut-over @manager due T-3wd #cutover
  Write the plan, hour by hour @manager T-15wd ~16h
  Agree the go/no-go criteria with the sponsor @sponsor T-12wd ~2h
  Rehearse on a copy of production start T-12wd due T-10wd ~16h !high after "Write the plan, hour by hour"
  Correct the plan by the rehearsal @manager T-8wd ~4h after previous
  Tell users and the service desk what changes and when T-7wd ~4h
  Confirm who is on duty, with phone numbers @manager T-5wd ~2h
  Freeze changes T-5wd !high
Go or no-go decision @sponsor T-2wd ~1h !urgent #cutover after "Correct the plan by the rehearsal", "Freeze changes"
Cut over @manager due T #cutover !urgent after "Go or no-go decision"
  Stop the interfaces and jobs of the old system T-1 ~2h
  Back up the old system, and restore it once to be sure T-1 ~4h !urgent after previous
  Migrate the data T-1 ~8h after previous
  Reconcile counts and totals with the old system T ~4h !high after previous
  Smoke test with key users T ~3h after previous
  Open the system to all users, or roll back T ~1h !urgent after previous
Hypercare @manager start T due T+10wd #cutover after "Cut over"
  Daily stand-up with the service desk T+1wd ~1h
  First business cycle checked with the process owners T+5wd ~4h
  Hand over to operations T+9wd ~4h
  Switch the old system to read-only T+10wd ~2h
Write down the lessons learned @manager T+12wd ~2h after "Hypercare"
""",
)

KICK_OFF = BuiltIn(
    "Project kick-off",
    "From the mandate to the first status report; T is the day of the kick-off meeting",
    """\
Mandate and charter agreed with the sponsor @manager T-10wd ~8h !high #kickoff
Name the core team, and agree their time with their lines @manager T-8wd ~4h #kickoff after previous
Map the stakeholders: who decides, who is heard @manager T-6wd ~4h #kickoff
First cut of deliverables and milestones @manager T-5wd ~8h #kickoff after "Mandate and charter agreed with the sponsor"
First risks, with an owner each @manager T-4wd ~3h #kickoff after previous
Budget lines and tolerances agreed @sponsor T-3wd ~2h #kickoff
Invite to the kick-off, agenda and charter attached @manager T-5wd ~1h #kickoff
Hold the kick-off meeting @manager T ~3h !high #kickoff after previous
  Minutes sent to all @manager T+1wd ~1h
  Questions that stayed open have an owner @manager T+2wd ~1h
Working place set up: folder, access, mailing list T+2wd ~4h #kickoff
Baseline the plan @manager T+8wd ~8h #kickoff after "Hold the kick-off meeting"
First status report @manager T+10wd ~2h #kickoff after previous
""",
)

MONTH_END = BuiltIn(
    "Month-end",
    "Costs, forecast and report; T is the last working day of the month",
    """\
Chase suppliers for late invoices @manager T-4wd ~2h #month-end
Time sheets of the month are in T-1wd ~1h #month-end
Book the invoices received, and accrue what is due @manager T ~3h #month-end after "Chase suppliers for late invoices"
Reconcile with finance @manager T+2wd ~2h !high #month-end after previous, "Time sheets of the month are in"
Update the forecast of each budget line @manager T+2wd ~2h #month-end after "Reconcile with finance"
Review the risks, and draw on contingency only with a reason @manager T+3wd ~1h #month-end
Close the month @manager T+3wd ~1h !high #month-end after "Update the forecast of each budget line"
Send the month's report to the sponsor @manager T+4wd ~2h #month-end after previous
""",
)

BUILT_IN = (CUT_OVER, KICK_OFF, MONTH_END)
"""The templates that ship, in the order of a project."""
