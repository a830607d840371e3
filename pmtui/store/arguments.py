"""The arguments of TinyDB's ``JSONStorage``, and what they mean over a journal."""

import codecs
import warnings
from collections.abc import Mapping
from typing import Any

LAYOUT = frozenset({"indent", "separators", "ensure_ascii", "check_circular"})
"""Arguments of ``json.dumps`` that lay text out: without effect, a line and a snapshot have their own layout."""

VALUES = frozenset({"default", "cls", "sort_keys", "skipkeys", "allow_nan"})
"""Arguments of ``json.dumps`` that say what is stored: they hold for every value written."""


def only_reads(access_mode: str) -> bool:
    """Whether a file opened so is not written; warns of a mode that would empty it, and here does not."""
    if access_mode not in {"r", "rb", "r+", "rb+"}:
        warnings.warn(
            "Using an `access_mode` other than 'r', 'rb', 'r+' or 'rb+' means 'r+' here: nothing is emptied",
            stacklevel=3,
        )
    return access_mode in {"r", "rb"}


def refuse_encoding(encoding: str | None) -> None:
    """Raise ``ValueError`` for any encoding but UTF-8, ``LookupError`` for what is none."""
    if encoding is not None and codecs.lookup(encoding).name != "utf-8":
        raise ValueError(f"encoding {encoding}: a journalled store is UTF-8")


def of_values(json_arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those arguments that say what is stored; ``TypeError`` for one that ``json.dumps`` does not have."""
    unknown = json_arguments.keys() - LAYOUT - VALUES
    if unknown:
        raise TypeError(f"unknown argument: {', '.join(sorted(unknown))}")
    return {name: value for name, value in json_arguments.items() if name in VALUES}
