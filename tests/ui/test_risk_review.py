"""The review of risks: from each key to the store and back, one risk at a time."""

from __future__ import annotations

from decimal import Decimal

import pytest
from factories import TODAY, add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Risk, Task
from pmtui.domain.records.base import STAMPS
from pmtui.keymap import BY_ID, actions_of
from pmtui.services import records, risks
from pmtui.services.projects import open_project
from pmtui.services.risk_review import review_as_they_are

SIZE = (80, 24)


def risk(title, steps, days, **values):
    given = {"owner": "ana", "response": "reduce", **values}
    return Risk(title=title, probability=steps[0], impact=steps[1], review_date=day(days), **given)


def register(tmp_path):
    return new_project(
        tmp_path / "ws",
        risk("Vendor is late", (4, 4), -6),
        risk("Key users leave", (2, 3), -2),
        risk("No answer yet", (3, 3), 20, response=""),
        risk("Strike", (5, 5), 20),
        risk("Fire", (1, 2), 30),
        risk("Long over", (5, 5), -90, status="closed"),
    )


def stored(tmp_path):
    """What a fresh open of the store finds: every record, without when and by whom it was written."""
    project = open_project(session(tmp_path / "ws", "zoe", "reader"), "hris")
    documents = {
        r.number: {k: v for k, v in r.TYPE.encode(r).items() if k not in STAMPS} for r in project.data.records()
    }
    project.close()
    return documents


async def begun(pilot, app):
    await press(pilot, "3", "N")
    await until(pilot, lambda: app.screen.view == "review")
    return app.screen


def numbers(app):
    return [number for _, number in app.screen.shown_keys()]


def here(app):
    key = app.screen.cursor()
    return key[1] if key else ""


async def test_the_due_come_first_and_the_others_by_a_key(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        assert numbers(app) == ["R-1", "R-2", "R-3"]
        text = screen_text(app)
        assert "Review · 1 of 3" in text and "6 days past" in text
        await press(pilot, "G")
        assert "0 of 3 reviewed" in screen_text(app)
        assert "o goes through the 2 other open risks, by score" in screen_text(app)
        await press(pilot, "o")
        await until(pilot, lambda: here(app) == "R-4")
        assert numbers(app) == ["R-1", "R-2", "R-3", "R-4", "R-5"]
        await press(pilot, "o")
        assert "every open risk is in this review already" in screen_text(app)


# What each key does to R-1: the keys, what a fresh open then finds, what it counts as, whether the next one comes.
DECISIONS = {
    "reviewed as it is": (["enter"], {"review_date": day(14).isoformat(), "reviewed": TODAY.isoformat()}, "1 reviewed"),
    "next in a week": (["r", "w"], {"review_date": day(7).isoformat(), "reviewed": TODAY.isoformat()}, "1 reviewed"),
    "next on Friday": (["r", "f"], {"review_date": day(4).isoformat()}, "1 reviewed"),
    "next in four weeks": (["r", "n"], {"review_date": day(28).isoformat()}, "1 reviewed"),
    "next by its band": (["r", "enter"], {"review_date": day(14).isoformat()}, "1 reviewed"),
    "next on a day that is typed": (["r", "p", '"15 apr', "enter"], {"review_date": day(44).isoformat()}, "1 reviewed"),
    "occurred": (["i"], {"status": "occurred", "issue": "I-1"}, "1 occurred"),
    "closed": (["d"], {"status": "closed"}, "1 closed"),
    "rejected by dropping": (["x", "d", "n"], {"status": "rejected"}, "1 dropped"),
}
SO_FAR = {
    "two digits": (["4", "3"], {"probability": 4, "impact": 3}, "1 assessed"),
    "probability": (["P", "5"], {"probability": 5, "impact": 4}, "1 assessed"),
    "impact": (["I", "1"], {"probability": 4, "impact": 1}, "1 assessed"),
    "response": (["R", "a"], {"response": "avoid"}, "1 response"),
    "no response": (["R", "x"], {"response": None}, "1 response"),
    "who": (["w", '"ben', "enter"], {"owner": "ben"}, "1 delegated"),
    "action": (["T", '"Ask for a date fri', "enter"], {"actions": ("T-1",)}, "1 action added"),
    "note": (["n", '"called them', "enter"], {"notes": "2026-03-02 ana: called them"}, "1 noted"),
    "approved": (["m", "r"], {"status": "approved"}, "1 approved"),
}


@pytest.mark.parametrize("what", [*DECISIONS, *SO_FAR])
async def test_every_key_from_the_screen_to_the_store_and_back(tmp_path, what):
    register(tmp_path)
    before = stored(tmp_path)
    keys, fields, tally = {**DECISIONS, **SO_FAR}[what]
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await press(pilot, *keys)
        await until(pilot, lambda: tally in screen_text(app))
        found = stored(tmp_path)["R-1"]
        assert {name: found.get(name) or None for name in fields} == fields
        await until(pilot, lambda: here(app) == ("R-2" if what in DECISIONS else "R-1"))
        await press(pilot, "u")
        await until(pilot, lambda: tally not in screen_text(app))
        assert here(app) == "R-1"
        after = stored(tmp_path)
        assert {n: d for n, d in after.items() if n[:2] != "P-"} == {n: d for n, d in before.items() if n[:2] != "P-"}


async def test_digits_are_steps_and_switch_no_view(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    assert not {key for a in actions_of("review") if a.id.startswith("go.") for key in a.keys} & set("123456")
    async with app.run_test(size=SIZE) as pilot:
        screen = await begun(pilot, app)
        await press(pilot, "2")
        assert "probability 2, impact?" in screen_text(app)
        assert "score 10 medium" in screen_text(app)
        await press(pilot, "escape")
        assert app.screen is screen
        assert (screen.record().probability, screen.record().impact) == (4, 4)
        await press(pilot, "6", "p")
        assert app.screen is screen


async def test_digits_typed_at_once_are_one_assessment(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await pilot.press("5", "2", "enter")
        await until(pilot, lambda: here(app) == "R-2")
        found = app.desk.project.get("R-1")
        assert (found.probability, found.impact, found.score) == (5, 2, 10)
        assert found.review_date == day(28), "the next review is that of the new band"


async def test_the_words_of_the_steps_are_the_projects_own(tmp_path):
    from pmtui.domain.exposure import Scales

    project = register(tmp_path)
    scale = Scales(
        probability=(*map(Decimal, ("0.02", "0.1", "0.25", "0.5", "0.8")),), impact_words=("a", "b", "c", "d", "e")
    )
    with project.change("settings") as change:
        change.edit(project.data.project, scales=scale)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await press(pilot, "P")
        assert "very low, 2 %" in screen_text(app)
        await press(pilot, "escape", "I")
        assert "3 c score 12 medium" in " ".join(screen_text(app).split())


async def test_the_story_tells_what_one_must_know(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Task(title="Ask for a date", owner="ben", due=day(3)),
        risk(
            "Vendor is late", (4, 4), -6, cause="They rework it", event="it comes late", effect="we wait",
            trigger="No news on Friday", proximity="imminent", actions=("T-1",), cost_if_occurs=Decimal(1000),
        ),
    )  # fmt: skip
    risks.assess(project, ["R-1"], probability=5)
    review_as_they_are(project, ["R-1"])
    risks.review(project, ["R-1"], day(-1))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        text = " ".join(screen_text(app).split())
        for words in (
            "R-1 Vendor is late", "1 day past", "P5 × I4 = 20 high", "Because they rework it, it may happen that it comes late, so that we wait.",
            "T-1 Ask for a date (ben", "Trigger: No news on Friday", "imminent",
            "last reviewed today", "high: every 2 weeks", "⏎ reviewed, next Mon 16 Mar", "1–5 P and I: 43",
        ):  # fmt: skip
            assert words in text, words


async def test_what_was_done_before_the_review_is_summed_up_with_it(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await press(pilot, "5", "5", "R", "t")
        assert "assessed, response, not reviewed yet" in screen_text(app)
        assert "Review · 1 of 3" in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: here(app) == "R-2")
        await press(pilot, "d")
        await until(pilot, lambda: here(app) == "R-3")
        await press(pilot, "j")
        text = " ".join(screen_text(app).split())
        assert "2 of 3 reviewed. 1 assessed, 1 response, 1 reviewed, 1 closed" in text
        assert "ana assessed R-1 Vendor is late: probability 4 → 5, impact 4 → 5, score 16 → 25" in text
        assert "ana responded to R-1 Vendor is late: transfer" in text
        assert "ana reviewed R-1 Vendor is late, next on 9 Mar" in text
        assert "Left for another time: 1 R-3 No answer yet" in text
        await press(pilot, "u", "u")
        await until(pilot, lambda: here(app) == "R-1")
        assert "assessed, response, not reviewed yet" in screen_text(app)
        await press(pilot, "u", "u")
        await until(pilot, lambda: "not reviewed yet" not in screen_text(app))
        assert app.desk.project.get("R-1").score == 16
        await press(pilot, "U")
        await until(pilot, lambda: "assessed, not reviewed yet" in screen_text(app))


async def test_what_a_colleague_reviews_or_closes_is_settled(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        risks.review(theirs, ["R-2"], day(30))
        risks.set_status(theirs, ["R-3"], "closed")
        app._look()
        await until(pilot, lambda: "2 settled" in screen_text(app))
        assert here(app) == "R-1"
        await press(pilot, "enter")
        await until(pilot, lambda: "All 3 reviewed" in screen_text(app))
        assert "ben reviewed R-2 Key users leave" in " ".join(screen_text(app).split())


async def test_what_a_colleague_has_just_set_is_said(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await press(pilot, "4")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        risks.assess(theirs, ["R-1"], impact=1)
        app._look()
        await press(pilot, "5")
        await until(pilot, lambda: "ben had just set" in screen_text(app))
        assert app.desk.project.get("R-1").impact == 5


async def test_a_risk_that_a_colleague_deletes_is_said_to_be_gone(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        records.delete_records(theirs, ["R-1"])
        app._look()
        await until(pilot, lambda: "1 settled" in screen_text(app))
        await press(pilot, "enter", "4", "r")
        assert "there is nothing under the cursor" in screen_text(app)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: app.desk.project.get("R-2").reviewed == TODAY)


async def test_several_that_are_marked_are_reviewed_each_by_its_band_as_one_undo(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await begun(pilot, app)
        await press(pilot, "asterisk", "enter")
        await until(pilot, lambda: "All 3 reviewed" in screen_text(app))
        found = app.desk.project.data.risks
        assert [found[n].review_date for n in (1, 2, 3)] == [day(14), day(56), day(28)]
        await press(pilot, "u")
        await until(pilot, lambda: [found[n].review_date for n in (1, 2)] and not app.desk.project.get("R-1").reviewed)
        assert [r.review_date for r in list(app.desk.project.data.risks.values())[:3]] == [day(-6), day(-2), day(20)]


async def test_a_risk_that_was_reviewed_today_already_is_passed_on_from(tmp_path):
    project = new_project(tmp_path / "ws", risk("Strike", (5, 5), 20), risk("Fire", (1, 2), 30))
    review_as_they_are(project, ["R-1"])
    sequence = project.sequence
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        assert "No open risk is due for review" in screen_text(app)
        await press(pilot, "o", "enter")
        await until(pilot, lambda: here(app) == "R-2")
        assert app.desk.project.sequence == sequence
        assert "1 reviewed" in screen_text(app)


async def test_a_form_that_is_saved_is_one_step_and_the_risk_stays(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await begun(pilot, app)
        await press(pilot, "e", "end", '" again', "enter")
        await until(pilot, lambda: "edited, not reviewed yet" in screen_text(app))
        assert here(app) == "R-1"
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.get("R-1").title == "Vendor is late")
        assert "not reviewed yet" not in screen_text(app)


async def test_all_of_a_risk_is_opened_and_left(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        screen = await begun(pilot, app)
        await press(pilot, "v")
        await until(pilot, lambda: "What happened" in screen_text(app))
        await press(pilot, "q")
        assert app.screen is screen


async def test_what_is_taken_back_among_the_changes_is_to_be_reviewed_again(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        screen = await begun(pilot, app)
        await press(pilot, "R", "a", "enter")
        await until(pilot, lambda: here(app) == "R-2")
        await press(pilot, "C")
        await until(pilot, lambda: "reviewed R-1" in screen_text(app))
        await press(pilot, "j", "u")
        await until(pilot, lambda: app.desk.project.get("R-1").response == "reduce")
        await press(pilot, "q")
        await until(pilot, lambda: app.screen is screen)
        assert [one.word for one in screen._decisions.of["hris", "R-1"].all] == ["reviewed"]


async def test_an_opportunity_has_responses_of_its_own_and_kinds_are_not_mixed(tmp_path):
    project = register(tmp_path)
    add(project, risk("Discount", (3, 3), -1, kind="opportunity", response="share"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await begun(pilot, app)
        await press(pilot, "asterisk", "R")
        assert "mark one kind" in screen_text(app)
        await press(pilot, "escape")
        screen.reveal(("hris", "R-7"))
        await press(pilot, "R", "e")
        await until(pilot, lambda: app.desk.project.get("R-7").response == "exploit")


async def test_without_an_open_risk_it_says_how_to_begin(tmp_path):
    new_project(tmp_path / "ws", Risk(title="Over", owner="ana", review_date=day(-9), status="closed"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "N")
        assert "there is no open risk to review; a adds one" in screen_text(app)


async def test_triage_still_holds_risks_whose_review_is_past(tmp_path):
    register(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        assert sorted(numbers(app)) == ["R-1", "R-2"]
        await press(pilot, "r", "w")
        await until(pilot, lambda: "1 moved" in screen_text(app))


@pytest.mark.parametrize("size", [(40, 10), (60, 15), (80, 24), (120, 40), (200, 50)])
async def test_it_stands_at_every_size_with_hostile_text(tmp_path, size):
    new_project(
        tmp_path / "ws",
        risk("[/foo] \u202e給与計算の移行が\x1b[31m遅れる " + "x" * 300, (4, 4), -6, cause="[b]\x1b[2J"),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await begun(pilot, app)
        await press(pilot, "question_mark", "q", "pagedown", "pageup", "4", "escape")
        assert "R-1" in screen_text(app) and "\x1b" not in screen_text(app)


def test_the_keys_of_the_review_are_named_in_the_table():
    assert [BY_ID[name].key for name in ("risks.review", "review.as_it_is", "review.steps")] == ["N", "⏎", "1"]
