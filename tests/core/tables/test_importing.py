"""Tables as people make them: read rightly, or told exactly what is wrong, and nothing saved before that is mended."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core import items
from core.access import FOUNDER
from core.errors import Denied, Invalid, Missing, Stale
from core.evidence import Upload
from core.formats import sheets
from core.formats.sheets import Sheet, read
from core.openness import subjects
from core.organisation import people, posts, units
from core.organisation.people import Person
from core.organisation.recusal import Recusal
from core.tables import importing, item_tables, people_tables, subject_tables
from core.tables.importing import Kind, Plan
from core.tables.unit_tables import KIND as UNITS
from core.words import Dimension, DisclosureClass, DisclosureWhen, Role
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.documents
ITEMS, SUBJECTS = item_tables.KIND, subject_tables.KIND
ACCOUNTS, ROLES = people_tables.ACCOUNTS, people_tables.ROLES


def book(*rows: Sequence[object], merge: Sequence[str] = ()) -> Sheet:
    made = Workbook()
    sheet: Any = made.active
    sheet.title = "汇总"
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    kept = io.BytesIO()
    made.save(kept)
    return read(Upload("表.xlsx", kept.getvalue()))


def text(*lines: str, encoding: str = "utf-8") -> Sheet:
    return read(Upload("表.csv", "\r\n".join(lines).encode(encoding)))


def look(place: Place, kind: Kind, sheet: Sheet, who: str, unit: str = "banyan") -> Plan:
    plan: Plan = place.ask(who, importing.look, kind, place.units[unit].id, sheet)
    return plan


def save(place: Place, kind: Kind, sheet: Sheet, who: str, unit: str = "banyan") -> Plan:
    plan = look(place, kind, sheet, who, unit)
    assert plan.troubles == ()
    place.do(who, importing.save, kind, place.units[unit].id, sheet, plan.mark)
    return plan


def catalogue(place: Place) -> dict[str, Any]:
    return {row.name: row for row in place.ask("clerk", items.catalogue, place.units["banyan"].id)}


# reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_each_way_offices_save_it(place: Place, encoding: str) -> None:
    rows = ("食堂采购,居务清廉,,是", "", "停车位分配,服务高效,民政救助岗,否")
    sheet = text("权力名称,四清一高效,责任岗位,是否三重一大", *rows, encoding=encoding)
    save(place, ITEMS, sheet, "clerk")
    found = catalogue(place)
    assert (found["食堂采购"].major, found["食堂采购"].post) == (True, "")
    assert (found["停车位分配"].dimension, found["停车位分配"].post) == (Dimension.EFFICIENT_SERVICE, "民政救助岗")


def test_the_head_is_found_below_titles_over_two_rows_and_under_cells_made_one(place: Place) -> None:
    sheet = book(
        ["榕树社区小微权力清单"], ["填表日期：2026年11月5日"], [],
        ["序号", "权力事项", "四清一高效维度", "公开", None, "监督方式"],
        [None, None, None, "公开方式", "公开时限", None], [],
        [1, "食堂采购", "居务清廉", "财务公开", "每月", "居务监督委员会"],
        [2, "停车位分配", None, "不公开", None, None], [],
        [3, "活动场地借用", "服务高效", "居务公开", "每季度", None],
        merge=("A1:F1", "A2:F2", "D4:E4", "A4:A5", "B4:B5", "C4:C5", "F4:F5", "C7:C8"),
    )  # fmt: skip
    plan = save(place, ITEMS, sheet, "clerk")
    assert ([change.n for change in plan.changes], plan.notes) == ([7, 8, 10], ("不认识、未读取的栏目：序号。",))
    found = catalogue(place)
    assert found["停车位分配"].dimension is Dimension.CLEAN_AFFAIRS
    assert (found["食堂采购"].disclosure_class, found["食堂采购"].disclosure_when) == (
        DisclosureClass.FINANCE, DisclosureWhen.MONTHLY,
    )  # fmt: skip
    assert found["食堂采购"].supervision == "居务监督委员会"


def test_a_formula_in_a_name_stays_the_text_it_is(place: Place) -> None:
    sheet = book(["权力事项", "四清一高效维度", "依据"], ["=SUM(A1:A9)", "居务清廉", "'=1+1"])
    save(place, ITEMS, sheet, "clerk")
    row = catalogue(place)["=SUM(A1:A9)"]
    assert row.basis == "=1+1"
    content = importing.written(place.do("clerk", importing.taken, ITEMS, place.units["banyan"].id))
    cells = [cell for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert "'=SUM(A1:A9)" in [cell.value for cell in cells]
    plan = look(place, ITEMS, read(Upload("x", content)), "clerk")
    assert (plan.changes, plan.troubles) == ((), ())


def test_every_problem_names_row_and_column_and_what_would_be_right_and_nothing_is_saved(place: Place) -> None:
    sheet = book(
        ["权力事项", "四清一高效维度", "责任岗位", "是否三重一大", "公开方式", "公开时限"],
        ["食堂采购", "居务清廉", None, None, None, None], ["停", "居务清廉", None, None, None, None],
        ["停车位分配", "别的维度", "没有的岗", "也许", "财务公开", "有时"], [None, "居务清廉", None, None, None, None],
        ["食堂采购", "居务清廉", None, None, None, None], ["活动场地", "居务清廉", None, None, "居务公开", None],
        ["字" * 81, "居务清廉", None, None, None, None],
    )  # fmt: skip
    plan = look(place, ITEMS, sheet, "clerk")
    told = [(one.n, one.column.split(" ")[0]) for one in plan.troubles]
    assert told == [(3, "A"), (4, "B"), (4, "C"), (4, "D"), (4, "F"), (5, "A"), (6, "A"), (7, "F"), (8, "A")]
    why = {(one.n, one.column[0]): one.why for one in plan.troubles}
    assert "居务清廉" in why[4, "B"]
    assert "民政救助岗" in why[4, "C"]
    assert "“是”或“否”" in why[4, "D"]
    assert "每季度" in why[4, "F"]
    assert "第 2 行" in why[6, "A"]
    assert "80" in why[8, "A"]
    before = catalogue(place)
    with pytest.raises(Invalid):
        place.do("clerk", importing.save, ITEMS, place.units["banyan"].id, sheet, plan.mark)
    assert catalogue(place) == before


def test_what_a_row_lacks_in_a_column_that_the_sheet_has_not_is_told_of_that_column(place: Place) -> None:
    sheet = text("权力事项,四清一高效维度,公开方式", "场地出借,居务清廉,居务公开")
    plan = look(place, ITEMS, sheet, "clerk")
    assert [(one.n, one.column) for one in plan.troubles] == [(2, "公开时限（文件中没有这一栏）")]


def test_a_table_without_its_columns_is_told_which_are_missing(place: Place) -> None:
    [trouble] = look(place, ITEMS, text("甲,乙", "1,2"), "clerk").troubles
    assert "权力事项、四清一高效维度" in trouble.why
    [trouble] = look(place, ITEMS, text("权力事项,维度"), "clerk").troubles
    assert trouble.n == 1


# what is kept


def test_what_a_table_says_otherwise_is_changed_and_what_it_leaves_empty_stays(place: Place) -> None:
    rows = ("低保和特困人员初核,居务清廉,社会救助暂行办法,每月", "公章使用,居务清廉,,")
    sheet = text("权力事项,维度,依据,公开时限", *rows)
    plan = look(place, ITEMS, sheet, "clerk")
    assert [change.said for change in plan.changes] == [
        (("依据", "", "社会救助暂行办法"), ("公开时限", "每季度", "每月")),
    ]  # fmt: skip
    assert plan.same == 1
    save(place, ITEMS, sheet, "clerk")
    row = catalogue(place)["低保和特困人员初核"]
    assert (row.basis, row.version, row.post) == ("社会救助暂行办法", 2, "民政救助岗")
    with pytest.raises(Stale):
        place.do("clerk", importing.save, ITEMS, place.units["banyan"].id, sheet, plan.mark)


def test_each_kind_asks_for_its_own_right_and_keeps_to_its_place(place: Place) -> None:
    sheet = text("权力事项,维度", "食堂采购,居务清廉")
    for who, refusal in (("watchdog", Denied), ("other_clerk", Missing), ("system", Denied)):
        with pytest.raises(refusal):
            look(place, ITEMS, sheet, who)
        with pytest.raises(refusal):
            place.do(who, importing.taken, ITEMS, place.units["banyan"].id)
    named = text("一级事项,二级事项,公开类别,公开时限", "财务公开,周小满的补贴,居务公开,每月")
    with pytest.raises(Missing):  # not even whether somebody of that name works there
        look(place, SUBJECTS, named, "other_clerk")
    for kind, allowed in ((SUBJECTS, "clerk"), (UNITS, "system"), (ACCOUNTS, "system"), (ROLES, "security")):
        for who in ("clerk", "watchdog", "supervisor", "discipline", "system", "security", "auditor"):
            if who != allowed:
                with pytest.raises(Denied):
                    place.ask(who, importing.opened, kind, Upload("x", b"a,b"))
                with pytest.raises(Denied):
                    place.do(who, importing.save, kind, place.units["banyan"].id, sheet, "x")


def test_one_record_is_written_for_each_change(place: Place) -> None:
    sheet = text("权力事项,维度,依据", "食堂采购,居务清廉,", "停车位分配,居务清廉,", "公章使用,居务清廉,用印办法")
    before = place.ask("auditor", _lines, place)
    save(place, ITEMS, sheet, "clerk")
    events = [line.event for line in place.ask("auditor", _lines, place)[: -len(before)]]
    assert sorted(events) == ["item_added", "item_added", "item_changed"]


def _lines(work: Any, place: Place) -> list[Any]:
    scope = work.actor.scope(people.Permission.AUDIT_READ)
    return list(work.store.entries_of_chain(scope, place.units["banyan"].id, None, 500))


def test_the_disclosure_catalogue_is_filled_and_changed_and_holds_nobody(place: Place) -> None:
    place.do("clerk", subjects.fill, place.units["banyan"].id)
    head = "一级事项,二级事项,公开要素,公开类别,公开时限,公开渠道,公开方式,公开层级"
    sheet = text(head, "财务公开,食堂收支,收入和支出,财务公开,每月,公开栏,主动公开,社区",
                 "居务公开,低保和特困人员初核,名单,居务公开,每月,,,")  # fmt: skip
    plan = save(place, SUBJECTS, sheet, "clerk")
    assert [change.new for change in plan.changes] == [True, False]
    rows = {row.name: row for row in place.ask("clerk", subjects.catalogue, place.units["banyan"].id)}
    assert rows["食堂收支"].next_due is not None
    assert rows["低保和特困人员初核"].disclosure_when is DisclosureWhen.MONTHLY
    assert rows["低保和特困人员初核"].channel != ""
    bad = text(head, "财务公开,周小满的补贴,金额,财务公开,每月,,,", "财务公开,食堂收支二,金额,不公开,每月,,,")
    troubles = look(place, SUBJECTS, bad, "clerk").troubles
    assert [(one.n, one.column[0]) for one in troubles] == [(2, "B"), (3, "D")]
    assert "周小满" in troubles[0].why


def test_units_are_put_below_others_of_the_same_file_in_any_order(place: Place) -> None:
    sheet = text(
        "上级单位,类别,名称", "榕树社区/第三网格,楼栋,12栋", "榕树社区,网格,第三网格",
        "清源市·南湖区·望江街道,社区,桃园社区", "桃园社区,网格,第一网格",
        "望江街道 > 桃园社区 > 第一网格,楼栋,3栋", "榕树社区,网格,第一网格",
    )  # fmt: skip
    plan = save(place, UNITS, sheet, "system")
    assert (plan.added, plan.same) == (5, 1)
    trails = {row.trail for row in place.ask("system", units.tree)}
    assert "清源市 · 南湖区 · 望江街道 · 榕树社区 · 第三网格 · 12栋" in trails
    assert "清源市 · 南湖区 · 望江街道 · 桃园社区 · 第一网格 · 3栋" in trails
    again = look(place, UNITS, sheet, "system")
    assert (again.changes, again.same, again.troubles) == ((), 6, ())


def test_a_unit_with_a_sign_in_its_name_that_stands_between_names_has_units_below_it(place: Place) -> None:
    head = "上级单位,类别,名称"
    save(place, UNITS, text(head, "榕树社区,网格,1/2网格", "1/2网格,楼栋,5栋", "榕树社区/1/2网格,楼栋,6栋"), "system")
    rows = {row.name: row for row in place.ask("system", units.tree)}
    assert rows["5栋"].parent_id == rows["6栋"].parent_id == rows["1/2网格"].id
    [wrong] = look(place, UNITS, text(head, "榕树社区,网格,·/·", "榕树社区,网格,第九网格"), "system").troubles
    assert (wrong.n, wrong.column[0]) == (2, "C")


def test_a_unit_without_a_place_or_with_two_is_told(place: Place) -> None:
    sheet = text(
        "上级单位,类别,名称", "没有的街道,社区,甲社区", "榕树社区,街道,乙街道", "第一网格,楼栋,5栋",
        "江畔社区,网格,第一网格", "榕树社区,大院,丙院", "榕树社区,网格,第一网格",
        "望江街道,街道,榕树社区", "望江街道,社区," + "长" * 61, "望江街道,街道,丁街道",
    )  # fmt: skip
    troubles = {(one.n, one.column[0]): one.why for one in look(place, UNITS, sheet, "system").troubles}
    assert set(troubles) == {(2, "A"), (3, "B"), (4, "A"), (6, "B"), (8, "C"), (9, "C"), (10, "B")}
    assert "路径" in troubles[2, "A"]
    assert "多个" in troubles[4, "A"]
    assert "网格" in troubles[6, "B"]


STAFF = (
    "账号,姓名,单位,岗位,角色", "chen.mei,陈美,榕树社区,会计岗、出纳岗,社区干部",
    "ｌｉｕ＿ｇａｎｇ,刘刚,榕树社区,,居监委", "chen.mei2,陈美,江畔社区,,", "clerk,周小满,榕树社区,民政救助岗、会计岗,",
)  # fmt: skip


def test_accounts_are_opened_with_their_posts_and_nobody_is_told_a_password(place: Place) -> None:
    sheet = text(*STAFF)
    plan = look(place, ACCOUNTS, sheet, "system")
    assert "2 行" in plan.notes[0]
    told = {change.name: change.said[-1] for change in plan.changes}
    assert told["chen.mei"] == ("岗位", "", "会计岗（新岗位）、出纳岗（新岗位）")
    assert told["clerk"] == ("岗位", "民政救助岗", "会计岗")
    save(place, ACCOUNTS, sheet, "system")
    rows = {row.account: row for row in place.ask("system", people.accounts)}
    assert set(rows["chen.mei"].posts) == {"会计岗", "出纳岗"}
    assert (rows["chen.mei"].roles, rows["liu_gang"].posts) == ((), ())
    assert "会计岗" in rows["clerk"].posts
    person = place.ask(FOUNDER, lambda work: work.store.person_named("chen.mei"))
    assert isinstance(person, Person)
    assert person.must_change
    assert place.ask(FOUNDER, lambda work: [p.name for p in work.store.post_rows(
        work.actor.scope(people.Permission.PERSON_EDIT)) if p.name == "会计岗"]) == ["会计岗"]  # fmt: skip
    assert look(place, ACCOUNTS, sheet, "system").changes == ()
    first = place.do("security", people.reset_password, rows["chen.mei"].id)
    assert place.sign_in("chen.mei", first)


def test_roles_of_the_same_file_are_given_by_the_other_administrator_alone(place: Place) -> None:
    more = ("watchdog,郑守正,榕树社区,,社区干部", "security,蒋安全,清源市,,审计员", "chen.mei,陈美,榕树社区,,居监委")
    sheet = text(*STAFF, *more)
    place.do("system", importing.save, ACCOUNTS, "", text(*STAFF), look(place, ACCOUNTS, text(*STAFF), "system").mark)
    plan = look(place, ROLES, sheet, "security")
    assert plan.troubles == ()
    assert [change.said[0][2] for change in plan.changes] == [Role.CADRE.label, Role.WATCHDOG.label]
    assert [kept.n for kept in plan.kept] == [6, 7, 8]
    place.do("security", importing.save, ROLES, "", sheet, plan.mark)
    staff = place.ask("security", people.role_holders)
    roles = {row.account: [role for _id, role, _unit in row.roles] for row in staff}
    assert (roles["chen.mei"], roles["liu_gang"], roles["chen.mei2"]) == ([Role.CADRE], [Role.WATCHDOG], [])
    assert roles["watchdog"] == [Role.WATCHDOG]
    unknown = text("账号,单位,角色", "nobody,榕树社区,社区干部", "clerk,哪里,社区干部", "clerk,榕树社区,国王")
    troubles = look(place, ROLES, unknown, "security").troubles
    assert [(one.n, one.column[0]) for one in troubles] == [(2, "A"), (3, "B"), (4, "C")]


def test_whoever_comes_by_a_table_is_kept_away_from_what_was_said_of_them(place: Place) -> None:
    makers.speak(place, "陈美管账的时候名单没贴")
    [flag] = makers.inbox(place)
    save(place, ACCOUNTS, text(*STAFF), "system")
    ids = {row.id for row in place.ask("system", people.accounts) if row.name == "陈美"}
    withheld = place.ask(FOUNDER, lambda work: {r.person_id for r in work.store.some(
        Recusal, work.actor.scope(people.Permission.PERSON_EDIT), flag_id=flag.id)})  # fmt: skip
    assert ids & withheld
    here = [row for row in place.ask("system", people.accounts) if row.unit_id == place.units["banyan"].id]
    assert {row.id for row in here if row.name == "陈美"} <= withheld


def test_accounts_that_cannot_be_opened_are_told(place: Place) -> None:
    sheet = text("账号,姓名,单位", "a b,甲,榕树社区", "new1,乙,没有的单位", "clerk,王五,榕树社区",
                 "secretary,林向前,江畔社区", "new2,,榕树社区", "new3,丙,榕树社区", "new3,丁,榕树社区")  # fmt: skip
    troubles = {(one.n, one.column[0]): one.why for one in look(place, ACCOUNTS, sheet, "system").troubles}
    assert set(troubles) == {(2, "A"), (3, "C"), (4, "B"), (5, "C"), (6, "B"), (8, "A")}
    assert "榕树社区" in troubles[5, "C"]


def test_a_form_is_handed_out_for_every_kind_and_comes_back_without_a_change(place: Place) -> None:
    place.do("clerk", subjects.fill, place.units["banyan"].id)
    place.do("system", posts.add_post, place.units["banyan"].id, "会计岗")
    keepers = {"items": "clerk", "subjects": "clerk", "units": "system", "people": "system", "roles": "security"}
    for kind in (ITEMS, SUBJECTS, UNITS, ACCOUNTS, ROLES):
        who = keepers[kind.name]
        unit_id = place.units["banyan"].id
        empty = load_workbook(io.BytesIO(place.ask(who, importing.form, kind, unit_id)))
        assert len(empty.worksheets) == 2
        assert empty.worksheets[0]["A3"].value
        if kind.now:
            sheet = read(Upload("x", importing.written(place.do(who, importing.taken, kind, unit_id))))
            plan = look(place, kind, sheet, who)
            assert (plan.changes, plan.troubles, plan.kept) == ((), (), ()), kind.name
            assert plan.same > 0


NAMES = st.text(st.sampled_from("=+-@'|%＝ 甲乙丙1１一_<&,;\"\n"), min_size=2, max_size=20).filter(
    lambda name: len(name.strip()) > 1 and name.strip("' ") != ""
)


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(NAMES, st.sampled_from(Dimension), NAMES), max_size=5, unique_by=lambda row: row[0]))
def test_any_catalogue_comes_back_as_it_went(made: Place, rows: list[tuple[str, Dimension, str]]) -> None:
    from core.text import folded
    from db.engine import connect

    place = makers.copy_of(made, connect("sqlite://"))
    unit_id, taken = place.units["banyan"].id, {""}
    for name, dimension, basis in rows:
        if folded(name) in taken:
            continue
        taken.add(folded(name))
        place.do("clerk", items.add_item, unit_id, items.ItemForm(name=name, dimension=dimension, basis=basis))
    content = importing.written(place.do("clerk", importing.taken, ITEMS, unit_id))
    plan = look(place, ITEMS, read(Upload("x", content)), "clerk")
    assert (plan.changes, plan.troubles, plan.same) == ((), (), len(taken) + 1)
    place.engine.dispose()


@pytest.mark.costly
def test_ten_thousand_rows_are_read_and_one_more_is_refused(place: Place) -> None:
    rows = [["权力事项", "四清一高效维度", "依据"], *([f"事项{n}", "居务清廉", f"依据{n}"] for n in range(10_000))]
    rows[5001] = ["停", "居务清廉", ""]
    plan = look(place, ITEMS, book(*rows), "clerk")
    assert (len(plan.changes), [(one.n, one.column[0]) for one in plan.troubles]) == (9_999, [(5002, "A")])
    for more in (1, sheets.ABOVE):
        with pytest.raises(Invalid) as refused:
            look(place, ITEMS, book(*rows, *(["多一行", "居务清廉", ""] for _n in range(more))), "clerk")
        assert "10000" in refused.value.fields["file"]
