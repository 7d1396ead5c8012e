"""Long imports and bulk deeds: a few rows at a time, killed in the middle, and taken up again without a double."""

import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from core import items
from core.access import FOUNDER, Permission
from core.entries import bulk
from core.entries.register import Filter
from core.entries.risks import Risk
from core.errors import Expired
from core.evidence import Upload
from core.formats import sheets
from core.formats.sheets import Line, Sheet
from core.tables import importing, item_tables, portions, schedule, schedule_tables
from core.tables.importing import Kind
from core.voices.flags import Flag
from db.engine import connect
from tests import makers
from tests.db.test_register import fill
from tests.killed import Bulk, Import
from tests.makers import Place

pytestmark = pytest.mark.documents
ROOT = Path(__file__).resolve().parents[3]


def catalogue(rows: int) -> Sheet:
    head = Line(1, ("名称", "四清一高效维度", "依据"))
    return Sheet((head, *(Line(n + 2, (f"第{n}项权力", "居务清廉", "条例")) for n in range(rows))))


def saved(place: Place, kind: Kind, sheet: Sheet, who: str = "clerk", size: int = portions.PORTION) -> portions.Saved:
    unit_id = place.units["banyan"].id
    plan = place.ask(who, importing.look, kind, unit_id, sheet)
    assert plan.troubles == ()

    def save(portion: portions.Portion) -> None:
        place.do(who, importing.save, kind, unit_id, portion.sheet, portion.mark, portion.rows, "one-file")

    return portions.carry_out(portions.portions(sheet, plan, size), save, lambda _saved: None)


def names(place: Place) -> list[str]:
    return [row.name for row in place.ask("clerk", items.catalogue, place.units["banyan"].id)]


def test_a_file_is_saved_in_portions_and_a_second_time_nothing(place: Place) -> None:
    told = saved(place, item_tables.KIND, catalogue(25), size=4)
    assert (told.done, told.left) == (25, [])
    assert len(set(names(place))) == len(names(place)) == 27
    again = place.ask("clerk", importing.look, item_tables.KIND, place.units["banyan"].id, catalogue(25))
    assert (again.changes, again.same) == ((), 25)


def test_a_row_that_is_refused_meanwhile_is_told_alone_and_the_others_are_saved(place: Place) -> None:
    unit_id, sheet = place.units["banyan"].id, catalogue(9)
    plan = place.ask("clerk", importing.look, item_tables.KIND, unit_id, sheet)
    place.do("secretary", items.add_item, unit_id, items.ItemForm(name="第6项权力", dimension="clean_customs"))
    told: list[int] = []

    def save(portion: portions.Portion) -> None:
        place.do("clerk", importing.save, item_tables.KIND, unit_id, portion.sheet, portion.mark, portion.rows)

    end = portions.carry_out(portions.portions(sheet, plan, 5), save, lambda saved: told.append(saved.done))
    assert end.done == 8
    [(change, why)] = end.left
    assert (change.n, change.name) == (8, "第6项权力")
    assert why
    assert told == sorted(told)
    assert sorted(names(place)) == sorted({*names(place)})


def test_an_ended_sign_in_ends_the_saving_and_leaves_what_is_saved(place: Place) -> None:
    unit_id, sheet = place.units["banyan"].id, catalogue(9)
    plan = place.ask("clerk", importing.look, item_tables.KIND, unit_id, sheet)
    heard: list[int] = []

    def save(portion: portions.Portion) -> None:
        if heard:
            raise Expired
        place.do("clerk", importing.save, item_tables.KIND, unit_id, portion.sheet, portion.mark, portion.rows)

    with pytest.raises(Expired):
        portions.carry_out(portions.portions(sheet, plan, 3), save, lambda saved: heard.append(saved.done))
    assert heard == [3]
    assert len(names(place)) == 2 + 3


@pytest.mark.costly
def test_copies_and_proposals_of_the_schedule_are_saved_in_portions_and_once(place: Place, tmp_path: Path) -> None:
    first, _measure = makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    path = tmp_path / "一览表.xlsx"
    path.write_bytes(place.ask("supervisor", schedule.workbook, Filter()))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for n, words in enumerate(("档案室钥匙没有登记", "临时用工没有公示", "捐赠物资没有台账")):
        for cell in sheet[4]:
            sheet.cell(6 + n, cell.column).value = cell.value
        sheet.cell(6 + n, 5).value = words
    sheet.cell(5, 6).value = "登记本缺页"
    book.save(path)
    read = sheets.read(Upload("一览表.xlsx", path.read_bytes()))
    told = saved(place, schedule_tables.KIND, read, "supervisor", size=1)
    assert (told.done, told.left) == (4, [])
    again = place.ask("supervisor", importing.look, schedule_tables.KIND, place.units["banyan"].id, read)
    assert again.changes == ()
    scope = place.people["supervisor"].scope(Permission.FLAG_RAISE)
    texts = [flag.text for flag in place.ask("supervisor", lambda work: work.store.some(Flag, scope))]
    assert sum("档案室钥匙没有登记" in text for text in texts) == 1
    assert place.ask(FOUNDER, lambda work: work.store.find(Risk, first)).title != "档案室钥匙没有登记"


@pytest.fixture
def filed(made: Place, tmp_path: Path) -> Iterator[Place]:
    """The small place in a file, as a server has it."""
    place = makers.copy_of(made, connect(f"sqlite:///{tmp_path / 'qingyuan.db'}"))
    yield place
    place.engine.dispose()


def killed(task: Any, after: int) -> list[str]:
    """Run a task in a process of its own and kill it when it has said so many lines; gives what it said."""
    command = [sys.executable, "-m", "tests.killed"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=False) as process:
        assert process.stdin
        process.stdin.write(pickle.dumps(task))
        process.stdin.close()
        said: list[str] = []

        def listen() -> None:
            said.extend(line.decode().strip() for line in process.stdout or ())

        listening = threading.Thread(target=listen)
        listening.start()
        while len(said) <= after and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        listening.join()
    return said[1:]


@pytest.mark.costly
def test_an_import_killed_in_the_middle_keeps_what_it_said_and_goes_on_without_a_double(filed: Place) -> None:
    sheet, unit_id = catalogue(1200), filed.units["banyan"].id
    task = Import(str(filed.engine.url), filed.people["clerk"], "core.tables.item_tables", unit_id, sheet)
    said = killed(task, after=3)
    assert 3 <= len(said) < 12, said
    kept = len(names(filed)) - 2
    assert int(said[-1]) <= kept <= int(said[-1]) + 2 * portions.PORTION
    assert kept % portions.PORTION == 0, "each portion is there as a whole or not at all"
    told = saved(filed, item_tables.KIND, sheet)
    assert told.done == 1200 - kept
    assert len(set(names(filed))) == len(names(filed)) == 1202


@pytest.mark.costly
def test_a_bulk_deed_killed_in_the_middle_keeps_what_it_said_and_leaves_the_rest_whole(filed: Place) -> None:
    unit_id = filed.units["banyan"].id
    filed.do(FOUNDER, fill, unit_id, 100)
    ids = filed.ask("watchdog", bulk.of_filter, Filter())
    form = bulk.Naming(owner_id=filed.people["clerk"].person_id, watchdog_id=filed.people["watchdog2"].person_id)
    rows = [row for row in filed.ask("watchdog", bulk.preview, bulk.Deed.ASSIGN, ids, form) if not row.refused]
    assert len(rows) > 50
    said = killed(Bulk(str(filed.engine.url), filed.people["watchdog"], bulk.Deed.ASSIGN, rows, form), after=10)
    assert len(said) >= 10
    now = {row.id: filed.ask(FOUNDER, lambda work, row=row: work.store.find(Risk, row.id)) for row in rows}
    named = (form.owner_id, form.watchdog_id)
    done = [row.id for row in rows if (now[row.id].owner_id, now[row.id].watchdog_id) == named]
    assert set(said) - {"end"} <= set(done)
    assert done == [row.id for row in rows[: len(done)]], "in order, none twice"
    again = filed.ask("watchdog", bulk.preview, bulk.Deed.ASSIGN, ids, form)
    assert sum(not row.refused for row in again) == len(rows) - len(done)
