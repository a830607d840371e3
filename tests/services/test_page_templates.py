"""A workspace's templates make its pages; they see plain data, do nothing else, and tell what is wrong with its line."""

import pytest
from factories import day, new_project
from read_back import read, tags_of

from pmtui.domain.problems import Refused
from pmtui.domain.records import Risk, Task
from pmtui.reports.formats import BY_ENDING, make
from pmtui.reports.markdown import to_markdown
from pmtui.services import page_templates, reports
from pmtui.services.page_templates import NAMES, folder, here, write_out
from pmtui.services.printing import printed_report, template_problem, to_file, written_in
from pmtui.store import ForeignFile

HOSTILE = "<b>**bold**</b> [x](https://evil.example) | {{ 7 * 7 }}"


@pytest.fixture
def project(tmp_path):
    found = new_project(
        tmp_path / "ws",
        Task(title=HOSTILE, owner="ben", due=day(-9)),
        Risk(title="Vendor late", owner="chi", review_date=day(3), probability=4, impact=5),
    )
    reports.save_words(found, "summary", "- a point\n\n1. not a list\n# not a heading")
    return found


def put(project, text, name="report.html"):
    if not folder(project.session.path).exists():
        write_out(project.session, "report.html")
    path = folder(project.session.path) / name
    path.write_text(text, encoding="utf-8")
    return path


def page(project, ending="html"):
    return written_in(BY_ENDING[ending], printed_report(project), project.session.path).data.decode()


def problem(project, text, name="report.html"):
    path = put(project, text, name)
    with pytest.raises(Refused) as refused:
        page(project, name.partition(".")[2])
    said = str(refused.value)
    assert str(path.parent) in said
    return said.removeprefix(f"{path.parent}/")


@pytest.mark.parametrize("name", NAMES)
def test_the_template_written_out_makes_the_page_that_ships(project, name):
    write_out(project.session, name)
    printed = printed_report(project)
    ending = name.partition(".")[2]
    template = page_templates.replacing(project.session.path, name)
    made = page_templates.rendered(template, printed.document, printed.about, printed.data).data
    assert made == make(BY_ENDING[ending], printed.document, printed.about).data
    assert here(project.session.path) == [name]


def test_one_that_is_there_is_not_written_over(project):
    put(project, "mine")
    with pytest.raises(Refused, match="it is there already"):
        write_out(project.session, "html")
    assert page(project) == "mine"


def test_names_that_are_none_are_told_with_those_that_are(project):
    with pytest.raises(Refused, match=r"allowed: report.html, report.md, minutes.html, minutes.md"):
        write_out(project.session, "../../evil.html")


def test_a_template_sees_the_model_as_plain_data(project):
    put(
        project,
        "{{ report.code }} {{ report.risks.total }} {{ report.money.budget }} {{ about.author }} {{ blocks[0].kind }}",
    )
    assert page(project) == "hris 1 0 ana title"


def test_it_may_extend_what_ships_and_include_what_lies_beside_it(project):
    put(project, "<p>Acme plc</p>", "letterhead.html")
    put(
        project,
        '{% extends "built-in/page.html" %}{% block body %}{% include "letterhead.html" %}{{ super() }}{% endblock %}',
    )
    text = page(project)
    assert "<p>Acme plc</p>" in text
    assert "Vendor late" in text


def test_values_stay_text_in_html_and_in_markdown(project):
    put(project, "<p>{{ report.late.rows[0].title }}</p>")
    assert tags_of(page(project)).found.words == [HOSTILE]
    put(project, "# {{ report.late.rows[0].title }}\n\n{{ report.words.summary }}\n", "report.md")
    text = page(project, "md")
    assert text.startswith("# &lt;b&gt;\\*\\*bold\\*\\*&lt;/b&gt; \\[x\\](https\\://evil.example) \\| {{ 7 \\* 7 }}")
    assert "\\- a point" in text and "1\\. not a list" in text and "\\# not a heading" in text


@pytest.mark.parametrize("name", ["report.html", "report.md"])
@pytest.mark.parametrize(
    "way", ["{{ T|safe }}", "{% autoescape false %}{{ T }}{% endautoescape %}", "{{ T|tojson }}", "{{ T|urlize }}", "{{ T|e }}",
            "{% set x %}{{ T }}{% endset %}{{ x }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(T) }}", "{{ T|forceescape }}",
            "{% filter upper %}{{ T }}{% endfilter %}", '{{ "%s"|format(T) }}', "{{ [T]|join }}", "{{ T|replace('a', 'b') }}"],
)  # fmt: skip
def test_there_is_no_way_round_escaping(project, name, way):
    put(project, way.replace("T", "report.late.rows[0].title"), name)
    try:
        text = page(project, name.partition(".")[2])
    except Refused:
        return
    assert "<b>" not in text.lower()
    assert name.endswith("html") or "**" not in text.replace("\\*\\*", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n{{ repot.code }}", "report.html line 2: there is no 'repot'; allowed: about, blocks, report"),
        ("{{ report.risk }}", "report.html line 1: there is no 'risk'; allowed: changes, code, currency"),
        ("\n\n{% fro x in blocks %}", "report.html line 3: Encountered unknown tag 'fro'"),
        ("{% if %}", "report.html line 1: Expected an expression"),
        ("{{ report.code|shout }}", "report.html line 1: No filter named 'shout'; allowed: abs, "),
        ("{{ blocks.title }}", "report.html line 1: a list has no 'title'"),
        ('{% include "../../etc/passwd" %}', "report.html line 1: there is no template '../../etc/passwd'; allowed: "),
        ('\n{% include "/etc/passwd" %}', "report.html line 2: there is no template '/etc/passwd'; allowed: "),
        ("{{ 1 / 0 }}", "report.html line 1: division by zero"),
        ("{% for x in range(10**9) %}{% endfor %}", "report.html line 1: Range too big"),
        ("{{ ''.__class__ }}", "report.html line 1: access to attribute '__class__' of 'str' object is unsafe"),
        ("{% do report.update(code='x') %}", "report.html line 1: Encountered unknown tag 'do'"),
        ("{{ report.update({'code': 1}) }}", "report.html line 1: "),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "report.html line 1: it calls itself without end"),
    ],
)
def test_an_error_names_the_file_the_line_and_what_is_allowed(project, text, said):
    assert problem(project, text).startswith(said)


def test_an_error_in_an_included_file_names_that_file(project):
    put(project, "fine\n{{ nothing }}", "letterhead.html")
    assert problem(project, '{% include "letterhead.html" %}').startswith(
        "letterhead.html line 2: there is no 'nothing'"
    )


@pytest.mark.parametrize(
    "way",
    [
        "{{ ().__class__.__base__.__subclasses__() }}", "{{ self.__init__.__globals__ }}", "{{ cycler.__init__.__globals__ }}",
        "{{ about.title.format.__globals__ }}", "{{ '{0.__class__}'.format(1) }}", "{{ namespace.__init__ }}",
        "{{ report|attr('__class__') }}", "{{ range.__self__ }}", "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ joiner.__init__.__globals__.os }}", "{{ get_flashed_messages() }}", "{{ import('os') }}",
    ],
)  # fmt: skip
def test_code_can_neither_be_reached_nor_run(project, way):
    assert problem(project, way).startswith("report.html line 1: ")


@pytest.mark.parametrize(
    "way",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ ('x' * 10 ** 9)|length }}{{ ('x' * 10 ** 9)|upper|length }}",
        "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
    ],
)
def test_one_that_takes_too_much_is_ended_and_writes_nothing(project, tmp_path, way):
    put(project, way)
    with pytest.raises(Refused):
        to_file(project, printed_report(project), BY_ENDING["html"], tmp_path)()
    assert not list(tmp_path.glob("*.html"))


def test_the_process_opens_no_file_even_if_the_sandbox_had_a_hole(project, tmp_path):
    import subprocess
    import sys

    script = (
        "from pmtui.reports.template_process import _limit\n_limit()\n"
        "import json.tool\n"
        f"for do in (lambda: open({str(tmp_path / 'ws')!r} + '/x', 'w'), lambda: open('/etc/passwd'),\n"
        "           lambda: __import__('os').system('true'), lambda: __import__('socket').socket()):\n"
        "    try: do()\n"
        "    except PermissionError: continue\n"
        "    raise SystemExit(1)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_link_or_what_is_no_text_is_no_template(project, tmp_path):
    path = put(project, "x")
    path.write_bytes(b"fine\n\xff\xfe")
    with pytest.raises(Refused, match="line 2"):
        page(project)
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(ForeignFile):
        page(project)


def test_checking_tells_each(project):
    put(project, "{{ nothing }}")
    write_out(project.session, "report.md")
    assert "there is no 'nothing'" in template_problem(project, "report.html")
    assert template_problem(project, "report.md") == ""
    assert "no minutes" in template_problem(project, "minutes.md")


def test_templates_leave_the_shared_store_whole(project):
    write_out(project.session, "report.html")
    assert project.session.workspace.has_shared
    project.session.workspace.share().close()
    assert read("html", page(project).encode()).tables["Risks"]


def test_an_issued_report_by_a_template_shows_what_was_frozen(project):
    reports.issue(project)
    put(project, "{{ report.risks.total }}")
    from factories import add

    add(project, Risk(title="Another", owner="chi", review_date=day(3), probability=1, impact=1))
    printed = printed_report(project, project.get("SR-1"))
    assert written_in(BY_ENDING["html"], printed, project.session.path).data == b"1"
    assert to_markdown(printed.document).rstrip("\n") == project.get("SR-1").text
