"""``pmtui`` and ``python -m pmtui``."""

import contextlib
import gc
import io
import os
import sys


def main() -> None:
    """Run the shell; never ends in a traceback for a key pressed or a reader gone."""
    gc.disable()  # a command is over before garbage matters; the application turns it on again
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        from pmtui.cli import cli

        if "_PMTUI_COMPLETE" in os.environ:
            from pmtui.shell.completion_scripts import answer

            answer(cli)
        cli(prog_name="pmtui")
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        sys.exit(130)


if __name__ == "__main__":
    main()
