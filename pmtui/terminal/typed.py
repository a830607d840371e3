"""What was typed, in whole pieces: keys, pastes, and nothing of what the terminal said by itself.

A sequence that stands for no key is left out whole, wherever the line cut it in two; taken for keys, its letters
would act. Between the marks of a paste everything is text.
"""

import re
from typing import Literal, NamedTuple

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

ESCAPE_AFTER, CUT_AFTER = 0.1, 1.0
"""Seconds until an Esc that nothing follows is the key, and until a sequence that was cut is given up."""

LONGEST_SEQUENCE, LONGEST_STRING, LONGEST_PASTE = 64, 4096, 1_000_000
"""Characters; of what is longer the rest of a sequence is left out, and the end of a paste."""

PASTE, PASTED = "\x1b[200~", "\x1b[201~"

_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*([@-~])")
_STRING_END = re.compile("\x07|\x1b\\\\|\x9c")
_KEY = re.compile(r"\x1b\[(\d*)(?:;[\d:]*){0,2}([~ABCDEFHPQRSu])")
_TOLD = re.compile(r"\x1b\[(?:[IO]|\d+;\d+R|\?\d+;\d\$y|48(?:;\d+(?::\d*)?){4}t)")
_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STRINGS = frozenset("]PX^_")


class Piece(NamedTuple):
    """Text for Textual's parser, an Esc, a character with Alt, or a pasted text."""

    kind: Literal["keys", "escape", "alt", "paste"]
    text: str


class TypedText:
    """Takes in text as it arrives, in any parts, and gives it in whole pieces."""

    def __init__(self) -> None:
        self._rest = ""
        self._pasted: list[str] | None = None
        self._length = 0

    @property
    def patience(self) -> float | None:
        """Seconds to wait for the rest of what has begun; ``None`` where nothing has, or where it is a paste."""
        if self._pasted is not None or not self._rest:
            return None
        return ESCAPE_AFTER if len(self._rest) == 1 else CUT_AFTER

    def feed(self, text: str) -> list[Piece]:
        """The pieces that are whole now."""
        self._rest += text
        found: list[Piece] = []
        while self._rest:
            before = len(self._rest)
            self._step(found)
            if len(self._rest) == before:
                break
        return found

    def expire(self) -> list[Piece]:
        """What has begun got no end: an Esc is the key, another sequence is left out."""
        if self._pasted is not None or not self._rest:
            return []
        rest, self._rest = self._rest, ""
        return [Piece("escape", "\x1b")] if rest == "\x1b" else []

    def _step(self, found: list[Piece]) -> None:
        """Take the next piece off, as far as it is whole."""
        if self._pasted is not None:
            self._take_paste(found)
        elif self._rest[0] != "\x1b":
            plain, escape, after = self._rest.partition("\x1b")
            self._rest = escape + after
            plain = re.sub("[\x80-\x9f]", "", plain)
            if plain:
                found.append(Piece("keys", plain))
        elif len(self._rest) > 1:
            self._take_sequence(found)

    def _take_paste(self, found: list[Piece]) -> None:
        assert self._pasted is not None
        at = self._rest.find(PASTED)
        # The end's mark may have been cut: as many characters wait for more.
        kept = at if at >= 0 else max(0, len(self._rest) - len(PASTED) + 1)
        part = self._rest[:kept][: LONGEST_PASTE - self._length]
        self._pasted.append(part)
        self._length += len(part)
        self._rest = self._rest[kept:]
        if at >= 0:
            found.append(Piece("paste", _HARMFUL.sub("", "".join(self._pasted))))
            self._pasted, self._rest, self._length = None, self._rest[len(PASTED) :], 0

    def _take_sequence(self, found: list[Piece]) -> None:
        text, second = self._rest, self._rest[1]
        if second == "\x1b":
            self._rest = text[1:]
            found.append(Piece("escape", "\x1b"))
        elif second == "[":
            self._take_control(found)
        elif second == "O":
            if len(text) > 2:
                self._take(text[:3], found)
        elif second in _STRINGS:
            end = _STRING_END.search(text, 2)
            if end or len(text) > LONGEST_STRING:
                self._rest = text[end.end() :] if end else ""
        elif text[:2] in ANSI_SEQUENCES_KEYS:
            self._take(text[:2], found)
        else:
            self._rest = text[2:]
            found.append(Piece("alt", second))

    def _take_control(self, found: list[Piece]) -> None:
        text = self._rest
        if text.startswith("\x1b[["):  # a function key of the Linux console
            if len(text) > 3:
                self._take(text[:4], found)
            return
        if text.startswith("\x1b[M"):  # the mouse as X10 told it
            self._rest = text[6:] if len(text) >= 6 else text
            return
        whole = _CONTROL.match(text)
        if whole is None:
            broken = re.search("[^ -?]", text[2:])
            if broken:
                self._rest = text[2 + broken.start() :]
            elif len(text) > LONGEST_STRING:
                self._rest = ""
        elif whole[0] == PASTE:
            self._rest = text[len(PASTE) :]
            self._pasted, self._length = [], 0
        else:
            self._take(whole[0], found)

    def _take(self, sequence: str, found: list[Piece]) -> None:
        self._rest = self._rest[len(sequence) :]
        if _is_known(sequence):
            found.append(Piece("keys", sequence))


def _is_known(sequence: str) -> bool:
    """Whether a sequence is a key, or an answer that was asked for."""
    if len(sequence) > LONGEST_SEQUENCE:
        return False
    if sequence in ANSI_SEQUENCES_KEYS or _TOLD.fullmatch(sequence):
        return True
    key = _KEY.fullmatch(sequence)
    if key is None:
        return False
    number, end = int(key[1] or 1), key[2]
    return f"{number}{end}" in FUNCTIONAL_KEYS or (end == "u" and 0 < number < 0xD800)
