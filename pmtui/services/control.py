"""How the cost at completion is forecast: the method that a project chooses."""

from pmtui.domain.control import METHODS
from pmtui.domain.earned_value import EacMethod
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import edit_record


def choose_method(project: OpenProject, method: EacMethod) -> Outcome:
    """Forecast the cost at completion by a method from now on, everywhere it is shown."""
    charter = project.data.project
    if charter.eac_method == method.value:
        return Outcome((charter.number,), f"the EAC is forecast {METHODS[method][0]} already")
    outcome = edit_record(project, charter.number, {"eac_method": method.value}, verb="settings")
    return Outcome(outcome.numbers, f"the EAC is forecast {METHODS[method][0]}: {METHODS[method][1]}", outcome.said)


def method_words(method: EacMethod) -> str:
    """What a method takes for true."""
    return METHODS[method][1]
