"""Saved filters: one name each, for everybody; no circle; renamed and deleted with those that name them."""

import pytest
from factories import TODAY, session

from pmtui.domain.filters import FilterError, read_filter
from pmtui.domain.problems import Refused
from pmtui.services.saved_filters import (
    delete_filter,
    filter_in,
    rename_filter,
    save_filter,
    saved_filters,
    saved_texts,
)
from pmtui.services.shared import shared


@pytest.fixture
def store(tmp_path):
    return shared(session(tmp_path))


def texts(store):
    return {saved.title: saved.text for saved in saved_filters(store)}


def test_a_filter_is_saved_under_one_word(store):
    said = save_filter(store, "Waiting on vendor", " waiting  tag:vendor ")
    assert texts(store) == {"Waiting-on-vendor": "waiting tag:vendor"}
    assert said.words == "Waiting-on-vendor saved: waiting tag:vendor"


def test_the_same_name_again_changes_it_and_says_what_it_was(store):
    save_filter(store, "my-late", "late")
    said = save_filter(store, "MY-LATE", "late @me")
    assert said.said == ("it was late",)
    assert texts(store)["my-late"] == "late @me"


def test_the_same_name_is_refused_where_it_may_not_replace(store):
    save_filter(store, "my-late", "late")
    with pytest.raises(Refused, match="my-late is saved already: late"):
        save_filter(store, "my-late", "blocked", replace=False)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("", "late", "Name is required"),
        ("a:b", "late", "one word"),
        ("late", "late", "means something"),
        ("risk", "late", "means something"),
        ("or", "late", "means something"),
        ("x" * 41, "late", "at most 40"),
        ("mine-late", " ", "no filter to save"),
        ("mine-late", "=mine-late", "stand for itself: mine-late → mine-late"),
    ],
)
def test_what_can_not_be_saved_is_said(store, name, text, why):
    with pytest.raises(Refused, match=why):
        save_filter(store, name, text)
    assert texts(store) == {}


def test_a_filter_that_can_not_be_read_is_not_saved(store):
    with pytest.raises(FilterError) as caught:
        save_filter(store, "typo", "late ownr:ana")
    assert caught.value.start == 5
    assert texts(store) == {}


def test_a_circle_is_refused_with_the_names(store):
    save_filter(store, "one", "late")
    save_filter(store, "two", "=one open")
    save_filter(store, "three", "is:two or blocked")
    with pytest.raises(Refused, match="one → three → two → one"):
        save_filter(store, "one", "=three")
    assert texts(store)["one"] == "late"


def test_renaming_renames_it_in_the_others_as_one_undo(store):
    save_filter(store, "one", "late")
    save_filter(store, "two", "=ONE or is:one,blocked or tag:one")
    said = rename_filter(store, "one", "very late")
    assert texts(store) == {"very-late": "late", "two": "=very-late or is:very-late,blocked or tag:one"}
    assert said.said == ("also in two",)
    store.undo()
    assert texts(store)["two"] == "=ONE or is:one,blocked or tag:one"


def test_one_that_others_name_is_not_deleted(store):
    save_filter(store, "one", "late")
    save_filter(store, "two", "=one")
    with pytest.raises(Refused, match="it stands in two"):
        delete_filter(store, "one")
    delete_filter(store, "two")
    delete_filter(store, "=one")
    assert texts(store) == {}


def test_an_undo_leaves_no_name_without_its_filter(store):
    save_filter(store, "one", "late")
    first = store.sequence
    save_filter(store, "two", "=one")
    with pytest.raises(Refused, match="it stands in two"):
        store.undo(first)


def test_an_unknown_name_tells_those_there_are(store):
    save_filter(store, "one", "late")
    with pytest.raises(Refused, match="saved: one"):
        rename_filter(store, "eno", "two")


def test_the_change_is_told_by_its_name(store):
    def told():
        return store.story().told(store.transaction(store.sequence)).words

    save_filter(store, "one", "late")
    assert told() == "ana saved the filter =one: late"
    save_filter(store, "one", "late @me")
    assert told() == "ana changed the filter =one: late @me (was late)"
    rename_filter(store, "one", "mine-late")
    assert told() == "ana renamed the filter =one to =mine-late"
    delete_filter(store, "mine-late")
    assert told() == "ana deleted the filter =mine-late: late @me"
    assert store.undo().words == "undo: deleted the filter =mine-late: late @me"


def test_a_filter_is_read_with_what_its_workspace_saved(store, tmp_path):
    save_filter(store, "one", "late")
    assert filter_in(session(tmp_path), "=one or is:one").text == "=one or is:one"
    assert filter_in(session(tmp_path / "other"), "late").text == "late"
    with pytest.raises(FilterError, match="none is saved yet"):
        filter_in(session(tmp_path / "other"), "=one")


def test_what_no_longer_reads_is_told_at_the_name(store):
    save_filter(store, "one", "late")
    saved = dict(saved_texts(store)) | {"one": "late )"}
    with pytest.raises(FilterError) as caught:
        read_filter("open =one", TODAY, saved=saved)
    assert (caught.value.start, caught.value.end) == (5, 9)
    assert "saved as late )" in caught.value.message


def test_filters_that_stand_for_very_many_are_refused():
    saved = {"a0": "late"} | {f"a{n}": f"=a{n - 1} or =a{n - 1}" for n in range(1, 30)}
    with pytest.raises(FilterError, match="more than 200"):
        read_filter("=a29", TODAY, saved=saved)
