from pmtui.domain.reasons import DIGITS, ENDED, MOVED, USUAL, Given, keys_of, listed


def given(*words: str, kind: str = MOVED, mine: bool = True) -> list[Given]:
    return [Given(kind, text, mine) for text in words]


def words(reasons: object) -> list[str]:
    return [reason.words for reason in reasons]


def test_without_a_history_the_usual_reasons_stand_in_their_order():
    assert words(listed(MOVED, [], {})) == list(USUAL[MOVED].values())


def test_a_usual_reason_keeps_its_letter_and_comes_first_when_given_most():
    found = listed(MOVED, given("capacity", "capacity", "scope grew"), {})
    assert words(found)[:2] == ["capacity", "scope grew"]
    assert found[0].key == "c"


def test_what_is_typed_again_gets_a_digit_however_it_is_written():
    found = listed(MOVED, given("Test data late", "once only", "test data late"), {})
    assert (found[0].key, found[0].words) == ("1", "Test data late")
    assert "once only" not in words(found)


def test_what_others_give_counts_half():
    history = [*given("capacity", "capacity", "capacity", mine=False), *given("scope grew", "scope grew")]
    assert words(listed(MOVED, history, {}))[:2] == ["scope grew", "capacity"]


def test_a_digit_stays_with_its_reason_when_another_overtakes_it():
    first = listed(MOVED, given("a", "a"), {})
    second = listed(MOVED, given("b", "b", "b", "a", "a"), keys_of(first))
    assert {r.words: r.key for r in second if r.key in DIGITS} == {"b": "2", "a": "1"}


def test_dropping_has_reasons_of_its_own():
    found = listed(ENDED, given("vendor late", "vendor late"), {})
    assert words(found) == list(USUAL[ENDED].values())


def test_no_two_reasons_share_a_key_and_none_takes_one_of_the_prompt():
    for kind in (MOVED, ENDED):
        history = given(*(f"reason {n}" for n in range(20) for _ in range(2)), kind=kind)
        keys = [reason.key for reason in listed(kind, history, {})]
        assert len(keys) == len(set(keys))
        assert not {"o", "q", "enter"} & set(keys)
