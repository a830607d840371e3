"""The demo's committee meeting run by keys in a real process, which is killed while notes are typed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_from_agenda_to_minutes_and_a_kill_loses_no_more_than_the_last_second():
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.committee"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "four lines are four records" in done.stdout
