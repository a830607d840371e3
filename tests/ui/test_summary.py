"""Facts in a line: nothing of what they say is cut."""

from pmtui.screens.summary import flowed
from pmtui.widgets.cells import plain


def test_facts_break_between_them_and_within_one_that_is_too_long():
    facts = [(("due Fri", ""),), (("If it occurs: 35,000 CHF and 3 days, expected 10,500 CHF", "muted"),)]
    assert [plain(line) for line in flowed(facts, 40)] == [
        "due Fri",
        "If it occurs: 35,000 CHF and 3 days,",
        "expected 10,500 CHF",
    ]
    assert [plain(line) for line in flowed(facts, 80)] == [
        "due Fri · If it occurs: 35,000 CHF and 3 days, expected 10,500 CHF"
    ]
