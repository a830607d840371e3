"""What is done with risks and issues: assessed, weighed, answered by tasks, and measured by the project's own scales."""

from decimal import Decimal

import pytest
from factories import TODAY, add, day, new_project, session

from pmtui.domain.exposure import Scales
from pmtui.domain.problems import Refused
from pmtui.domain.records import Issue, Risk, Task
from pmtui.domain.risk_exposure import expected_value, exposure
from pmtui.services import issues, responses, risks
from pmtui.services.linking import unlink
from pmtui.services.projects import open_project
from pmtui.services.records import edit_record
from pmtui.services.scale_settings import moved_bands, preset_named, scale_settings, take_preset
from pmtui.services.settings import save


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Risk(title="Vendor late", owner="ben", review_date=day(20), probability=3, impact=4,
             cost_if_occurs=Decimal(10000)),
        Risk(title="Users leave", owner="ben", review_date=day(-3), probability=2, impact=2),
        Issue(title="File rejected", owner="chi", target_date=day(5)),
        Task(title="Call the vendor", owner="ana"),
    )  # fmt: skip


def reopened(project):
    """What anybody who opens the project now finds."""
    return open_project(session(project.session.path, "reader", "fresh"), "hris").data


def test_impacts_by_dimension_are_written_together_and_undone_together(project):
    outcome = risks.assess_impacts(project, ["R-1"], {"cost": 2, "time": 5, "quality": None})
    assert outcome.words == "R-1 impact on cost 2, time 5, quality none: score 15 high"
    assert (reopened(project).risks[1].impact, reopened(project).risks[1].impacts) == (5, {"cost": 2, "time": 5})
    project.undo()
    assert (reopened(project).risks[1].impact, reopened(project).risks[1].impacts) == (4, {})


def test_one_impact_as_a_whole_takes_the_place_of_its_dimensions_and_says_so(project):
    risks.assess_impacts(project, ["R-1"], {"cost": 2, "time": 5})
    assert risks.assess(project, ["R-1"], impact=5).said == ()
    assert project.data.risks[1].impacts == {"cost": 2, "time": 5}
    outcome = risks.assess(project, ["R-1"], impact=3)
    assert outcome.said == ("R-1: one impact as a whole, no longer cost 2, time 5",)
    assert (project.data.risks[1].impact, project.data.risks[1].impacts) == (3, {})


def test_a_form_that_contradicts_the_dimensions_is_refused(project):
    risks.assess_impacts(project, ["R-1"], {"cost": 2, "time": 5})
    with pytest.raises(Refused, match="allowed: 5, the worst of cost 2, time 5"):
        edit_record(project, "R-1", {"impact": "2"})
    edit_record(project, "R-1", {"impact_time": "", "impact_cost": "3"})
    assert project.data.risks[1].impact == 3


@pytest.mark.parametrize("step", [0, 6])
def test_steps_are_one_to_five(project, step):
    for refused in (
        lambda: risks.assess(project, ["R-1"], impact=step),
        lambda: risks.assess_impacts(project, ["R-1"], {"cost": step}),
        lambda: issues.weigh(project, ["I-1"], urgency=step),
    ):
        with pytest.raises(Refused, match="allowed: 1 to 5"):
            refused()


def test_an_issue_is_weighed(project):
    assert issues.weigh(project, ["I-1"], urgency=5).words == "I-1 urgency 5: weight 15"
    assert reopened(project).issues[1].weight == 15
    with pytest.raises(Refused, match="only issues have an urgency"):
        issues.weigh(project, ["R-1"], urgency=5)


# Actions -----------------------------------------------------------------------------


def test_an_action_is_a_task_of_the_risks_owner_due_at_its_review(project):
    outcome = responses.add_action(project, ["R-1"], "Agree a penalty clause")
    data = reopened(project)
    task = data.tasks[2]
    assert outcome.numbers == ("T-2",)
    assert (task.title, task.owner, task.due, task.source) == ("Agree a penalty clause", "ben", day(20), "R-1")
    assert data.risks[1].actions == ("T-2",)
    project.undo()
    assert (2 in reopened(project).tasks, reopened(project).risks[1].actions) == (False, ())


def test_what_the_line_says_goes_before_what_an_action_usually_has(project):
    responses.add_action(project, ["R-1"], "Agree a clause @zoe due fri")
    task = project.data.tasks[2]
    assert (task.owner, task.due) == ("zoe", day(4))


def test_a_review_that_has_passed_is_no_due_date(project):
    responses.add_action(project, ["R-2"], "Ask them to stay")
    assert project.data.tasks[2].due is None


def test_one_action_may_answer_several_risks(project):
    responses.add_action(project, ["R-1", "R-2"], "Hire a second vendor")
    assert [risk.actions for risk in project.data.risks.values()] == [("T-2",), ("T-2",)]
    assert project.data.tasks[2].source == "R-1"


def test_the_number_of_a_task_links_it_and_both_name_each_other(project):
    outcome = responses.add_action(project, ["R-1"], " t1 ")
    assert outcome.words == "R-1 answered by T-1"
    data = reopened(project)
    assert (data.risks[1].actions, data.tasks[1].links, len(data.tasks)) == (("T-1",), ("R-1",), 1)
    unlink(project, ["R-1"], "T-1")
    data = reopened(project)
    assert (data.risks[1].actions, data.tasks[1].links) == ((), ())
    project.undo()
    project.undo()
    assert reopened(project).risks[1].actions == ()


def test_an_issue_has_actions_by_their_source(project):
    responses.add_action(project, ["I-1"], "Send the file again")
    assert [t.number for t in responses.actions_of(project, project.data.issues[1])] == ["T-2"]
    assert (project.data.tasks[2].owner, project.data.tasks[2].due) == ("chi", day(5))


def test_only_risks_and_issues_are_answered_and_a_line_says_what(project):
    with pytest.raises(Refused, match="an action answers a risk or an issue, it is a task"):
        responses.add_action(project, ["T-1"], "Do it")
    with pytest.raises(Refused):
        responses.add_action(project, ["R-1"], "   ")
    assert len(project.data.tasks) == 1


# The project's own scales --------------------------------------------------------------


def test_the_expected_value_is_by_the_projects_own_probabilities(project):
    assert exposure(project.data, TODAY).expected == 5000
    setting = scale_settings()["scale_probability"]
    save(project, setting, project.data.project, "5 %, 20 %, 35 %, 60 %, 95 %")
    assert expected_value(project.data.risks[1], project.data) == 3500
    assert exposure(project.data, TODAY).expected == 3500
    project.undo()
    assert exposure(project.data, TODAY).expected == 5000


def test_a_published_set_is_taken_whole_and_undone_whole(project):
    save(project, scale_settings()["scale_impact_words"], project.data.project, "a, b, c, d, e")
    take_preset(project, "PM²")
    charter = reopened(project).project
    assert (charter.scales, charter.bands) == (preset_named("PM²").scales, preset_named("PM²").bands)
    assert take_preset(project, "PM²").words.endswith("already")
    project.undo()
    assert reopened(project).project.scales.impact_words == ("a", "b", "c", "d", "e")
    assert reopened(project).project.scales.probability == Scales().probability
    with pytest.raises(Refused, match="allowed: PMBOK, PM²"):
        take_preset(project, "PRINCE2")


def test_how_many_open_risks_another_set_would_put_in_another_band(project):
    add(project, Risk(title="Over", owner="ben", review_date=day(0), probability=5, impact=5, status="closed"))
    risks.assess(project, ["R-1"], impact=5)
    assert moved_bands(project, preset_named("PM²").bands) == {}
    take_preset(project, "PM²")
    save_bands = preset_named("PMBOK").bands
    assert moved_bands(project, save_bands) == {}
    risks.assess(project, ["R-1"], probability=5)
    assert moved_bands(project, save_bands) == {("high", "very high"): 1}
