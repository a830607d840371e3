import tomllib

from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.toml_lines import Said, read_lines, statements

SOUND = '''# mine
workspace = "/srv/x # no comment"  # shared

[keys]   # of actions
"record.done" = [
  "d",  # a comment = with a sign
  "#",
]
record.who = 'w'
text = """
theme = "no"
[none]
"""

[keys.more]
a = 1
'''


def test_every_value_comes_with_its_whole_name_and_line():
    said, wrong = read_lines(SOUND)
    assert not wrong
    assert said == [
        Said(("workspace",), "/srv/x # no comment", 2),
        Said(("keys", "record.done"), ["d", "#"], 5),
        Said(("keys", "record", "who"), "w", 9),
        Said(("keys", "text"), 'theme = "no"\n[none]\n', 10),
        Said(("keys", "more", "a"), 1, 16),
    ]


def test_a_bad_line_is_named_and_the_others_are_read():
    text = 'theme = dark\nborders = "ascii"\nnonsense\n[keys\n"record.done" = ["d"\n[keys]\n"record.who" = ["w"]\n'
    said, wrong = read_lines(text)
    assert [(bad.line, bad.name) for bad in wrong] == [(1, "theme"), (3, ""), (4, "keys"), (5, "keys.record.done")]
    assert said == [Said(("borders",), "ascii", 2), Said(("keys", "record.who"), ["w"], 7)]


def test_a_name_that_is_said_twice_is_named_at_its_second_line():
    said, wrong = read_lines('theme = "dark"\ntheme = "light"\n')
    assert [one.value for one in said] == ["dark"]
    assert [(bad.line, bad.name) for bad in wrong] == [(2, "theme")]


def test_an_inline_table_is_one_value():
    assert read_lines('keys = { "record.done" = ["d"] }')[0] == [Said(("keys",), {"record.done": ["d"]}, 1)]


def test_windows_line_ends_count_as_one():
    assert [one.line for one in read_lines("a = 1\r\nb = 2\r\n")[0]] == [1, 2]


@given(st.text(alphabet="ab=\"'[]{}#.,\n \\1\t", max_size=60))
def test_whatever_the_text_it_is_read_without_an_error_and_agrees_with_tomllib(text):
    said, wrong = read_lines(text)
    list(statements(text))
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert wrong
    else:
        assert not wrong
        for one in said:
            found = whole
            for part in one.path:
                found = found[part] if isinstance(found, dict) else found[-1][part]
            assert found == one.value
