"""What a reviewer would otherwise have to remember."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from core.audit import FACTS
from core.events import Event
from db.__main__ import VERBS

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(path for folder in ("core", "db", "pages") for path in (ROOT / folder).rglob("*.py"))
CATALOGUE = ROOT / "core" / "locale" / "zh_CN" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def messages() -> dict[str, str]:
    """Every message of the source with its Chinese, as extracted now."""
    wanted: set[str] = set()
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    for folder in ("core", "db", "pages"):
        for _file, _line, message, *_rest in extract_from_dir(
            str(ROOT / folder), methods, {"**.html": {"encoding": "utf-8"}}, {"_": None, "N_": None}
        ):
            wanted.add(message if isinstance(message, str) else message[0])
    catalogue = _po()
    return {message: str(catalogue.get(message).string) if message in catalogue else "" for message in wanted}


def _po() -> Catalog:
    with (CATALOGUE / "qingyuan.po").open("rb") as file:
        return read_po(file, locale="zh_CN")


def test_variables_of_the_environment_are_read_in_one_module() -> None:
    others = {"core/formats/fonts.py", "core/privacy/cleaning.py", "pages/ui/drawing.py", "db/carrying/passphrase.py"}
    readers = {_name(path) for path in CODE if "os.environ" in path.read_text(encoding="utf-8")}
    assert readers - others == {"core/settings.py"}, "fonts, child processes and a secret have ways of their own"


@pytest.mark.costly
def test_what_is_slow_to_import_does_not_keep_the_server_from_its_first_page() -> None:
    slow = "pandas altair scipy rjieba openpyxl docx apprise alembic boto3 pypdfium2 vl_convert"
    home = "\n".join(re.findall(r"^(?:from|import) .*", (ROOT / "pages/desk/home.py").read_text("utf-8"), re.MULTILINE))
    look = f"import sys, app\n{home}\nprint([name for name in '{slow}'.split() if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_imports_go_the_way_the_contracts_say() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_module_is_longer_than_300_lines_and_no_function_than_40(path: Path) -> None:
    if "migrations/versions" in _name(path):
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGER.get(f"{_name(path)}:{node.name}", 40), f"{node.name}: {length} lines"


LONGER: dict[str, int] = {}
"""Functions that may be longer than 40 lines, with how long they may be."""

DATA = {
    "core/items.py", "core/privacy/names.py", "core/privacy/personal.py", "core/alike/pieces.py",
    "core/organisation/recusal.py", "core/entries/searching.py", "core/alike/sharing.py", "core/voices/telling.py",
    "core/privacy/wording.py",
    "pages/ui/marks.py", "db/migrations/versions/0018_which_post_heads_its_unit.py",
}  # fmt: skip
"""Modules with Chinese that is data: columns of the library, words texts are compared by, titles, voices' letters."""
ITS_OWN_NAME = {"中文", "清源"}


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_chinese_for_readers_stands_in_the_catalogue_alone(path: Path) -> None:
    if _name(path) in DATA:
        return
    tree = _tree(path)
    documented = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            assert not CHINESE.search(node.value) or node.value in ITS_OWN_NAME, (node.lineno, node.value)


def _has_docstring(node: ast.AST) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, holders) and bool(node.body) and isinstance(node.body[0], ast.Expr)


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_message_stands_inside_an_f_string_where_it_would_not_be_found(path: Path) -> None:
    texts = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.JoinedStr)]
    for node in (inner for text in texts for inner in ast.walk(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
            assert not isinstance(node.args[0], ast.Constant), (node.lineno, ast.unparse(node))


@pytest.mark.costly
def test_every_message_has_its_chinese(messages: dict[str, str]) -> None:
    assert sorted(message for message, chinese in messages.items() if message and not chinese) == []


def test_every_translation_fills_in_the_same_facts(messages: dict[str, str]) -> None:
    apart = [m for m, chinese in messages.items() if chinese and _facts(m) != _facts(chinese)]
    assert sorted(apart) == []


def _facts(message: str) -> set[str]:
    return {name for _text, name, *_rest in string.Formatter().parse(message) if name}


def test_the_catalogue_that_is_read_is_the_one_that_is_edited() -> None:
    with (CATALOGUE / "qingyuan.mo").open("rb") as file:
        compiled = {m.id: m.string for m in read_mo(file) if m.id}
    assert compiled == {m.id: m.string for m in _po() if m.id and m.string}


def test_no_template_has_bare_words() -> None:
    for path in sorted((ROOT / "pages").rglob("*.html")):
        if path.parent.name != "templates":
            continue
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"<(style|script)\b.*?</\1>|<!--.*?-->|<[^>]*>", "", text, flags=re.S)
        bare = re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]+", re.sub(r"&\w+;", "", text))
        assert set(bare) <= ITS_OWN_NAME | {"English"}, (path.name, bare)


def _recorded() -> Iterator[tuple[str, ast.Call]]:
    for path in CODE:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and (
                node.func.attr in ("record", "record_resident")
            ):
                yield _name(path), node


@pytest.mark.costly
def test_every_fact_on_record_has_a_word_for_the_auditor() -> None:
    told = FACTS.keys() | {"chain", *UNTOLD}
    unknown = {(name, k.arg) for name, call in _recorded() for k in call.keywords if k.arg and k.arg not in told}
    assert unknown == set()


UNTOLD = {"kind", "link", "risk", "round", "sha256"}
"""Facts that are keys for the program: ids and digests."""


def test_every_event_of_the_log_is_one_that_happens() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE if _name(path) != "core/words.py")
    assert [e.name for e in Event if f"Event.{e.name}" not in code and f"E.{e.name}" not in code] == []


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_nothing_is_left_to_do_and_nothing_points_at_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
    assert not re.search(r"['\"](/home/|/work/|/root/|/Users/|[A-Z]:\\\\)", text)


def test_what_the_readme_tells_one_to_type_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for verb in re.findall(r"python -m db ([\w-]+)", text):
        assert verb in VERBS, verb
    for file in re.findall(r"(?:-r |streamlit run |\]\()([\w./-]+\.(?:txt|py|md|csv))", text):
        assert (ROOT / file).exists(), file
    for module in re.findall(r"python -m (bench\.\w+)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


WRITERS = {"csv": {"writer", "DictWriter"}, "openpyxl": {"Workbook"}}
"""What writes a table that a spreadsheet opens; only core.formats.books does, where every text is made harmless."""


@pytest.mark.documents
@pytest.mark.parametrize("path", CODE, ids=_name)
def test_tables_leave_through_one_module_that_makes_every_text_harmless(path: Path) -> None:
    tree, own = _tree(path), _name(path) == "core/formats/books.py"
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             for alias in node.names if alias.name in WRITERS.get(node.module or "", ())}  # fmt: skip
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {
        "writer", "DictWriter", "to_csv", "to_excel", "Workbook"
    }
    imports = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import)
               for alias in node.names}  # fmt: skip
    assert own or not (names or calls or "xlsxwriter" in imports), (names, calls)
    if own:
        makers = {"WriteOnlyCell": "_cell", "writerow": "listed"}
        for node in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            made = {ast.unparse(call.func).rsplit(".", 1)[-1] for call in ast.walk(node) if isinstance(call, ast.Call)}
            for maker in made & makers.keys():
                assert node.name in (makers[maker], "_style"), (node.name, maker)
        assert all("harmless(" in ast.unparse(node) for node in ast.walk(tree)
                   if isinstance(node, ast.FunctionDef) and node.name in makers.values())  # fmt: skip


@pytest.mark.documents
@pytest.mark.parametrize("path", [path for path in CODE if _name(path).startswith("pages/")], ids=_name)
def test_no_file_leaves_but_through_one_module_that_keeps_it_or_says_why_not(path: Path) -> None:
    tree, own = _tree(path), _name(path) == "pages/ui/downloads.py"
    assert own or "download_button" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
