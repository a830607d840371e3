"""Writes docs/keys.md, docs/records.md and docs/pmtui.1 from the tables in the code; a test holds them against it."""

from pathlib import Path

from pmtui.cli import cli
from pmtui.domain.records import TYPES
from pmtui.domain.records.base import Record
from pmtui.keymap import ALL, GROUPS, actions_of, key_of
from pmtui.shell.manual import page

HERE = Path(__file__).parent


def keys() -> str:
    """Every view's keys, grouped as in its help."""
    lines = ["# Keys", "", "Made from the action table (`make reference`). `?` shows a screen's own.", ""]
    for view in ALL:
        lines += [f"## {view.title()}", "", "| key | what it does | group |", "|---|---|---|"]
        found = list(actions_of(view))
        for group in GROUPS:
            for action in (a for a in found if a.group == group):
                names = " ".join(f"`{action.shown(key)}`" for key in action.keys).replace("`|`", "`\\|`")
                names = names or f"`{key_of('go.palette')}`"
                lines.append(f"| {names} | {action.help} | {group} |")
        lines.append("")
    return "\n".join(lines)


def records() -> str:
    """Every record type with its fields and statuses."""
    lines = ["# Records", "", "Made from the declarations in `pmtui/domain/records` (`make reference`).", ""]
    shared = Record.__struct_fields__
    for record_type in TYPES:
        lines += [f"## {record_type.words[0].title()} (`{record_type.prefix}-1`, table `{record_type.table}`)", ""]
        if record_type.flow:
            for status, following in record_type.flow.moves.items():
                lines.append(f"- {status} → {', '.join(following) or 'final'}")
            lines.append("")
        lines += ["| field | label | kind | allowed |", "|---|---|---|---|"]
        for name, field in record_type.fields.items():
            if name not in shared:
                star = " *" if field.required else ""
                allowed = field.allowed.removeprefix("allowed: ").replace("|", "\\|")
                lines.append(f"| `{name}`{star} | {field.label} | {field.kind.value} | {allowed} |")
        if record_type.derived:
            lines += [
                "",
                "Derived, given to scripts and never stored: " + ", ".join(f"`{d}`" for d in record_type.derived) + ".",
            ]
        lines.append("")
    lines.append("All have also: " + ", ".join(f"`{name}`" for name in shared) + ".")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the files."""
    (HERE / "keys.md").write_text(keys(), encoding="utf-8")
    (HERE / "pmtui.1").write_text(page(cli), encoding="utf-8")
    (HERE / "records.md").write_text(records(), encoding="utf-8")


if __name__ == "__main__":
    main()
