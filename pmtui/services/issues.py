"""What is done with issues beside what all records take: urgency and impact."""

from collections.abc import Sequence

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Issue
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several


def weigh(
    project: OpenProject, numbers: Sequence[str], *, urgency: int | None = None, impact: int | None = None
) -> Outcome:
    """A new urgency or impact of issues, in steps from 1 to 5."""
    values = {name: step for name, step in (("urgency", urgency), ("impact", impact)) if step is not None}
    wrong = [Problem(name, str(step), "allowed: 1 to 5") for name, step in values.items() if not 1 <= step <= 5]
    if wrong:
        raise Refused(wrong)
    with project.change("assess") as change:
        for number in numbers:
            issue = project.get(number)
            if not isinstance(issue, Issue):
                raise Refused(f"{number}: only issues have an urgency, it is a {issue.TYPE.words[0]}")
            after = change.edit(issue, **values)
    words = several(numbers) + "".join(f" {name} {step}" for name, step in values.items())
    if len(numbers) == 1:
        words += f": weight {after.weight}"
    return Outcome(tuple(numbers), words, tuple(change.said))
