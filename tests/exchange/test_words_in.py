import pytest

from pmtui.domain.records import BY_KIND
from pmtui.exchange.rows import Named
from pmtui.exchange.words_in import WORDS, read_people, read_person, read_step


def test_every_word_leads_to_a_choice_of_its_field():
    for (kind, name), words in WORDS.items():
        choices = BY_KIND[kind].fields[name].choices
        assert set(words.values()) <= set(choices), (kind, name)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3 - Possible / Occasional ", 3),
        ("5 (Very High)", 5),
        ("High", 4),
        ("very low", 1),
        ("Almost Certain", 5),
    ],
)
def test_steps_of_five(text, step):
    assert read_step(text) == step


@pytest.mark.parametrize("text", ["0", "6", "30%", "3.5", "3/5", "3-4", "severe", ""])
def test_what_is_no_step_is_refused(text):
    with pytest.raises(ValueError, match="1 to 5"):
        read_step(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("dlopper", Named("dlopper")),
        ("@Ana", Named("ana")),
        ("Jane Smith", Named("jane.smith", "Jane Smith")),
        ("Smith, Jane", Named("jane.smith", "Jane Smith")),
        ("jsmith@somenet.foo", Named("jsmith", "", "jsmith@somenet.foo")),
        ("Jane Smith <js@x.org>", Named("jane.smith", "Jane Smith", "js@x.org")),
        ("Éléonore d'Été", Named("eleonore.d.ete", "Éléonore d'Été")),
    ],
)
def test_people_by_login_name_or_address(text, person):
    assert read_person(text) == person


def test_nobody_can_be_made_of_marks():
    with pytest.raises(ValueError):
        read_person("???")


def test_several_people_in_a_cell():
    assert [p.handle for p in read_people("Ana[50%],Ben Lee;chi")] == ["ana", "ben.lee", "chi"]
    assert [p.handle for p in read_people("Smith, Jane")] == ["jane.smith"]
