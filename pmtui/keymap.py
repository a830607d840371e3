"""One table of actions: the keys, footer, help, palette and manual all read it."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

_own: dict[str, tuple[str, ...]] = {}


def use_keys(own: Mapping[str, tuple[str, ...]]) -> None:
    """From now on these actions have the user's keys, all others their own; what they may be is not asked here."""
    _own.clear()
    _own.update(own)


class Action(msgspec.Struct, frozen=True):
    """Something a key does.

    ``id`` is ``place.verb``; ``default`` its keys as Textual names them (none: only the palette has it); ``word`` for
    the footer (empty: not in it); ``help`` a sentence; ``views`` where it works (empty: everywhere).
    """

    id: str
    default: tuple[str, ...]
    word: str
    help: str
    group: str
    views: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The action's method, without its ``action_``."""
        return self.id.replace(".", "_")

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys now: the user's, else its own."""
        return _own.get(self.id, self.default)

    @property
    def key(self) -> str:
        """The key shown; empty where it has none."""
        return self.shown(self.keys[0]) if self.keys else ""

    def shown(self, key: str) -> str:
        """How people see one of its keys on the keyboard; the first of a list takes its ``g`` twice."""
        return "gg" if (self.id, key) == ("move.first", "g") else shown_key(key)

    def works_in(self, view: str) -> bool:
        """Whether the action is one of a view's."""
        return not self.views or view in self.views


def shown_key(key: str) -> str:
    """How people see a key on the keyboard."""
    modifier, _, last = key.rpartition("+")
    if modifier:
        return f"{modifier.capitalize()}+{last.upper() if len(last) == 1 else shown_key(last)}"
    return SHOWN.get(key) or _NAMES.get(key) or (key.upper() if key[:1] == "f" and key[1:].isdigit() else key)


SHOWN = {
    "enter": "⏎", "escape": "Esc", "question_mark": "?", "slash": "/", "colon": ":", "exclamation_mark": "!",
    "percent_sign": "%", "left_square_bracket": "[", "right_square_bracket": "]", "down": "↓", "up": "↑",
    "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp", "space": "space", "asterisk": "*",
    "plus": "+",
    "tab": "Tab", "home": "Home", "end": "End", "delete": "Del", "insert": "Ins", "backspace": "⌫",
}  # fmt: skip
"""Keys whose name is not what people see on the keyboard."""

_NAMES = {
    "quotation_mark": '"', "number_sign": "#", "dollar_sign": "$", "ampersand": "&", "apostrophe": "'",
    "left_parenthesis": "(", "right_parenthesis": ")", "plus": "+", "comma": ",", "minus": "-", "full_stop": ".",
    "semicolon": ";", "less_than_sign": "<", "equals_sign": "=", "greater_than_sign": ">", "at": "@",
    "backslash": "\\", "circumflex_accent": "^", "underscore": "_", "grave_accent": "`", "left_curly_bracket": "{",
    "vertical_line": "|", "right_curly_bracket": "}", "tilde": "~",
}  # fmt: skip

VIEWS = ("today", "board", "risks", "costs", "meetings", "actions", "decisions", "settings")
OPENED = (*VIEWS, "triage")
RECORDS = (*OPENED, "review")
TASKS = ("today", "board", "triage", "actions")
SETS = ("today", "board")
ASSESSED = ("risks", "review")
WORK = (*RECORDS, "report")
READ = ("figures", "charts")
ALL = (*WORK, "history", "exposure", *READ, "week")
LISTS = tuple(view for view in ALL if view not in {"review", "week"})
"""Where digits go to the views; in a review of risks they are probability and impact, in a week's grid hours."""
BESIDE_COSTS = tuple(view for view in LISTS if view != "costs")

ACTIONS: tuple[Action, ...] = (
    Action("record.add", ("a",), "add", "Add by a line, of any kind; paste many", "Records", WORK),
    Action("record.add_form", ("A",), "", "Add one in a form", "Records", VIEWS),
    Action("record.edit", ("e",), "edit", "Edit in a form", "Records", RECORDS),
    Action("record.open", ("enter",), "open", "Open: all of it, with its history", "Records", OPENED),
    Action("board.left", ("h", "left"), "", "Column to the left", "Move", ("board",)),
    Action("board.right", ("l", "right"), "", "Column to the right", "Move", ("board",)),
    Action("board.move_left", ("H", "shift+left"), "", "Move the card left, past Blocked", "Cards", ("board",)),
    Action("board.move_right", ("L", "shift+right"), "move", "Move the card right, past Blocked", "Cards", ("board",)),
    Action("board.raise_card", ("K",), "", "Move the card up in its column", "Cards", ("board",)),
    Action("board.lower_card", ("J",), "", "Move the card down in its column", "Cards", ("board",)),
    Action("record.done", ("d",), "done", "Done, closed, paid, published; twice: today", "Decide", RECORDS),
    Action(
        "record.date", ("r",), "date", "When: t m f w p, a accept the delay, c correct a wrong date", "Decide", RECORDS
    ),
    Action("record.who", ("w",), "who", "Who has it", "Decide", RECORDS),
    Action("record.status", ("m",), "", "To a status, by its name", "Decide", RECORDS),
    Action("record.block", ("b",), "", "Blocked, by what, followed up when; unblock", "Decide", TASKS),
    Action(
        "record.progress",
        ("percent_sign",),
        "",
        "Partly done: percent, what is left, a new date",
        "Decide",
        TASKS,
    ),
    Action("record.hours", ("W",), "", "Hours worked on it: 3, 2.5 what for, 1d mon @ben", "Decide", TASKS),
    Action("record.chase", ("c",), "", "Chase, the text copied; twice: the owner", "Decide", TASKS),
    Action("record.split", ("s",), "", "Split into parts", "Decide", TASKS),
    Action(
        "record.issue",
        ("i",),
        "",
        "Raise an issue; a risk that occurred",
        "Decide",
        ("today", "board", "risks", "triage", "review", "actions"),
    ),
    Action("record.risk", ("R",), "", "Raise a risk", "Decide", TASKS),
    Action("record.escalate", ("exclamation_mark",), "", "Escalate: a decision is needed", "Decide", TASKS),
    Action("record.escalate_slipped", ("E",), "", "Escalate what was just moved for the third time", "Decide", TASKS),
    Action("record.drop", ("x",), "drop", "d drop, l later phase, m merge a duplicate, D delete", "Decide", RECORDS),
    Action("record.note", ("n",), "", "Add a note", "Records", (*RECORDS, "week")),
    Action(
        "record.link",
        ("f",),
        "",
        "Link: after, before or related to a record; an address or ticket",
        "Records",
        RECORDS,
    ),
    Action("record.copy", ("y",), "", "Copy as one line", "Records", RECORDS),
    Action("record.mark", ("space",), "mark", "Mark; verbs then act on all marked", "Records", RECORDS),
    Action("record.mark_range", ("V",), "", "Mark from the last mark to the cursor", "Records", RECORDS),
    Action("record.mark_all", ("asterisk",), "", "Mark all shown, or none", "Records", RECORDS),
    Action("record.mark_filter", ("plus",), "", "Mark what a filter lets through", "Records", RECORDS),
    Action(
        "record.templates",
        ("T",),
        "templates",
        "Templates of task sets: apply, or make one of marked tasks",
        "Records",
        SETS,
    ),
    Action("risks.probability", ("P",), "prob.", "Probability, of an issue urgency: 1 to 5", "Risks", ASSESSED),
    Action("risks.impact", ("I",), "impact", "Impact: 1 to 5; d by cost, time, scope, quality", "Risks", ASSESSED),
    Action("risks.action", ("T",), "action", "Add an action for it: a task, or a task's number", "Risks", ASSESSED),
    Action("risks.log", ("L",), "issues", "The issue log, and back to the risks", "Risks", ("risks",)),
    Action("risks.heat_map", ("h",), "heat map", "Heat map: choose a cell to filter by", "Risks", ("risks",)),
    Action("risks.map_left", ("left",), "", "Map: to the left, as h", "Risks", ("risks",)),
    Action("risks.map_right", ("l", "right"), "", "Map: to the right", "Risks", ("risks",)),
    Action("risks.other_grid", ("tab", "s"), "", "Map: inherent, residual, now, opportunities", "Risks", ("risks",)),
    Action("risks.ended", ("o",), "", "Closed ones: show or hide", "Risks", ("risks",)),
    Action("risks.exposure", ("E",), "exposure", "Exposure: what it may cost, and what covers it", "Risks", ("risks",)),
    Action("risks.review", ("N",), "review", "Review the risks one at a time, the due ones first", "Risks", ("risks",)),
    Action(
        "review.as_it_is", ("enter",), "", "Reviewed as it is; next when its band asks for it", "Decide", ("review",)
    ),
    Action(
        "review.steps",
        ("1", "2", "3", "4", "5"),
        "",
        "Probability and impact by two digits: 43 is P4 I3",
        "Decide",
        ("review",),
    ),
    Action("review.respond", ("R",), "", "Response: avoid, reduce, accept and so on", "Decide", ("review",)),
    Action("review.others", ("o",), "", "Go on with the risks that are not due", "Decide", ("review",)),
    Action("review.open", ("v",), "", "All of the risk, with its history", "Records", ("review",)),
    Action("exposure.open", ("enter",), "open", "Show the risks behind a line; go to a risk", "Risks", ("exposure",)),
    Action("exposure.opportunities", ("o",), "alone", "Threats alone, or less opportunities", "Risks", ("exposure",)),
    Action("costs.lines", ("h", "tab"), "lines", "To the budget lines and back", "Costs", ("costs",)),
    Action("costs.close_month", ("M",), "month", "Close a month, or reopen it", "Costs", ("costs",)),
    Action("costs.chart", ("B",), "charts", "Burn chart: spent against plan; cash curve", "Costs", ("costs",)),
    Action("costs.earned_value", ("E",), "earned value", "Earned value and forecast", "Costs", ("costs",)),
    Action("costs.cut", ("K",), "", "Where can I cut: lines with uncommitted money", "Costs", ("costs",)),
    Action("costs.numbers", ("number_sign",), "numbers", "Open a number: what it is the sum of", "Costs", ("costs",)),
    Action(
        "costs.received", ("R",), "received", "Received, invoice to come: accrued; the accruals", "Costs", ("costs",)
    ),
    Action("costs.part", ("percent_sign",), "", "Invoiced in part: the rest stays or is released", "Costs", ("costs",)),
    Action("costs.credit", ("c",), "", "Credit note of an entry, its vendor and line", "Costs", ("costs",)),
    Action("costs.statement", ("I",), "bank file", "A bank's or ERP's file: match and book it", "Costs", ("costs",)),
    Action("hours.week", ("W",), "hours", "Hours: the week's grid, and what they cost", "Costs", ("costs",)),
    Action("costs.grouping", ("o",), "", "Group by month, or line and month", "Costs", ("costs",)),
    Action("costs.versions", ("S",), "versions", "Budget versions: propose, approve, compare", "Costs", ("costs",)),
    Action("costs.phasing", ("F",), "", "A budget line month by month", "Costs", ("costs",)),
    Action("costs.differences", ("D",), "", "What differs from the approved; draws", "Costs", ("costs",)),
    Action("figures.open", ("enter",), "open", "Open a number: what is behind it", "Costs", ("figures",)),
    Action("figures.method", ("m",), "method", "How the EAC is forecast", "Costs", ("figures",)),
    Action("charts.next", ("tab", "right", "l"), "next chart", "The next chart", "Costs", ("charts",)),
    Action("charts.previous", ("shift+tab", "left", "h"), "", "The chart before", "Costs", ("charts",)),
    Action("meetings.notes", ("N",), "notes", "Write the notes", "Meetings", ("meetings",)),
    Action("meetings.editor", ("E",), "", "Write the notes in $EDITOR", "Meetings", ("meetings",)),
    Action("meetings.agenda", ("h",), "agenda", "Draft the agenda from what waits, or anew", "Meetings", ("meetings",)),
    Action("meetings.write_agenda", ("H",), "", "Write the agenda by hand, a topic a line", "Meetings", ("meetings",)),
    Action("meetings.present", ("o",), "present", "Who was present", "Meetings", ("meetings",)),
    Action(
        "meetings.publish", ("S",), "publish", "Publish the minutes: numbered and frozen", "Meetings", ("meetings",)
    ),
    Action(
        "meetings.next",
        ("T",),
        "next one",
        "Plan the next of the series, its agenda drafted",
        "Meetings",
        ("meetings",),
    ),
    Action(
        "meetings.actions", ("L",), "actions", "Action list: who has what, across meetings", "Meetings", ("meetings",)
    ),
    Action("meetings.decisions", ("D",), "decisions", "Decisions log", "Meetings", ("meetings",)),
    Action(
        "actions.copy_list", ("M",), "copy list", "Copy the person's list as text to send", "Meetings", ("actions",)
    ),
    Action(
        "decisions.supersede",
        ("s",),
        "supersede",
        "Decide anew: a decision that supersedes it",
        "Meetings",
        ("decisions",),
    ),
    Action("triage.order", ("o",), "order", "Why here: what gives the item its place", "Decide", ("triage",)),
    Action("report.edit", ("e", "enter"), "write", "Write a section", "Report", ("report",)),
    Action("report.pick", ("o",), "pick", "What happened, to pick from", "Report", ("report",)),
    Action("report.earlier", ("left_square_bracket",), "period", "Period: begin earlier", "Report", ("report",)),
    Action("report.later", ("right_square_bracket",), "", "Period: begin later", "Report", ("report",)),
    Action("report.light", ("O",), "light", "Set a light by hand, with a reason", "Report", ("report",)),
    Action("report.wide", ("v",), "page", "The page over the full width, and back", "Report", ("report",)),
    Action("report.kind", ("K",), "kind", "Exception, end of project, RAID log, week, pack", "Report", ("report",)),
    Action("report.filter", ("slash",), "", "Filter the RAID log", "Report", ("report",)),
    Action("report.differences", ("D",), "differences", "What changed between two reports", "Report", ("report",)),
    Action("report.issue", ("S",), "issue", "Issue: frozen as it stands", "Report", ("report",)),
    Action(
        "report.send", ("M",), "mail", "Mail an issued report or published minutes", "Report", ("report", "meetings")
    ),
    Action("settings.rate", ("R",), "", "Rate of a person, from which day", "Settings", ("settings",)),
    Action("settings.away", ("L",), "", "When a person is away", "Settings", ("settings",)),
    Action("settings.scales", ("S",), "", "Risk scales of PMBOK or PM², shown first", "Settings", ("settings",)),
    Action("settings.archive", ("Z",), "", "Archive the project, or bring it back", "Settings", ("settings",)),
    Action(
        "week.type", tuple("1234567890"), "hours", "Hours into the cell: 3, 2.5, 7:30; 0 clears it", "Hours", ("week",)
    ),
    Action("week.keep", ("tab",), "", "Keep what was typed, and to the next day; so do the arrows", "Hours", ("week",)),
    Action("week.earlier", ("left_square_bracket",), "week", "The week before", "Hours", ("week",)),
    Action("week.later", ("right_square_bracket",), "", "The week after", "Hours", ("week",)),
    Action("week.now", ("t",), "", "This week", "Hours", ("week",)),
    Action("week.add_row", ("a",), "task", "A row for another task", "Hours", ("week",)),
    Action(
        "week.copy",
        ("c",),
        "",
        "The tasks of last week as rows, without their hours",
        "Hours",
        ("week",),
    ),
    Action("week.who", ("w", "at"), "who", "Another person's week", "Hours", ("week",)),
    Action(
        "week.open",
        ("enter",),
        "cost",
        "Keep what was typed; else what the hours cost",
        "Hours",
        ("week",),
    ),
    Action("week.clear", ("delete",), "", "No hours in the cell under the cursor", "Hours", ("week",)),
    Action("week.leave_typed", ("escape",), "", "Not what was typed; else back", "Hours", ("week",)),
    Action("week.left", ("h", "left"), "", "A day to the left", "Move", ("week",)),
    Action("week.right", ("l", "right"), "", "A day to the right", "Move", ("week",)),
    Action("history.open", ("enter",), "go to it", "Go to the record that was changed", "Changes", ("history",)),
    Action("history.take_back", ("u",), "take back", "Take back a change of your own", "Changes", ("history",)),
    Action(
        "history.filter",
        ("slash",),
        "filter",
        "Filter: words T-48 @ana mine since:mon until:fri",
        "Changes",
        ("history",),
    ),
    Action("history.only", ("o",), "only", "Only of the record it was opened from, or all", "Changes", ("history",)),
    Action("history.clear", ("escape",), "", "Clear the filter", "Changes", ("history",)),
    Action(
        "view.filter", ("slash",), "filter", "Filter: words, owner:ana late #tag -done; ↓ saved ones", "Find", VIEWS
    ),
    Action("view.clear", ("escape",), "", "Clear the filter and the marks", "Find", RECORDS),
    Action("board.options", ("o",), "lay out", "Sort, lanes, density, folds; kept for the project", "Find", ("board",)),
    Action("board.fold", ("z",), "", "Fold or open a column or a lane", "Find", ("board",)),
    Action("move.down", ("j", "down"), "", "Down", "Move", ALL),
    Action("move.up", ("k", "up"), "", "Up", "Move", ALL),
    Action("move.first", ("g", "home"), "", "To the first", "Move", ALL),
    Action("move.last", ("G", "end"), "", "To the last", "Move", ALL),
    Action("move.page_down", ("pagedown",), "", "A page down", "Move", ALL),
    Action("move.page_up", ("pageup",), "", "A page up", "Move", ALL),
    Action("go.triage", ("t",), "triage", "Triage: one overdue item at a time", "Go", (*VIEWS, "report")),
    Action("go.today", ("1",), "", "Today: what needs me now", "Go", LISTS),
    Action("go.board", ("2",), "", "Board: where the work stands", "Go", LISTS),
    Action("go.risks", ("3",), "", "Risks", "Go", LISTS),
    Action("go.costs", ("4",), "", "Costs", "Go", LISTS),
    Action("go.meetings", ("5",), "", "Meetings", "Go", LISTS),
    Action("go.report", ("6",), "", "Report", "Go", LISTS),
    Action("go.project", ("p",), "project", "Another project, or all", "Go", (*LISTS, "week")),
    Action(
        "go.settings", ("P",), "settings", "Project settings: people, budget, milestones, calendar", "Go", ("today",)
    ),
    Action("go.week", (), "", "Hours: the week's grid, yours or another's", "Go", BESIDE_COSTS),
    Action("go.palette", ("colon",), "", "Go to any record by letters of its name, or find an action", "Go"),
    Action("go.tour", (), "", "Tour: the first keys to know, in six steps", "Go"),
    Action("tour.skip", ("greater_than_sign",), "", "Skip this step of the tour", "Go"),
    Action("tour.leave", ("less_than_sign",), "", "Leave the tour", "Go"),
    Action("view.preview", ("v",), "preview", "The report as it will be sent, beside the view", "Go", VIEWS),
    Action(
        "view.export",
        ("X",),
        "",
        "Export as CSV; reports and minutes in any format, meetings as .ics",
        "Go",
        (*WORK, "week"),
    ),
    Action(
        "view.changes",
        ("C",),
        "",
        "Changes: who did what, when and why; take back your own",
        "Records",
        (*WORK, "week"),
    ),
    Action("desk.undo", ("u",), "", "Undo", "Records", (*WORK, *READ, "week")),
    Action("desk.redo", ("U",), "", "Redo", "Records"),
    Action("view.back", ("q",), "", "Back; at the top: leave", "Go"),
    Action("view.help", ("question_mark",), "help", "All keys of this screen", "Go"),
)

GROUPS = (
    "Decide",
    "Records",
    "Cards",
    "Risks",
    "Costs",
    "Hours",
    "Meetings",
    "Report",
    "Settings",
    "Changes",
    "Find",
    "Move",
    "Go",
)
"""The order of groups in the help."""


class Purpose(msgspec.Struct, frozen=True):
    """What a view is for, and the three actions to know first."""

    words: str
    best: tuple[str, str, str]


PURPOSES = {
    "today": Purpose(
        "What needs you now, over all projects: overdue, due this week, blocked, to review, to decide, and what others "
        "changed since you last looked. Each line takes the same verbs as in its own view.",
        ("go.triage", "record.done", "record.open"),
    ),
    "board": Purpose(
        "Where the work stands: a column a status, with its limit. A card tells who, when, how late, how often moved "
        "and what blocks it.",
        ("board.move_right", "record.date", "view.filter"),
    ),
    "triage": Purpose(
        "The overdue pile, one item at a time, the gravest first. Decide, give a reason, and the next one comes; what "
        "is decided stays decided when you leave.",
        ("record.date", "record.done", "record.who"),
    ),
    "risks": Purpose(
        "The register with score and trend, the heat map, and the exposure against the contingency that is left; the "
        "issue log: what has happened, how grave it is and who must decide.",
        ("risks.probability", "risks.heat_map", "record.date"),
    ),
    "review": Purpose(
        "The risks whose review is due, one at a time, with all that is known of them. One key says that a risk is "
        "reviewed as it is; two digits are its probability and its impact, so they switch no views here.",
        ("review.as_it_is", "review.steps", "review.respond"),
    ),
    "exposure": Purpose(
        "What the open risks are expected to cost and bring, by category and in all, how much it may come to at worst, "
        "and how far the contingency that is left goes. Each line leads to the risks behind it.",
        ("exposure.open", "exposure.opportunities", "view.back"),
    ),
    "costs": Purpose(
        "What was planned, committed and spent, by budget line and month, and what it will come to.",
        ("record.add", "record.done", "costs.lines"),
    ),
    "meetings": Purpose(
        "Agenda, notes and minutes. Lines that begin with D: A: R: or I: become decisions, actions, risks and issues.",
        ("meetings.agenda", "meetings.notes", "meetings.publish"),
    ),
    "actions": Purpose(
        "Who has which open actions of which meetings, the latest due first. Each takes the verbs of the board; a list "
        "is copied as text to send.",
        ("record.done", "record.date", "actions.copy_list"),
    ),
    "decisions": Purpose(
        "What was decided, when, by whom and in which meeting. A decision stands; another one supersedes it.",
        ("record.add", "decisions.supersede", "record.open"),
    ),
    "report": Purpose(
        "The status report: your words on the left, beside the page as it will be sent. Once issued it never changes.",
        ("report.edit", "report.pick", "report.issue"),
    ),
    "settings": Purpose(
        "What the project is made of: charter, people, budget lines, milestones, deliverables, limits and calendar.",
        ("record.open", "record.add", "record.edit"),
    ),
    "week": Purpose(
        "A person's week: hours by task and day. Numbers go straight into the cell; what is shown is kept. "
        "Beneath, each day's sum and what it has room for.",
        ("week.type", "week.add_row", "week.open"),
    ),
    "history": Purpose(
        "Who did what, when and why, newest first; your own changes can be taken back from here, whatever their day.",
        ("history.filter", "history.open", "history.take_back"),
    ),
    "figures": Purpose(
        "Numbers, and what each is made of: opened, it shows the entries, lines or tasks that come to it.",
        ("figures.open", "figures.method", "move.down"),
    ),
    "charts": Purpose(
        "The money over time: what was spent against the plan, and when the rest of it will go.",
        ("charts.next", "move.down", "go.costs"),
    ),
}
"""What its help says of each view first."""

BY_ID = {action.id: action for action in ACTIONS}


def key_of(action_id: str) -> str:
    """The key to name for an action; the palette's where it has none of its own."""
    return BY_ID[action_id].key or BY_ID["go.palette"].key


def actions_of(view: str) -> Iterator[Action]:
    """The actions of a view, those of its own before those it shares."""
    return (action for action in ACTIONS if action.works_in(view))


FOOTERS = {
    "today": (
        "record.add", "record.edit", "record.open", "record.done", "record.date", "record.who", "go.triage",
        "view.filter", "record.mark",
    ),
    "board": (
        "record.add", "record.edit", "record.open", "board.move_right", "record.date", "record.who", "record.done",
        "view.filter", "go.triage", "record.mark", "board.options",
    ),
    "costs": (
        "record.add", "record.edit", "record.done", "costs.lines", "costs.earned_value", "costs.numbers",
        "costs.statement", "costs.close_month", "costs.chart", "costs.versions",
    ),
    "report": (
        "report.edit", "report.pick", "report.kind", "report.issue", "report.differences", "report.light",
        "report.earlier", "report.send", "report.wide",
    ),
}  # fmt: skip
"""What a view's footer tells first, where that is not the view's own."""


def footer_of(view: str) -> list[Action]:
    """What the footer of a view tells, the most used first."""
    shown = [action for action in actions_of(view) if action.word and action.keys]
    first = FOOTERS.get(view) or [action.id for action in shown if action.id.startswith(f"{view}.")]
    return sorted(shown, key=lambda action: first.index(action.id) if action.id in first else len(first))


def clashes(actions: Iterable[Action] = ACTIONS) -> list[str]:
    """Keys that two actions of one view would share; empty in a sound table."""
    found = []
    for view in ALL:
        taken: dict[str, str] = {}
        for action in actions:
            for key in action.keys if action.works_in(view) else ():
                if key in taken:
                    found.append(f"{view}: {key} is {taken[key]} and {action.id}")
                taken[key] = action.id
    return found
