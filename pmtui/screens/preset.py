"""A published set of risk scales and bands: picked by a key, shown in full, and taken by another."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.scales import PRESETS, Preset
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.services.scale_settings import is_in_use, moved_bands, percent, take_preset
from pmtui.widgets.cells import Cell, Span, fit, width_of, wrap

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen
    from pmtui.services.project import OpenProject

_KEYS = "bp"
"""The keys of the sets, in their order: PMBOK, PM²."""


class PresetScreen(ChoiceScreen):
    """A set in full, before it is taken."""

    def __init__(self, project: "OpenProject", preset: Preset) -> None:
        super().__init__("", [Choice("enter", "take it for this project")])
        self._project = project
        self._preset = preset

    def _lines(self, width: int) -> list[Sequence[Span]]:
        return [*preset_lines(self._project, self._preset, width), *super()._lines(width)[1:]]


def ask_preset(view: "ViewScreen") -> None:
    """Ask for a set by one key, then show it."""
    project = view.project

    def picked(name: str | None) -> None:
        preset = next((preset for preset in PRESETS if preset.name == name), None)
        if preset is not None:
            view.app.push_screen(PresetScreen(project, preset), lambda answer: taken(preset, answer))

    def taken(preset: Preset, answer: str | None) -> None:
        if answer:
            view.perform(lambda: view.desk.commit(project, lambda: take_preset(project, preset.name)))

    charter = project.data.project
    choices = [
        Choice(key, preset.name, _in_short(preset) + ("   in use" if is_in_use(charter, preset) else ""), preset.name)
        for key, preset in zip(_KEYS, PRESETS, strict=True)
    ]
    question: Cell = (("Risk scales and bands as published: ", "strong"), ("which? It is shown before it is taken", ""))
    view.app.push_screen(ChoiceScreen(question, choices), picked)


def preset_lines(project: "OpenProject", preset: Preset, width: int) -> list[Sequence[Span]]:
    """The steps of a set, its bands, and what they would change, a line each."""
    scales = preset.scales
    words = max(width_of(word) for word in (*scales.probability_words, *scales.impact_words)) + 1
    lines: list[Sequence[Span]] = [((f"{preset.name}: risk scales and bands", "strong"),)]
    lines.append(((f"   {fit('probability', words + 7)}impact", "muted"),))
    for step, rows in enumerate(_steps(preset), 1):
        told = "  ".join(f"{fit(word, words)}{fit(share, 5, 'right')}" for word, share in rows)
        lines.append(((f" {step} ", "accent"), (told, "")))
    bands = " · ".join(f"{band.name} {band.low} to {band.high}" for band in preset.bands)
    lines += [((part, ""),) for part in wrap(f"Bands of the score: {bands}", width)]
    return [*lines, *(((part, "warn"),) for part in wrap(_effect(project, preset), width) if part)]


def _steps(preset: Preset) -> Iterator[tuple[tuple[str, str], ...]]:
    scales = preset.scales
    likely = zip(scales.probability_words, map(percent, scales.probability), strict=True)
    grave = zip(scales.impact_words, map(percent, scales.impact), strict=True)
    return zip(likely, grave, strict=True)


def _in_short(preset: Preset) -> str:
    bands = ", ".join(f"{band.name} to {band.high}" for band in preset.bands)
    return f"impacts {percent(preset.scales.impact[0])} to {percent(preset.scales.impact[-1])}; {bands}"


def _effect(project: "OpenProject", preset: Preset) -> str:
    """Which open risks would stand in another band."""
    moved = moved_bands(project, preset.bands)
    if not moved:
        return ""
    told = ", ".join(f"{count} from {before} to {after}" for (before, after), count in moved.items())
    count = sum(moved.values())
    return f"▲ {count} open risk{'s' if count > 1 else ''} would be in another band: {told}"
