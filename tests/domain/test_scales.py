"""The scales of risks: published sets, and what can't be a scale."""

from decimal import Decimal as D

import pytest

from pmtui.domain.exposure import DEFAULT_BANDS, STEPS, Scales, band_of, read_bands
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Project
from pmtui.domain.scales import PRESETS, bands_problem, read_shares, read_step_words, scales_problem
from pmtui.domain.validation import problems_of

PMBOK, PM2 = PRESETS


def test_pmbok_as_published():
    """PMBOK Guide, 6th edition, figure 11-5."""
    assert PMBOK.scales.probability == tuple(map(D, (".1", ".3", ".5", ".7", ".9")))
    assert PMBOK.scales.impact == tuple(map(D, (".05", ".1", ".2", ".4", ".8")))
    assert PMBOK.scales == Scales() and PMBOK.bands == DEFAULT_BANDS


def test_pm2_has_five_steps_each_whose_product_is_the_level():
    assert PM2.scales.impact == tuple(map(D, (".2", ".4", ".6", ".8", "1")))
    assert [band_of(score, PM2.bands).name for score in (1, 4, 5, 12, 15, 25)] == [
        "low", "low", "medium", "medium", "high", "high",
    ]  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_published_set_can_be_a_projects(preset):
    assert (scales_problem(preset.scales), bands_problem(preset.bands)) == ("", "")
    for probability in range(1, STEPS + 1):
        for impact in range(1, STEPS + 1):
            assert band_of(probability * impact, preset.bands)


def test_shares_are_read_as_numbers_and_percent():
    wanted = tuple(map(D, (".1", ".3", ".5", ".7", ".9")))
    assert read_shares(["0.1", "30 %", ".5", "70%", "0.9"]) == wanted
    assert read_shares(["0", "25%", "50%", "75%", "100%"])[-1] == 1


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["0.1", "0.3", "0.2", "0.7", "0.9"], "step 3: 0.2 must be above 0.3"),
        (["0.1", "0.1", "0.2", "0.7", "0.9"], "step 2: 0.1 must be above 0.1"),
        (["0.1", "0.3", "0.5", "0.7", "9"], "step 5: 9 must be between 0 and 1"),
        (["-0.1", "0.3", "0.5", "0.7", "0.9"], "step 1: -0.1 must be between 0 and 1"),
        (["0.1", "often", "0.5", "0.7", "0.9"], "step 2: 'often' must be a number"),
        (["0.1", "nan", "0.5", "0.7", "0.9"], "step 2: NaN must be between 0 and 1"),
        (["0.1", "0.3"], "2 steps: 5 are needed"),
        (["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"], "6 steps: 5 are needed"),
        ([], "0 steps: 5 are needed"),
    ],
)
def test_what_is_no_scale_says_which_step(texts, problem):
    with pytest.raises(ValueError, match=problem):
        read_shares(texts)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["rare", "low", "Rare", "high", "certain"], "step 3: 'Rare' must be a word of its own"),
        (["rare", " ", "possible", "high", "certain"], "step 2: a word is needed"),
        (["rare", "high"], "2 steps: 5 are needed"),
    ],
)
def test_what_does_not_name_the_steps_says_which(texts, problem):
    with pytest.raises(ValueError, match=problem):
        read_step_words(texts)


@pytest.mark.parametrize(
    ("values", "field", "allowed"),
    [
        ({"scales": Scales(probability=(D("0.5"),) * 5)}, "scales", "probability, step 2: 0.5 must be above 0.5"),
        ({"scales": Scales(impact_words=("a", "b", "c", "d"))}, "scales", "impact words, 4 steps: 5 are needed"),
        ({"bands": read_bands([(5, "low"), (20, "high")])}, "bands", "the last band must reach 25"),
        ({"bands": DEFAULT_BANDS[1:]}, "bands", "band 1, 'low': 4 to 6 must begin at 1"),
    ],
)
def test_a_project_does_not_take_them_however_they_came(values, field, allowed):
    project = Project(id=1, code="x", title="X", **values)
    (problem,) = problems_of(project, ProjectData({"project": {1: project}}))
    assert problem.field == field
    assert allowed in problem.allowed
