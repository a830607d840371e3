"""What is pasted is lines that each add something, without what a list puts before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.pasting import parents, split_paste


@pytest.mark.parametrize(
    ("raw", "text", "ticked"),
    [
        ("plain", "plain", False),
        ("- dash", "dash", False),
        ("* star @ana", "star @ana", False),
        ("• dot", "dot", False),
        ("1. one", "one", False),
        ("12) twelve", "twelve", False),
        ("(b) letter", "letter", False),
        ("## Heading", "Heading", False),
        ("- [ ] open", "open", False),
        ("- [x] ticked", "ticked", True),
        ("1. [X] ticked too", "ticked too", True),
        ("☑ box", "box", True),
        ("☐ open box", "open box", False),
        ("-50 travel", "-50 travel", False),
        ("#tag first", "#tag first", False),
        ("3.5 release", "3.5 release", False),
        ("[/foo] markup", "[/foo] markup", False),
    ],
)
def test_a_line_without_its_mark(raw, text, ticked):
    (line,) = split_paste(raw, "task")
    assert (line.text, line.ticked) == (text, ticked)


def test_blank_lines_and_rules_are_passed_over_and_places_are_those_of_the_text():
    lines = split_paste("\ufeff\r\none\r\n\r\n---\r\n- \r\n- [ ]\r\ntwo\rthree\u2028four\n".lstrip("\ufeff"), "task")
    assert [(line.line, line.text) for line in lines] == [(2, "one"), (7, "two"), (8, "three"), (9, "four")]


def test_indentation_by_blanks_or_tabs_says_what_is_part_of_what():
    lines = split_paste("a\n  b\n  c\n      d\n\te\n\t\tf\ng", "task")
    assert [lines[n].text if n is not None else "" for n in parents(lines)] == ["", "a", "a", "c", "c", "e", ""]


def test_a_kind_may_be_named_and_parts_are_of_tasks_alone():
    lines = split_paste("a\n  risk: late p4\n    b\n  cost: 12 travel", "task")
    assert [line.kind for line in lines] == ["task", "risk", "task", "cost"]
    assert parents(lines) == [None, None, 0, None]


def test_a_deliverable_keeps_its_outline_number():
    assert [line.text for line in split_paste("1.2 Migration\n- 1. Data", "deliverable")] == [
        "1.2 Migration",
        "1. Data",
    ]


@given(st.text(alphabet=st.sampled_from("ab -*[]x1.)#\t\n\r@\u2028\x1b\u202e"), max_size=200))
def test_any_text_is_read_and_nothing_said_is_lost(text):
    lines = split_paste(text, "task")
    assert all(line.text.strip() for line in lines)
    assert sum(line.text.count("a") for line in lines) >= text.count("a") - text.count("a.") - text.count("a)")
    assert all(above is None or above < at for at, above in enumerate(parents(lines)))
