"""The terminal as it really is: a line that drops, stalls, hangs up and sends any byte.

Textual's own driver lets its process go on for ever when the terminal is gone, waits for a terminal that takes
nothing, and dies of one byte that is no UTF-8. Here each ends as a user would expect.
"""

import codecs
import contextlib
import os
import select
import signal
import termios
import threading
from typing import Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from pmtui.terminal.typed import Piece, TypedText
from pmtui.terminal.writer import LineWriter

HUNG_UP = 128 + signal.SIGHUP
"""The exit code when the terminal went away."""

GIVEN_UP_AFTER = 0.9
"""Seconds after a hang-up until the process ends, whatever still waits."""


class LineDriver(LinuxDriver):
    """Textual's driver over a line that may drop at any time."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._writer: LineWriter | None = None
        self._leaving = False
        self._last_moment: threading.Timer | None = None
        self._raw: list[Any] | None = None
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._wake, False)
        super().__init__(*arguments, **more)

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not taken everything yet: a frame would only queue up."""
        return self._writer is not None and self._writer.is_behind

    # What Textual's driver writes through: its own thread is never started.

    @property
    def _writer_thread(self) -> Any:
        return self._writer

    @_writer_thread.setter
    def _writer_thread(self, thread: object) -> None:
        if thread is None or self._file is None:
            self._writer = None
        else:
            self._writer = LineWriter(self._file.fileno(), self._hung_up, self._drained)

    def start_application_mode(self) -> None:
        """Take the terminal over; from now on a hang-up or a request to end leaves in order."""
        for number in (signal.SIGHUP, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._leave, 128 + number)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        with contextlib.suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self._raw = None
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Read no further keys."""
        os.write(self._woken, b"x")  # it stays in the pipe until keys are read again
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read keys until the input is disabled or the terminal is gone; no byte can end it."""
        typed, parser = TypedText(), XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        while True:
            ready, _, _ = select.select([self.fileno, self._wake], [], [], typed.patience)
            if self._wake in ready:
                return
            data = self._read() if ready else b""
            if data is None:
                self._hung_up()
                return
            for piece in typed.feed(decode(data)) if ready else typed.expire():
                parser = self._pass_on(parser, piece)

    def _read(self) -> bytes | None:
        """What was typed; ``None`` at the end of the line."""
        try:
            return os.read(self.fileno, 4096) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def _pass_on(self, parser: XTermParser, piece: Piece) -> XTermParser:
        """Pass on what a piece means; the parser to go on with, for one that can't read something ends."""
        if piece.kind == "paste":
            self.process_message(events.Paste(piece.text))
        elif piece.kind == "escape":
            self.process_message(events.Key("escape", piece.text))
        elif piece.kind == "alt":
            self.process_message(events.Key(f"alt+{piece.text}", None))
        else:
            try:
                for event in parser.feed(piece.text):
                    self.process_message(event)
            except (ParseError, StopIteration, ValueError, KeyError, IndexError):
                return XTermParser(self._debug)
        return parser

    # What happens to the line ----------------------------------------------------

    def _hung_up(self) -> None:
        self._end_soon(HUNG_UP)
        with contextlib.suppress(RuntimeError):  # the loop has ended: so does the process
            self._loop.call_soon_threadsafe(self._leave, HUNG_UP)

    def _leave(self, code: int) -> None:
        """End in order: drafts are kept as screens go; a moment later the process ends whatever waits."""
        if self._leaving:
            return
        self._leaving = True
        self._end_soon(code)
        self._app.exit(return_code=code)

    def _end_soon(self, code: int) -> None:
        """The process ends in a moment, even where the loop is held up."""
        if self._last_moment is None:
            self._last_moment = threading.Timer(GIVEN_UP_AFTER, self._give_up, (code,))
            self._last_moment.daemon = True
            self._last_moment.start()

    def _give_up(self, code: int) -> None:
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        os._exit(code)

    def _drained(self) -> None:
        drained = getattr(self._app, "terminal_drained", None)
        if drained is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(drained)

    def _sigcont_application(self, *_: object) -> None:
        """Go on: as Textual does where it stopped itself, else with what is there, and everything drawn anew."""
        if self._must_signal_resume:
            self.resume_application_mode()
        elif self._raw is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
            self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l")
        self._draw_anew()

    def _draw_anew(self) -> None:
        size = Size(*self._get_terminal_size())
        self.send_message(events.Resize(size, size))
