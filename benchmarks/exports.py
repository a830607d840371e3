"""What each format of a report costs: its library's import, the first file, the next one, and how big they are.

    python -m benchmarks.exports

Each format is made in a process of its own. "Installed" counts the files that its extra adds to what is there anyway.
"""

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from pmtui.reports.formats import FORMATS

ADDED = {
    "html": ("jinja2", "markupsafe"),
    "docx": ("python-docx", "lxml"),
    "pptx": ("python-pptx", "lxml", "pillow", "xlsxwriter"),
    "pdf": ("fpdf2", "fonttools", "pillow", "uharfbuzz"),
}
LIBRARY = {"html": "jinja2", "docx": "docx", "pptx": "pptx", "pdf": "fpdf"}

MEASURE = """
import datetime as dt, sys, time
from importlib import import_module
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Project, Risk, Task
from pmtui.reports.formats import BY_ENDING, About, make
from pmtui.reports.status import build
ending, library = sys.argv[1:]
on = dt.date(2026, 11, 30)
tables = {
    "project": {1: Project(id=1, code="x", title="Deployment")},
    "tasks": {n: Task(id=n, title=f"A task that is late, number {n}", due=on - dt.timedelta(n)) for n in range(1, 40)},
    "risks": {n: Risk(id=n, title=f"Risk number {n}", owner="ana", review_date=on, probability=3, impact=n % 5 + 1)
              for n in range(1, 40)},
}
report = build(ProjectData(tables), on - dt.timedelta(6), on, on)
began = time.perf_counter()
if library:
    import_module(library)
imported = time.perf_counter()
about = About("Deployment", "Status report", "ana", on)
made = make(BY_ENDING[ending], report, about)
first = time.perf_counter()
make(BY_ENDING[ending], report, about)
again = time.perf_counter()
print(*(round(1000 * seconds) for seconds in (imported - began, first - imported, again - first)), len(made.data))
"""


def main() -> None:
    """Print a row a format."""
    print(f"{'format':<8}{'import ms':>10}{'first ms':>10}{'next ms':>10}{'file kB':>10}{'installed MB':>14}")
    for form in FORMATS:
        command = [sys.executable, "-c", MEASURE, form.ending, LIBRARY.get(form.ending, "")]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(3)]
        best = [min(int(run[at]) for run in runs) for at in range(4)]
        installed = sum(map(size_of, ADDED.get(form.ending, ()))) / 1e6
        print(f"{form.ending:<8}{best[0]:>10}{best[1]:>10}{best[2]:>10}{best[3] / 1000:>10.1f}{installed:>14.1f}")


def size_of(name: str) -> int:
    """The bytes of a distribution's files."""
    places = (Path(str(file.locate())) for file in distribution(name).files or ())
    return sum(place.stat().st_size for place in places if place.is_file())


if __name__ == "__main__":
    main()
