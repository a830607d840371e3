"""Run TinyDB's own tests over ProjectDB and JournalStorage: ``run.py FOLDER``, its unpacked source distribution.

It fails where a test that is not listed in ``expected.py`` does not pass, and where a listed one does, so that the
list stays true.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest
import tinydb
from expected import DIFFERENT, LEAST, TESTS, VERSION


class Outcomes:
    """A pytest plugin: what became of each test, and what was said of those that did not pass."""

    def __init__(self):
        self.passed = set()
        self.others = {}

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.passed.discard(report.nodeid)
            self.others[report.nodeid] = f"{report.outcome}: {report.longreprtext or report.longrepr}"
        elif report.when == "call":
            self.passed.add(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.others[report.nodeid] = report.longreprtext


def run(folder):
    """The outcomes of the tests in a folder; what they leave in the temporary folder is removed."""
    outcomes = Outcomes()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = scratch
        os.chdir(folder)
        sys.path.append("with")
        plugins = "-p substitute -p no:terminal -p no:cacheprovider -p no:asyncio -p no:xdist -p no:hypothesispytest"
        options = ["-c", os.devnull, "--rootdir", ".", "--basetemp", f"{scratch}/tests"]
        pytest.main([*plugins.split(), *options, "tests"], plugins=[outcomes])
        os.chdir(before)
        tempfile.tempdir = None
    return outcomes


def problems(outcomes):
    """What is not as listed, each in words."""
    total = len(outcomes.passed) + len(outcomes.others)
    if tinydb.__version__ != VERSION:
        yield f"the tests are those of TinyDB {VERSION}; installed is {tinydb.__version__}"
    if total != TESTS:
        yield f"{total} tests were run, there are {TESTS}"
    if len(outcomes.passed) < LEAST:
        yield f"fewer than {LEAST} pass"
    for test, words in outcomes.others.items():
        if test not in DIFFERENT:
            yield f"{test} is not listed, and did not pass\n{words}"
    for test in DIFFERENT:
        if test in outcomes.passed:
            yield f"{test} is listed as different, and passes"
        elif test not in outcomes.others:
            yield f"{test} is listed as different, and is not there"


def main(folder):
    """Run, tell, and give the exit code."""
    outcomes = run(folder)
    differ = [test for test in DIFFERENT if test in outcomes.others]
    total = len(outcomes.passed) + len(outcomes.others)
    print(f"TinyDB {VERSION}: {len(outcomes.passed)} of {total} pass; {len(differ)} differ on purpose:")
    for test in differ:
        print(f"  {test}: {DIFFERENT[test]}")
    wrong = list(problems(outcomes))
    for words in wrong:
        print(f"\n{words}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
