"""The schedule of the register: handed out in full, brought back changed, and nothing lost or taken over unseen."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.access import FOUNDER
from core.entries import register, risks
from core.entries.register import Filter
from core.entries.risks import Risk
from core.errors import Denied, Invalid, Refused, Stale
from core.evidence import Upload
from core.formats.sheets import Sheet, read
from core.organisation import posts
from core.organisation.units import new_id
from core.prevention import measures
from core.prevention.measures import Measure
from core.store import Work
from core.tables import importing, schedule
from core.tables.importing import Plan
from core.tables.schedule import Of
from core.tables.schedule_tables import KIND
from core.voices.flags import Flag
from core.words import Dimension, FlagStatus, Level, MeasureStatus, RiskStatus, RiskType, Source
from tests import makers
from tests.hidden import HIDING, MARK, lived
from tests.makers import Place

pytestmark = pytest.mark.documents
HEADS = (
    "序号", "权力事项", "责任岗位", "风险类别", "风险点", "表现形式", "风险等级", "防范措施", "责任人(岗位)",
    "责任领导", "监督人", "完成时限", "落实情况", "来源", "四清一高效维度", "公开方式和时限", "备注",
)  # fmt: skip
Edit = Callable[[Any], None]


def handed_out(place: Place, who: str = "watchdog", wanted: Filter | None = None) -> bytes:
    return bytes(place.ask(who, schedule.workbook, wanted or Filter()))


def changed(content: bytes, *edits: Edit) -> Sheet:
    """The file as somebody saved it again after changing it in a spreadsheet."""
    book = load_workbook(io.BytesIO(content))
    for edit in edits:
        edit(book.worksheets[0])
    kept = io.BytesIO()
    book.save(kept)
    return read(Upload("一览表.xlsx", kept.getvalue()))


def put(head: str, value: object, row: int = 4) -> Edit:
    def edit(sheet: Any) -> None:
        at = next(cell.column for cell in sheet[3] if cell.value == head)
        sheet.cell(row, at).value = value

    return edit


def look(place: Place, sheet: Sheet, who: str = "watchdog", unit: str = "banyan") -> Plan:
    plan: Plan = place.ask(who, importing.look, KIND, place.units[unit].id if unit else "", sheet)
    return plan


def save(place: Place, sheet: Sheet, who: str = "watchdog", unit: str = "banyan") -> None:
    unit_id = place.units[unit].id if unit else ""
    place.do(who, importing.save, KIND, unit_id, sheet, look(place, sheet, who, unit).mark)


def row_of(place: Place, risk_id: str, who: str = "supervisor") -> dict[Of, object]:
    rows = place.ask(who, schedule.rows, Filter(statuses=tuple(RiskStatus)))
    return schedule.told(next(row for row in rows if row.id == risk_id))


def said(plan: Plan) -> list[tuple[str, str, str]]:
    return [part for change in plan.changes for part in change.said]


def test_the_table_holds_the_columns_of_the_field_and_every_entry_in_full(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.planned(place, risk_id, days=40)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    sheet = load_workbook(io.BytesIO(handed_out(place))).worksheets[0]
    assert sheet["A1"].value == "社区廉政风险点及防控措施一览表"
    assert "榕树社区，共 2 项" in sheet["A2"].value
    assert tuple(cell.value for cell in sheet[3])[:17] == HEADS
    first, second = (dict(zip(HEADS, [cell.value for cell in row], strict=False)) for row in sheet.iter_rows(4, 5))
    assert first["序号"] == 1
    assert first["风险点"] == "救助对象名单公开不及时"
    assert (first["风险等级"], second["风险等级"]) == ("中", "待评定")
    text = "每季度首月五日前在公开栏张贴名单"
    assert first["防范措施"].splitlines() == [f"1. {text}", f"2. {text}"]
    assert first["完成时限"] == datetime.combine(place.today + timedelta(days=40), time())
    assert (first["责任人(岗位)"], first["责任领导"], first["监督人"]) == (
        "周小满（民政救助岗）", "林向前（印章管理岗）", "郑守正",
    )  # fmt: skip
    assert (first["责任岗位"], first["来源"], first["备注"]) == ("民政救助岗", "群众帮", "防控中")
    assert first["四清一高效维度"] == "居务清廉"
    assert second["完成时限"] is None
    offered = {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}
    assert offered.keys() == {"B4", "D4", "G4", "I4", "J4", "K4", "O4"}
    assert [sheet.column_dimensions[letter].hidden for letter in "QRS"] == [False, True, True]


def test_the_filter_decides_which_entries_and_the_scope_whose(place: Place) -> None:
    makers.rated(place, makers.open_risk(place))
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    assert [row.number for row in place.ask("watchdog", schedule.rows, Filter(levels=("medium",)))] == [1]
    assert [row.number for row in place.ask("watchdog", schedule.rows, Filter(text="公章"))] == [2]
    assert place.ask("other_watchdog", schedule.rows, Filter()) == []
    everything = [row.id for row in place.ask("watchdog", schedule.rows, Filter())]
    assert [row.number for row in place.ask("watchdog", schedule.rows, Filter(), everything[1:])] == [2]
    assert place.ask("other_watchdog", schedule.rows, Filter(), everything) == []
    assert place.ask("watchdog", schedule.rows, Filter(), []) == []
    for who in ("system", "security", "auditor"):
        with pytest.raises(Denied):
            place.ask(who, schedule.workbook, Filter())
    told = place.ask("watchdog", schedule.text_table, Filter()).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(told, newline="")))
    assert tuple(table[0]) == HEADS
    assert [row["风险等级"] for row in table] == ["中", "待评定"]


def test_a_voice_one_does_not_hear_is_not_told_by_the_table(place: Place) -> None:
    risk_id = makers.open_risk(place, "钱思远管的事，名单没贴")
    assert row_of(place, risk_id, "watchdog")[Of.SOURCES] == "群众帮"
    assert row_of(place, risk_id, "watchdog2")[Of.SOURCES] == ""


@pytest.mark.costly
@pytest.mark.privacy
def test_nothing_hidden_makes_a_row_say_something_else(place: Place) -> None:
    lived(place, ["opened", "merged", "joined", "controlled"])
    for name, hide in HIDING.items():
        before = {who: place.ask(who, schedule.rows, Filter()) for who in READERS}
        hidden = hide(place)
        for who in READERS:
            rows = place.ask(who, schedule.rows, Filter())
            assert MARK not in str(rows), (name, who)
            if who in hidden.from_ and name.startswith("sealed"):
                assert rows == before[who], (name, who)


READERS = ("secretary", "clerk", "watchdog", "watchdog2", "supervisor", "discipline")


def test_a_file_that_nobody_changed_changes_nothing(place: Place) -> None:
    makers.controlled(place)
    makers.open_risk(place, "=1+1盖章登记本没人记", "=1+1公章使用登记不全")
    content = handed_out(place)
    for sheet in (read(Upload("x", content)), changed(content)):
        plan = look(place, sheet)
        assert (plan.changes, plan.troubles, plan.kept, plan.same, plan.notes) == ((), (), (), 2, ())


def test_words_people_and_further_measures_are_changed_by_the_deeds_of_the_entry(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    sheet = changed(
        handed_out(place, "supervisor"), put("风险点", "救助名单张贴时间太短"), put("风险类别", "岗位职责"),
        put("权力事项", "公章使用"), put("监督人", "钱思远"), put("完成时限", "2027年1月5日"),
        put("防范措施", "每季度首月五日前在公开栏张贴名单\n2、名单贴满三十天"),
    )  # fmt: skip
    plan = look(place, sheet, "supervisor")
    assert plan.troubles == ()
    assert {part[0] for part in said(plan)} == {"风险点", "权力事项", "风险类别", "监督人", "防范措施", "完成时限"}
    assert ("监督人", "郑守正", "钱思远") in said(plan)
    save(place, sheet, "supervisor")
    row = row_of(place, risk_id)
    assert (row[Of.TITLE], row[Of.KIND], row[Of.ITEM]) == ("救助名单张贴时间太短", "岗位职责风险", "公章使用")
    assert row[Of.WATCHDOG] == "钱思远"
    assert row[Of.MEASURES] == "1. 每季度首月五日前在公开栏张贴名单\n2. 名单贴满三十天"
    assert row[Of.DUE] == date(2027, 1, 5)
    events = [line.event for line in place.ask("supervisor", lambda work: work.store.risk_history(
        work.actor.scope(register.Permission.REGISTER_READ), risk_id))]  # fmt: skip
    assert (events.count("risk_described"), events.count("risk_assigned"), events.count("measure_planned")) == (1, 2, 2)


def test_what_needs_a_step_or_a_rating_stays_and_says_why(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    sheet = changed(
        handed_out(place), put("风险等级", "高"), put("落实情况", "核查通过"), put("备注", "已销号"), put("序号", 7),
        put("防范措施", "改写过的措施"), put("表现形式", "名单只贴两天"),
    )  # fmt: skip
    plan = look(place, sheet)
    assert plan.troubles == ()
    why = {kept.column: kept.why for kept in plan.kept}
    assert {"风险等级", "落实情况", "备注", "序号", "防范措施"} == set(why)
    assert "评定" in why["风险等级"]
    assert "另起一行" in why["防范措施"]
    assert said(plan) == [("表现形式", "", "名单只贴两天")]
    before = row_of(place, risk_id)
    save(place, sheet)
    after = row_of(place, risk_id)
    assert {of for of in Of if before[of] != after[of]} == {Of.SHOWS, Of.STATE}


def test_another_day_moves_what_is_planned_with_the_reason_from_the_remarks(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.planned(place, risk_id, days=60)
    makers.planned(place, risk_id, days=30)
    day = place.today + timedelta(days=25)
    for edits, column, why in (
        ((put("完成时限", day),), "备注", "理由"),
        ((put("完成时限", day), put("备注", "已销号")), "备注", "理由"),
        ((put("完成时限", "下个月"), put("备注", "等材料")), "完成时限", "年份"),
        ((put("完成时限", date(2020, 1, 1)), put("备注", "等材料")), "完成时限", "早于"),
    ):  # fmt: skip
        [trouble] = look(place, changed(handed_out(place, "secretary"), *edits), "secretary").troubles
        assert column in trouble.column
        assert why in trouble.why
    sheet = changed(handed_out(place, "secretary"), put("完成时限", day), put("备注", "等材料"))
    own = look(place, changed(handed_out(place, "clerk"), put("完成时限", day), put("备注", "等材料")), "clerk")
    assert (own.changes, [one.column for one in own.kept]) == ((), ["完成时限"])
    last = place.today + timedelta(days=60)
    assert said(look(place, sheet, "secretary")) == [("完成时限", last.isoformat(), day.isoformat())]
    assert look(place, sheet, "secretary").kept == ()
    save(place, sheet, "secretary")
    days = sorted(one.due_on for one in place.ask(FOUNDER, lambda work: work.store.measures_of(risk_id)))
    assert days == [place.today + timedelta(days=20), day, day]
    lines = place.ask("supervisor", lambda work: work.store.risk_history(
        work.actor.scope(register.Permission.REGISTER_READ), risk_id))  # fmt: skip
    assert [line.facts["reason"] for line in lines if line.event == "measure_rearranged"] == ["等材料", "等材料"]
    save_nothing = look(place, changed(handed_out(place, "secretary")), "secretary")
    assert (save_nothing.changes, save_nothing.kept) == ((), ())


def test_each_change_asks_for_its_own_right_and_the_reason_stands_beside_the_row(place: Place) -> None:
    makers.controlled(place)
    edits = (put("风险点", "救助名单张贴时间太短"), put("监督人", "钱思远"))
    for who, kept in (("clerk", {"风险点", "监督人"}), ("discipline", {"风险点", "监督人"}), ("watchdog", set())):
        plan = look(place, changed(handed_out(place, who), *edits), who)
        assert ({one.column for one in plan.kept}, plan.troubles) == (kept, ()), who
        assert all(one.why for one in plan.kept)
    with pytest.raises(Denied):
        place.ask("system", importing.look, KIND, "", changed(handed_out(place)))
    further = put("防范措施", "1. 每季度首月五日前在公开栏张贴名单\n\n新增一条双人复核")
    for who, columns in (("secretary", ["防范措施"]), ("watchdog", [])):
        plan = look(place, changed(handed_out(place, who), further), who)
        assert [part[0] for part in said(plan)] == columns


@pytest.mark.parametrize(
    ("head", "value", "right"),
    [
        ("权力事项", "没有这个事项", "权力事项清单"), ("风险类别", "别的风险", "业务流程风险"),
        ("四清一高效维度", None, "请填写"),
        ("责任人(岗位)", "没有这个人", "周小满（民政救助岗）"), ("监督人", "周小满", "郑守正"), ("风险点", "短", "4"),
        ("风险点", "周小满收钱办事", "周小满"), ("表现形式", "长" * 1001, "1000"), ("风险点", None, "4"),
    ],
)  # fmt: skip
def test_each_problem_names_row_and_column_and_what_would_be_right(
    place: Place, head: str, value: object, right: str
) -> None:
    makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    sheet = changed(handed_out(place), put(head, value), put("表现形式", "登记本缺页", 5))
    plan = look(place, sheet)
    [trouble] = [one for one in plan.troubles if head in one.column]
    assert (trouble.n, trouble.column[0]) == (4, "ABCDEFGHIJKLMNOPQ"[HEADS.index(head)])
    assert right in trouble.why
    with pytest.raises(Invalid):
        place.do("watchdog", importing.save, KIND, place.units["banyan"].id, sheet, plan.mark)
    assert all(row.manifestation == "" for row in place.ask("watchdog", schedule.rows, Filter()))


def test_a_row_that_both_sides_changed_is_told_with_who_and_what(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    content = handed_out(place)
    form = risks.RiskForm(title="救助名单不公开", dimension=Dimension.CLEAN_AFFAIRS, risk_type=RiskType.PROCESS)
    place.do("supervisor", risks.describe, risk_id, form)
    plan = look(place, changed(content, put("风险点", "救助名单张贴时间太短")))
    told = " ".join(one.why for one in plan.troubles)
    assert "孙立人" in told
    assert "救助名单不公开" in told
    plan = look(place, changed(content, put("风险点", "公章登记常常漏记", 5)))
    assert (plan.troubles, len(plan.changes)) == ((), 1)
    assert "没有改动" in plan.notes[0]
    same = changed(content, put("风险点", "救助名单不公开"), put("权力事项", None))  # as it is now
    assert look(place, same).troubles == ()


def test_the_same_file_again_finds_everything_as_it_is_kept(place: Place) -> None:
    makers.controlled(place)
    sheet = changed(
        handed_out(place, "supervisor"), put("责任人(岗位)", "林向前"), put("风险类别", "制度机制"),
        put("防范措施", "每季度首月五日前在公开栏张贴名单\n监督委员会每季度抽查一次"), put("权力事项", "公章使用"),
    )  # fmt: skip
    assert len(look(place, sheet, "supervisor").changes[0].said) == 4
    save(place, sheet, "supervisor")
    again = look(place, sheet, "supervisor")
    assert (again.changes, again.troubles, again.same) == ((), (), 1)


def test_what_was_agreed_to_is_what_is_saved_or_nothing(place: Place) -> None:
    makers.controlled(place)
    sheet = changed(handed_out(place), put("风险点", "救助名单张贴时间太短"))
    plan = look(place, sheet)
    with pytest.raises(Stale):
        place.do("watchdog", importing.save, KIND, place.units["banyan"].id, sheet, "anders")
    save(place, sheet)
    with pytest.raises(Stale):
        place.do("watchdog", importing.save, KIND, place.units["banyan"].id, sheet, plan.mark)


def test_a_refusal_at_the_last_moment_saves_nothing_and_names_the_row(place: Place) -> None:
    makers.controlled(place)
    sheet = changed(
        handed_out(place, "supervisor"), put("表现形式", "名单只贴两天"), put("风险点", "孙立人这样的新问题", 6),
        put("风险点", "周小满收受红包才办低保", 7),
    )  # fmt: skip
    plan = look(place, sheet, "supervisor")
    with pytest.raises(Refused) as refused:
        place.do("supervisor", importing.save, KIND, place.units["banyan"].id, sheet, plan.mark)
    assert "第 7 行" in str(refused.value)
    [row] = place.ask("supervisor", schedule.rows, Filter())
    assert row.manifestation == ""


def test_rows_may_be_sorted_taken_out_widened_and_their_heads_renamed(place: Place) -> None:
    makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.open_risk(place, "门面租给谁没有公布", "门面出租没有公开招租")

    def shuffled(sheet: Any) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(4, 6)]
        for n, row in enumerate(reversed(rows), start=4):
            for at, value in enumerate(row, start=1):
                sheet.cell(n, at).value = value
        sheet.delete_rows(6)
        sheet.insert_cols(3)
        sheet.cell(3, 3, "我的想法")
        sheet.cell(4, 3, "要问问")
        for cell in sheet[3]:
            if cell.value == "风险点":
                cell.value = "廉政 风险点（名称）"
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1, "某街道汇总表")

    sheet = changed(handed_out(place), shuffled)
    plan = look(place, sheet)
    assert (plan.changes, plan.troubles, plan.same) == ((), (), 2)
    assert "1 项" in plan.notes[0]
    assert "我的想法" in " ".join(plan.notes)
    assert len(place.ask("watchdog", schedule.rows, Filter())) == 3


def test_days_written_as_text_and_full_width_digits_say_the_same_day(place: Place) -> None:
    makers.controlled(place)
    content = handed_out(place)
    [row] = place.ask("watchdog", schedule.rows, Filter())
    due = schedule.due(row.measures)
    assert due is not None
    wide = due.strftime("%Y%m%d").translate({ord("0") + n: ord("０") + n for n in range(10)})
    for written in (due, f"{due.year}年{due.month}月{due.day}日", due.strftime("%Y.%m.%d"), due.strftime("%Y%m%d"),
                    f"{due.year}/{due.month}/{due.day}", wide):  # fmt: skip
        plan = look(place, changed(content, put("完成时限", written)))
        assert (plan.changes, plan.troubles, plan.kept) == ((), (), ()), written


def copied(sheet: Any) -> None:
    for at, cell in enumerate(list(sheet[4]), start=1):
        sheet.cell(6, at).value = cell.value


def test_a_row_that_was_copied_is_a_new_one_where_it_says_something_else(place: Place) -> None:
    makers.controlled(place)
    content = handed_out(place, "supervisor")
    plan = look(place, changed(content, copied), "supervisor")
    assert (plan.changes, plan.troubles, plan.same) == ((), (), 2)
    sheet = changed(content, copied, put("风险点", "救助款发放没有签字", 6))
    plan = look(place, sheet, "supervisor")
    assert [(change.n, change.new) for change in plan.changes] == [(6, True)]
    both = (copied, put("风险点", "救助款发放没有签字", 6), put("风险点", "救助名单张贴时间太短", 4))
    assert [one.n for one in look(place, changed(content, *both), "supervisor").troubles] == [6]
    told = changed(content, *both, put("序号", None, 6))
    assert [change.new for change in look(place, told, "supervisor").changes] == [False, True]


def test_a_new_row_is_a_proposal_of_whoever_brings_it_and_waits_for_its_review(place: Place) -> None:
    makers.controlled(place)
    said_of = {"风险点": "救助款发放没有签字", "权力事项": "低保和特困人员初核", "表现形式": "领款表空着"}
    edits = [put(head, value, 6) for head, value in said_of.items()]
    for who, source in (("supervisor", Source.SUPERIOR), ("clerk", Source.SELF)):
        if who == "clerk":
            plan = look(place, changed(handed_out(place, who), *edits), who)
            assert "轮次" in plan.kept[0].why or plan.kept[0].why
            makers.opened_round(place)
        sheet = changed(handed_out(place, who), *edits)
        save(place, sheet, who)
        [flag] = place.ask("watchdog", lambda work, wanted=source: work.store.some(
            Flag, work.actor.scope(register.Permission.INBOX_READ), source=wanted))  # fmt: skip
        assert (flag.text, flag.item_id) == ("救助款发放没有签字\n领款表空着", place.items["relief"])
        assert (flag.status, flag.raised_by) == (FlagStatus.NEW, place.people[who].person_id)
    plan = look(place, changed(handed_out(place), *edits))
    assert (plan.changes, len(plan.kept)) == ((), 1)
    plan = look(place, changed(handed_out(place), put("风险点", "救助对象名单公开不及时", 6)))
    assert "第 1 项" in plan.troubles[0].why
    plan = look(place, changed(handed_out(place, "supervisor"), *edits), "supervisor", unit="")
    assert "社区" in plan.troubles[0].why


def test_a_schedule_made_by_hand_brings_proposals_and_never_doubles_an_entry(place: Place) -> None:
    makers.controlled(place)
    made = Workbook()
    table: Any = made.active
    for row in (
        ["某社区廉政风险点一览表"], ["序号", "权力名称", "廉政风险点", "风险表现", "风险类型", "防控措施", "整改时限"],
        [1, "低保和特困人员初核", "救助对象名单公开不及时", "名单只贴两天", "业务流程", "每季度张贴", "2026.11.5"],
        [2, None, "救助款发放没有签字", "领款表空着", "岗位职责", "两人到场", "２０２６年１２月１日"],
        [3, "没有的事项", "=1+1门面出租没有公示", None, None, None, None], ["合计", None, None, None, None, None, None],
    ):  # fmt: skip
        table.append(row)
    table.merge_cells("A1:G1")
    table.merge_cells("B3:B4")
    kept_ = io.BytesIO()
    made.save(kept_)
    plan = look(place, read(Upload("手工表.xlsx", kept_.getvalue())), "supervisor")
    assert [(change.n, change.new) for change in plan.changes] == [(4, True)]
    assert ("权力事项", "", "低保和特困人员初核") in said(plan)
    assert [(one.n, one.column[0]) for one in plan.troubles] == [(3, "C"), (5, "B"), (6, "C")]


def test_entries_elsewhere_and_marks_that_were_changed_are_told(place: Place) -> None:
    makers.controlled(place)
    content = handed_out(place, "supervisor")
    plan = look(place, read(Upload("x", content)), "other_watchdog", "river")
    assert "管辖范围" in plan.troubles[0].why

    def broken(sheet: Any) -> None:
        sheet.cell(4, 19, "x")

    assert "重新导出" in look(place, changed(content, broken)).troubles[0].why


def test_cells_made_one_count_for_each_of_their_rows(place: Place) -> None:
    makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")

    def merged(sheet: Any) -> None:
        sheet["O5"] = None
        sheet.merge_cells("O4:O5")
        sheet.merge_cells("A1:Q1")

    plan = look(place, changed(handed_out(place), merged))
    assert (plan.changes, plan.troubles, plan.same) == ((), (), 2)


WORDS = st.text(st.sampled_from("=+-@'|%＝＋ \t\n,;\"<&>甲乙1一_x0041\ufeff\u200b𠮷é\u0301"), max_size=30)
PEOPLE = st.sampled_from(("secretary", "clerk", "watchdog", None))


def kept(work: Work, place: Place, rows: list[dict[str, Any]]) -> None:
    """Entries as an older version of the product, or another hand, may have left them."""
    unit_id = place.units["banyan"].id
    ids = {key: actor.person_id for key, actor in place.people.items()}
    for n, row in enumerate(rows, start=1):
        risk = Risk(new_id(), unit_id, n, row["title"], row["item"] and place.items[row["item"]], row["dimension"],
                    row["kind"], work.today, row["shows"], level=row["level"])  # fmt: skip
        risk.owner_id, risk.watchdog_id = ids.get(row["owner"] or ""), ids.get(row["watchdog"] or "")
        work.store.add(risk)
        for text in row["measures"]:
            work.store.add(Measure(
                new_id(), unit_id, risk.id, text, measures.MeasureType.RULE, measures.MeasureStage.PREVENTION,
                measures.ActorKind.PARTY, ids["clerk"] or "", ids["watchdog"] or "", work.today, work.today,
                status=row["status"],
            ))  # fmt: skip
        work.record("risk_described", risk.id, chain=unit_id)


ROWS = st.lists(
    st.fixed_dictionaries({
        "title": WORDS, "shows": WORDS, "item": st.sampled_from(("relief", "seal", None)),
        "dimension": st.sampled_from(Dimension), "kind": st.sampled_from(RiskType),
        "level": st.sampled_from((*Level, None)), "owner": PEOPLE, "watchdog": PEOPLE,
        "measures": st.lists(WORDS, max_size=3), "status": st.sampled_from(MeasureStatus),
    }),
    max_size=5,
)  # fmt: skip


@pytest.mark.costly
@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(ROWS)
def test_whatever_the_register_holds_comes_back_as_it_went(made: Place, rows: list[dict[str, Any]]) -> None:
    from db.engine import connect
    from tests.makers import copy_of

    place = copy_of(made, connect("sqlite://"))
    place.do(FOUNDER, kept, place, rows)
    content = handed_out(place)
    if not rows:
        return
    for sheet in (read(Upload("x", content)), changed(content)):
        plan = look(place, sheet)
        assert (plan.changes, plan.troubles, plan.kept, plan.same) == ((), (), (), len(rows))
    place.engine.dispose()


def edits_of(place: Place) -> dict[Of, tuple[object, ...]]:
    """What somebody may write into each column: what can be, what cannot, and nothing."""
    names = dict.fromkeys((Of.OWNER, Of.LEADER), ("周小满", "林向前（印章管理岗）", "没有这个人", None))
    return dict.fromkeys(schedule.FIXED, ("随便写的", 7, None)) | names | {
        Of.ITEM: ("公章使用", "没有这个事项", None), Of.KIND: ("制度机制风险", "别的", None),
        Of.TITLE: ("救助名单张贴时间太短", "短", None), Of.SHOWS: ("名单只贴两天", "=1+1", None),
        Of.MEASURES: ("1. 每季度首月五日前在公开栏张贴名单\n2. 两人复核", "改写过的措施", None),
        Of.WATCHDOG: ("钱思远", "郑守正", "周小满", None), Of.DIMENSION: ("服务高效", "别的", None),
        Of.DUE: (place.today + timedelta(days=90), "2026年12月31日", "下个月", None),
    }  # fmt: skip


@pytest.mark.costly
@settings(max_examples=25, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_edited_comes_back_or_is_told_column_by_column(made: Place, data: st.DataObject) -> None:
    from db.engine import connect
    from tests.makers import copy_of

    place = copy_of(made, connect("sqlite://"))
    risk_id, _measure = makers.controlled(place)
    columns = data.draw(st.lists(st.sampled_from([of for of in Of if of not in (Of.ID, Of.STATE)]), max_size=5,
                                 unique=True))  # fmt: skip
    cells = {of: data.draw(st.sampled_from(edits_of(place)[of])) for of in columns}
    before = row_of(place, risk_id)
    sheet = changed(handed_out(place), *[put(of.label, value) for of, value in cells.items()])
    plan = look(place, sheet)
    came = {of for change in plan.changes for of in Of for label, *_rest in change.said if label == of.label}
    told = {of for of in Of for one in plan.kept if one.column == of.label}
    wrong = {of for of in Of for one in plan.troubles if of.label in one.column}
    edited = {of for of in columns if not comes(before[of], cells[of])}
    as_reason = {Of.REMARK} if Of.DUE in came or Of.DUE in wrong | told else set()
    assert wrong or came | told >= edited - as_reason, "nothing is passed over in silence"
    assert {of for of in edited if cells[of] == "别的"} <= wrong | told
    assert came <= edited
    assert came.isdisjoint(schedule.FIXED)
    assert bool(plan.troubles) == bool(wrong)
    if not wrong:
        save(place, sheet)
        after = row_of(place, risk_id)
        follow = {Of.POST, Of.STATE} | ({Of.DUE, Of.PROGRESS} if came & {Of.DUE, Of.MEASURES} else set())
        assert {of for of in Of if before[of] != after[of]} <= came | follow
        for of in came - {Of.DUE}:
            assert comes(after[of], cells[of]), of
        again = look(place, changed(handed_out(place)))
        assert (again.changes, again.troubles, again.kept) == ((), (), ())
    place.engine.dispose()


def written(value: object) -> Any:
    return value if isinstance(value, str | date | None) else str(value)


def comes(now: object, cell: object) -> bool:
    """Whether a column says what was written, people with the posts they hold."""
    said, wanted = schedule.as_text(written(now)), schedule.as_text(written(cell))
    return said == wanted or said.startswith(f"{wanted}（")


def test_people_of_the_same_name_are_told_apart_by_their_posts(place: Place) -> None:
    makers.controlled(place)
    makers.make_person(place, "second", "周小满", "banyan", makers.Role.CADRE)
    post = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, "网格岗")
    place.do(FOUNDER, posts.take_post, post, place.people["second"].person_id)
    content = handed_out(place)
    assert "网格岗" in look(place, changed(content, put("责任领导", "周小满"))).troubles[0].why
    sheet = changed(content, put("责任领导", "周小满(网格岗)"))
    save(place, sheet)
    [row] = place.ask("watchdog", schedule.rows, Filter())
    assert row.leader == (place.people["second"].person_id, "周小满", ("网格岗",))
