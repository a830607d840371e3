"""What a user meets for the first time, remembered in their state folder."""

from pathlib import Path


def first_time(state: Path, name: str) -> bool:
    """Whether this is the first time; from now on it is not. Where that can't be remembered, it is none."""
    file = state / "seen" / name
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=False)
    except OSError:
        return False
    return True
