import os
import stat

import pytest

from pmtui.domain.problems import Refused
from pmtui.keymap import ACTIONS, BY_ID
from pmtui.services.preferences import CHOICES, preferences, set_preference, unset_preference
from pmtui.terminal.look import BORDERS, THEMES, look_of


@pytest.fixture
def file(tmp_path):
    return tmp_path / "pmtui" / "config.toml"


def written(file, text):
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return preferences(file)


def problems(file, text):
    return [(problem.line, problem.field) for problem in written(file, text).problems]


def test_without_a_file_all_is_as_usual_and_nothing_is_parsed(file, monkeypatch):
    monkeypatch.setattr("pmtui.services.preferences.understood", None)
    found = preferences(file)
    assert (found.workspace, found.theme, found.keys, found.problems) == (None, "", {}, ())


def test_what_the_file_says(file, tmp_path):
    found = written(
        file, f'workspace = "{tmp_path}"\ntheme = "Light"\nborders = "ascii"\n[keys]\n"record.done" = ["Y", "$"]\n'
        '"record.progress" = []\nrecord.chase = "Z"\n',
    )  # fmt: skip
    assert not found.problems
    assert (found.workspace, found.theme, found.borders) == (tmp_path, "light", "ascii")
    assert found.keys == {"record.done": ("Y", "dollar_sign"), "record.progress": (), "record.chase": ("Z",)}


def test_the_words_are_those_of_the_look():
    assert set(CHOICES["theme"]) == set(THEMES)
    assert set(CHOICES["borders"]) == set(BORDERS)


def test_the_environment_goes_before_the_file(file):
    found = written(file, 'theme = "light"\nborders = "ascii"\n')
    colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    assert look_of(colours, found).theme == "pmtui-light"
    assert look_of(colours, found).ascii
    own = look_of(colours | {"PMTUI_THEME": "dark", "PMTUI_BORDERS": "unicode"}, found)
    assert (own.theme, own.ascii) == ("pmtui-dark", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('theme = "drak"', (1, "theme")),
        ("theme = 1", (1, "theme")),
        ('view = "plan"', (1, "view")),
        ('\nborders = "round"', (2, "borders")),
        ('workspace = "rel/ative"', (1, "workspace")),
        ("colour = 1", (1, "colour")),
        ('[look]\ntheme = "dark"', (2, "look.theme")),
        ("theme = dark", (1, "theme")),
        ('keys = "d"', (1, "keys")),
        ("[keys]\nrecord = 1", (2, "keys record")),
        ('[keys]\n\n"record.dnoe" = ["d"]', (3, "keys record.dnoe")),
        ('[keys]\n"record.done" = 5', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["alt+d"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["ctrl+a"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["shift+enter"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["7"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["q"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["?"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = [":"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["down"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["gg"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["r"]', (2, "keys record.done")),
        ('[keys]\n"record.done" = ["Y"]\n"record.who" = ["Y"]', (3, "keys record.who")),
        ('[keys]\n"record.done" = ["Y"]\nrecord.done = ["Z"]', (3, "keys record.done")),
    ],
)
def test_what_can_not_be_is_told_with_its_line_and_what_is_allowed(file, text, expected):
    assert problems(file, text) == [expected]
    words = written(file, text).words[0]
    assert f"config.toml line {expected[0]} " in words
    assert any(part in words for part in ("allowed", "is it ", "lists them")), words


def test_what_can_be_used_is_used_whatever_else_is_wrong(file, tmp_path):
    found = written(
        file, f'theme = drak\nworkspace = "{tmp_path}"\n[keys]\n"record.done" = ["r"]\n"record.who" = ["&"]\n'
    )
    assert found.workspace == tmp_path
    assert found.keys == {"record.who": ("ampersand",)}
    assert "(and 1 more: pmtui config check)" in found.in_short
    assert not found.no_workspace


def test_two_actions_may_change_their_keys(file):
    found = written(file, '[keys]\n"record.done" = ["r"]\n"record.date" = ["d"]\n')
    assert not found.problems
    assert found.keys == {"record.done": ("r",), "record.date": ("d",)}


def test_when_a_line_is_refused_so_is_one_that_counted_on_it(file):
    assert problems(file, '[keys]\n"record.done" = ["r"]\n"record.date" = ["alt+d"]\n') == [
        (2, "keys record.done"), (3, "keys record.date"),
    ]  # fmt: skip


def test_arrows_and_the_keys_that_lead_out_stay(file):
    found = written(file, '[keys]\n"move.down" = ["n"]\n"record.note" = []\n"view.back" = ["Q"]\n"view.help" = []\n')
    assert not found.problems
    assert found.keys["move.down"] == ("n", "down")
    assert found.keys["view.back"] == ("Q", "q")
    assert found.keys["view.help"] == ("question_mark",)


def test_every_action_may_have_its_usual_keys_as_they_are_shown(file):
    lines = [f"'{a.id}' = {[a.shown(key) for key in a.default]}" for a in ACTIONS]
    found = written(file, "[keys]\n" + "\n".join(lines))
    assert not found.problems
    assert all(set(found.keys[a.id]) == set(a.default) for a in ACTIONS)


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), os.mkfifo, lambda p: p.write_bytes(b"a = 1\n\xff")])
def test_a_file_that_is_none_is_told_and_nothing_waits_for_it(file, make):
    file.parent.mkdir()
    make(file)
    found = preferences(file)
    assert len(found.words) == 1
    assert found.no_workspace
    with pytest.raises(Refused):
        set_preference("theme", ["dark"], file)


def test_a_value_is_set_and_everything_else_stays(file):
    before = '# mine\ntheme   = "dark" # at night\n\n# keys\n[keys] # own\n"record.done" = [\n "Y", # odd\n]\n# end'
    written(file, before)
    set_preference("theme", ["light"], file)
    set_preference("record.who", ["&", "@"], file)
    set_preference("borders", ["ascii"], file)
    assert file.read_text() == (
        '# mine\ntheme   = "light" # at night\nborders = "ascii"\n\n# keys\n[keys] # own\n"record.done" = [\n "Y", # odd\n]\n'
        '"record.who" = ["&", "@"]\n# end'
    )
    assert preferences(file).keys["record.who"] == ("ampersand", "at")
    assert unset_preference("borders", file)
    assert unset_preference("record.who", file)
    assert not unset_preference("borders", file)
    set_preference("theme", ["dark"], file)
    assert file.read_text() == before


def test_the_first_setting_makes_the_file_for_its_owner_alone(file):
    set_preference("record.done", ["Y"], file)
    set_preference("theme", ["dark"], file)
    assert file.read_text() == 'theme = "dark"\n\n[keys]\n"record.done" = ["Y"]\n'
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_windows_line_ends_a_link_and_the_mode_stay(file, tmp_path):
    real = tmp_path / "dotfiles.toml"
    real.write_bytes(b'theme = "dark"\r\n')
    real.chmod(0o644)
    file.parent.mkdir()
    file.symlink_to(real)
    set_preference("borders", ["ascii"], file)
    assert real.read_bytes() == b'theme = "dark"\r\nborders = "ascii"\r\n'
    assert file.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("theme", ["drak"]),
        ("theme", ["dark", "light"]),
        ("nope", ["1"]),
        ("record.done", ["r"]),
        ("record.dnoe", ["Y"]),
        ("workspace", ["rel"]),
        ("keys.nope", ["Y"]),
        ("record.done", ["alt+x"]),
    ],
)
def test_a_value_that_can_not_be_is_refused_and_nothing_is_written(file, name, values):
    with pytest.raises(Refused):
        set_preference(name, values, file)
    assert not file.exists()


def test_a_file_with_other_problems_can_still_be_changed(file):
    written(file, "theme = drak\n[keys]\n'record.who' = ['&']\n")
    set_preference("theme", ["dark"], file)
    assert not preferences(file).problems


def test_every_action_has_an_id_that_the_settings_can_name():
    assert all(action_id == action_id.strip() and "." in action_id for action_id in BY_ID)
