"""An agenda as a text: a topic a line, read back as it was written."""

import random

from pmtui.domain.agenda import read_agenda, redraft, write_agenda
from pmtui.domain.records import Topic


def test_who_presents_and_the_minutes_stand_at_the_end_in_any_order():
    assert read_agenda("Go live @ben 20m\nBudget 10 min @Ana\nWelcome\n\n- Risks 5m\n2. Other business") == (
        Topic("Go live", 20, "ben"),
        Topic("Budget", 10, "ana"),
        Topic("Welcome"),
        Topic("Risks", 5),
        Topic("Other business"),
    )


def test_marks_within_the_words_are_words():
    assert read_agenda("Ask @ben about the 20m fine") == (Topic("Ask @ben about the 20m fine"),)
    assert read_agenda("@ben 5m") == ()


def test_a_topic_that_stands_as_it_was_stays_drafted_and_one_altered_is_by_hand():
    was = (Topic("Open actions: T-1", 2, drafted=True), Topic("Decide CR-1 x", 10, "ben", drafted=True))
    now = read_agenda("Open actions: T-1 2m\nDecide CR-1 x @ben 15m", was)
    assert [topic.drafted for topic in now] == [True, False]


def test_what_is_written_reads_back_the_same():
    pick = random.Random(7)
    words = ["Go live", "Budget @ben 5m", "Costs 20m", "D-1 or D-2", "Über alles", "- list", "1. first"]
    for _ in range(300):
        agenda = tuple(
            Topic(pick.choice(words), pick.choice([0, 5, 90]), pick.choice(["", "ana"]), drafted=pick.random() < 0.5)
            for _ in range(pick.randrange(5))
        )
        again = read_agenda(write_agenda(agenda), agenda)
        assert [(t.topic, t.minutes, t.presenter) for t in again] == [(t.topic, t.minutes, t.presenter) for t in agenda]


def test_drafting_anew_never_loses_a_hands_topic_nor_says_one_twice():
    pick = random.Random(11)
    pool = ["Open actions: T-1", "Decide CR-1 x", "Decide I-2 y", "Risks to review: R-1", "Budget", "Lunch"]
    for _ in range(500):
        agenda = tuple(Topic(w, drafted=pick.random() < 0.5) for w in pick.sample(pool, pick.randrange(6)))
        drafted = tuple(Topic(w, 5, drafted=True) for w in pick.sample(pool, pick.randrange(6)))
        made = redraft(agenda, drafted)
        by_hand = [topic for topic in agenda if not topic.drafted]
        assert [topic for topic in made if not topic.drafted] == by_hand
        assert len({topic.topic for topic in made}) == len(made)
        assert {topic.topic for topic in drafted} <= {topic.topic for topic in made}
        assert redraft(made, drafted) == made
