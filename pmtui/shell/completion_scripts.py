"""How bash, zsh and fish ask for completions, and how they are told: a line a word.

Click's own scripts split ``due=fri`` at the sign in bash, print errors into the line, and leave a blank after ``due=``.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from click.shell_completion import (
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

VARIABLE = "_PMTUI_COMPLETE"

_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' response completion
    response=$(env COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
    COMPREPLY=()
    for completion in $response; do
        case "${completion%%%%,*}" in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            part) compopt -o nospace 2>/dev/null; COMPREPLY+=("${completion#*,}") ;;
            plain) COMPREPLY+=("${completion#*,}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""

_ZSH = r"""#compdef %(prog_name)s

%(complete_func)s() {
    local -a plain described open open_described response
    local type key descr
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
        %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    for type key descr in ${response}; do
        case "$type" in
            plain) [[ "$descr" == "_" ]] && plain+=("$key") || described+=("$key":"$descr") ;;
            part) [[ "$descr" == "_" ]] && open+=("$key") || open_described+=("$key":"$descr") ;;
            dir) _path_files -/ ;;
            file) _path_files -f ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#open_described )) && _describe -V going_on open_described -U -S ''
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#open )) && compadd -U -V going_on -S '' -a open
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = r"""function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
        COMP_CWORD=(commandline -t) %(prog_name)s 2>/dev/null)
    for completion in $response
        set -l parts (string split -m1 "," -- $completion)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain part
                echo $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

_SPECIAL = re.compile(r"""([\s!"#$&'()*;<>?\[\\\]^`{|}~])""")


class Bash(ShellComplete):
    """Bash: the whole line up to the cursor is read, and only the part after the last break is given back."""

    name = "bash"
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one being typed, and that one."""
        if "COMP_LINE" not in os.environ:  # asked as Click's own script asks
            words = split_arg_string(os.environ["COMP_WORDS"])
            at = int(os.environ["COMP_CWORD"])
            return words[1:at], words[at] if at < len(words) else ""
        line = _typed()
        words = split_arg_string(line)
        began = bool(line) and (not line[-1].isspace() or _raw(line)[:1] in {'"', "'"})
        return words[1 : len(words) - began], words[-1] if began and words else ""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """``type,word``: what readline puts in the place of what it takes as the word being typed."""
        raw = _raw(_typed())
        value = str(item.value)
        if item.type in {"dir", "file"}:
            return f"{item.type},{value}"
        if raw[:1] in {'"', "'"}:
            return f"{item.type},{value}"
        escaped = _SPECIAL.sub(r"\\\1", value[_before_break(raw) :])
        return f"{item.type},{escaped}"


class Zsh(ZshComplete):
    """Zsh: three lines a word; errors are nowhere, and nothing follows ``due=``."""

    source_template = _ZSH


class Fish(FishComplete):
    """Fish: ``type,word`` and, after a tab, what it is; titles may have commas."""

    source_template = _FISH


def _typed() -> str:
    """The line up to the cursor."""
    line = os.environ.get("COMP_LINE", "")
    point = os.environ.get("COMP_POINT", "")
    return line[: int(point)] if point.isdigit() else line


def _raw(line: str) -> str:
    """The word being typed as it stands, its quote included."""
    quote, start = "", 0
    for place, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and (place == 0 or line[place - 1].isspace()):
            quote, start = character, place
        elif character.isspace() and line[place - 1 : place] != "\\":
            start = place + 1
    return line[start:]


def _before_break(raw: str) -> int:
    """How many characters of a word stand before what readline takes as the word: up to the last ``=`` or its like."""
    breaks = set(os.environ.get("COMP_WORDBREAKS", "")) - set(" \t\n\"'@")
    ends = [place + 1 for place, sign in enumerate(raw) if sign in breaks and raw[place - 1 : place] != "\\"]
    return len(raw[: max(ends, default=0)].replace("\\", ""))


def script(command: click.Command, shell: str) -> str:
    """The script that completes in a shell."""
    register()
    made = {"bash": Bash, "zsh": Zsh, "fish": Fish}[shell]
    return made(command, {}, "pmtui", VARIABLE).source().strip()


def register() -> None:
    """These ways instead of Click's own."""
    for made in (Bash, Zsh, Fish):
        add_completion_class(made)


def answer(command: click.Command) -> None:
    """Answer what a shell asks in the environment, and end; whatever goes wrong, in silence."""
    from click.shell_completion import shell_complete

    register()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    try:
        shell_complete(command, {}, "pmtui", VARIABLE, os.environ[VARIABLE])
        sys.stdout.flush()
    except Exception:  # noqa: BLE001, S110 - an error has no place in the line that somebody types
        pass
    os._exit(0)
