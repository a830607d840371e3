"""A project's risk scales and bands: a setting for each part, and published sets that take the place of all."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pmtui.domain.exposure import Band, Scales, band_of
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Project, Record
from pmtui.domain.scales import PRESETS, Preset, read_shares, read_step_words
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.settings import Setting, parts

_SHARES = {
    "probability": ("Probabilities", "What each step of probability stands for, lowest first"),
    "impact": ("Impacts", "The relative impact of each step, lowest first"),
}
_WORDS = {
    "probability_words": ("Probability words", "What the steps of probability are called, lowest first"),
    "impact_words": ("Impact words", "What the steps of impact are called, lowest first"),
}


def scale_settings() -> dict[str, Setting]:
    """The parts of the project's scales, by the name of their line."""
    shares = {f"scale_{part}": _setting(part, *words, shares_shown, read_shares) for part, words in _SHARES.items()}
    words = {f"scale_{part}": _setting(part, *words, ", ".join, read_step_words) for part, words in _WORDS.items()}
    return shares | words


def shares_shown(shares: Sequence[Decimal]) -> str:
    """Probabilities or relative impacts in percent: ``10 %, 30 %``."""
    return ", ".join(percent(share) for share in shares)


def percent(share: Decimal) -> str:
    """A share from 0 to 1 in percent, with no more decimals than it has."""
    return f"{(share * 100).normalize():f} %"


def preset_named(name: str) -> Preset:
    """The published set with this name; refused, with those there are, where there is none."""
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise Refused([Problem("scales", name, "allowed: " + ", ".join(preset.name for preset in PRESETS))])


def is_in_use(project: Project, preset: Preset) -> bool:
    """Whether a project's scales and bands are those of a published set."""
    return (project.scales, project.bands) == (preset.scales, preset.bands)


def moved_bands(project: OpenProject, bands: Sequence[Band]) -> dict[tuple[str, str], int]:
    """How many open risks would be in another band, by the names of both."""
    open_risks = [risk for risk in project.data.risks.values() if risk.is_open and risk.score]
    return dict(
        Counter(
            (before, after)
            for risk in open_risks
            if (before := project.data.band(risk.score).name) != (after := band_of(risk.score, bands).name)
        )
    )


def take_preset(project: OpenProject, name: str) -> Outcome:
    """Give the project the scales and bands of a published set; one undo brings back its own."""
    preset = preset_named(name)
    charter = project.data.project
    if is_in_use(charter, preset):
        return Outcome((charter.number,), f"the scales and bands are those of {name} already")
    with project.change("settings") as change:
        change.edit(change.current(charter), scales=preset.scales, bands=preset.bands)
    return Outcome((charter.number,), f"risk scales and bands of {name}", tuple(change.said))


def _setting(
    part: str,
    label: str,
    about: str,
    say: Callable[[Any], str],
    read: Callable[[Sequence[str]], object],
) -> Setting:
    def shown(record: Record) -> str:
        assert isinstance(record, Project)
        return say(getattr(record.scales, part))

    def value(_: OpenProject, text: str) -> object:
        try:
            return {part: read(parts(text))}
        except ValueError as error:
            raise Refused([Problem("scales", text, str(error))]) from None

    example = say(getattr(Scales(), part))
    return Setting("scales", label, f"{about}, such as: {example}", shown, shown, value, part=part)
