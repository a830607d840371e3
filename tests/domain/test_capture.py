"""Captured lines are found, keep their numbers, and never turn into records twice."""

from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.capture import CapturedLine, captured, carry_numbers, merge_notes, numbered


def lines(*texts):
    return "\n".join(texts)


class TestCaptured:
    def test_finds_the_four_kinds_also_in_lists(self):
        notes = lines("# Budget", "D: Go live in January", "- A: Call the vendor @ana", "* R: No data", "  I: Late")
        assert captured(notes) == (
            CapturedLine("decision", "Go live in January", 2),
            CapturedLine("task", "Call the vendor @ana", 3),
            CapturedLine("risk", "No data", 4),
            CapturedLine("issue", "Late", 5),
        )

    def test_reads_the_number_at_the_end(self):
        assert captured("A: Call the vendor [T-12]") == (CapturedLine("task", "Call the vendor", 1, "T-12"),)

    def test_a_number_of_another_kind_is_part_of_the_words(self):
        assert captured("A: Work on [R-3]") == (CapturedLine("task", "Work on [R-3]", 1),)

    def test_other_lines_are_only_text(self):
        assert captured(lines("Plan A: the bridge", "a: b", "AD: x", "RAID: y", "> D: quoted")) == ()

    def test_code_is_left_alone(self):
        assert captured(lines("```", "A: = 3", "```", "A: real")) == (CapturedLine("task", "real", 4),)

    def test_a_number_is_put_at_the_end_once(self):
        assert numbered("- A: Call  ", "T-1") == "- A: Call [T-1]"
        assert numbered("- A: Call [T-1]", "T-2") == "- A: Call [T-2]"


class TestCarryNumbers:
    STORED = lines("# Topic", "A: Call the vendor [T-1]", "some words", "D: Stop [D-4]")

    def test_notes_saved_again_without_numbers_get_them_back(self):
        typed = lines("# Topic", "A: Call the vendor", "some words", "D: Stop")
        assert carry_numbers(typed, self.STORED) == self.STORED

    def test_a_line_typed_further_keeps_its_number(self):
        typed = lines("# Topic", "A: Call the vendor @ana due fri and insist on an answer", "some words", "D: Stop")
        assert "insist on an answer [T-1]" in carry_numbers(typed, self.STORED)

    def test_a_line_that_was_moved_keeps_its_number(self):
        typed = lines("D: Stop", "# Topic", "A: Call the vendor", "some words")
        assert carry_numbers(typed, self.STORED).splitlines()[0] == "D: Stop [D-4]"

    def test_another_line_in_its_place_is_another(self):
        typed = lines("# Topic", "A: Book rooms", "some words", "D: Stop")
        assert captured(carry_numbers(typed, self.STORED))[0].number is None

    def test_a_number_is_given_once(self):
        typed = lines("A: Call the vendor", "A: Call the vendor")
        numbers = [item.number for item in captured(carry_numbers(typed, self.STORED))]
        assert sorted(numbers, key=str) == [None, "T-1"]


class TestMergeNotes:
    BASE = lines("one", "two", "three")

    def test_changes_in_different_places_are_joined(self):
        merged, overruled = merge_notes(self.BASE, lines("ONE", "two", "three"), lines("one", "two", "three", "four"))
        assert (merged, overruled) == (lines("ONE", "two", "three", "four"), ())

    def test_changes_in_the_same_place_both_stay(self):
        merged, _ = merge_notes(self.BASE, lines("one", "mine", "three"), lines("one", "theirs", "three"))
        assert merged == lines("one", "theirs", "mine", "three")

    def test_of_one_records_line_one_stays_and_the_other_is_told(self):
        base, mine, theirs = "A: Call [T-1]", "A: Call now [T-1]", "A: Call later [T-1]"
        assert merge_notes(base, mine, theirs) == (mine, (theirs,))

    def test_a_line_that_i_deleted_is_gone_one_that_they_added_stays(self):
        assert merge_notes(self.BASE, lines("one", "three"), lines("one", "two", "three", "x"))[0] == lines(
            "one", "three", "x"
        )


texts = st.lists(st.sampled_from(["a", "b", "A: call [T-1]", "D: x", ""]), max_size=6).map("\n".join)


@given(texts, texts)
def test_a_merge_with_nobody_else_is_my_text(base, mine):
    assert merge_notes(base, mine, base) == (mine, ())
    assert merge_notes(base, base, mine) == (mine, ())


@given(texts, texts, texts)
def test_no_line_that_somebody_added_is_lost(base, mine, theirs):
    merged, overruled = merge_notes(base, mine, theirs)
    kept = set(merged.split("\n")) | set(overruled)
    added = (set(mine.split("\n")) | set(theirs.split("\n"))) - set(base.split("\n"))
    assert added <= kept


@given(texts, texts)
def test_numbers_are_carried_without_touching_anything_else(notes, stored):
    after = captured(carry_numbers(notes, stored))
    assert [(item.kind, item.text) for item in after] == [(item.kind, item.text) for item in captured(notes)]
    assert carry_numbers(stored, stored) == stored
