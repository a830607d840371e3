"""Cells that a spreadsheet would run as a formula: made harmless when written, as they were when read again.

A cell that begins with ``= + - @``, a tab or a line end is run by spreadsheets, and so are the wide forms of these
signs by some. It is written with an apostrophe before it, which spreadsheets take for "this is text" and do not
show. The same goes for what would begin a cell where a spreadsheet divides the file elsewhere than at commas, as
many do by the country. Apostrophes that a text has there itself get one more, so that taking one away brings back
every text exactly. Numbers stay numbers: a minus before digits is no formula.
"""

import re

_SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_RUNS = re.compile(f"(?:^|[;\t])(?='*[{_SIGNS}])|\n(?='*=)")
_MADE_HARMLESS = re.compile(f"(^|[;\t])'(?='*[{_SIGNS}])|(\n)'(?='*=)")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?", re.ASCII)


def harmless_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    return text if _NUMBER.fullmatch(text) else _RUNS.sub(lambda found: f"{found[0]}'", text)


def original_cell(text: str) -> str:
    """A cell as it was before it was made harmless."""
    return _MADE_HARMLESS.sub(lambda found: found[1] or found[2] or "", text)
