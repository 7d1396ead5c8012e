"""Intake of many: columns by their headings, every bad row told, and each row by the rules of a single flag."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from core import dates, items
from core.dates import is_believed
from core.errors import Denied, Invalid, Missing, Stale
from core.evidence import Upload
from core.formats.columns import Column, cell, head, letter, recognised, stated_day
from core.formats.sheets import Line, read
from core.review import intake, runs, taking
from core.review.intake import Checked, IntakeForm
from core.review.runs import RunRow
from core.voices.flags import LONGEST, Flag
from core.words import Channel, Dimension, FlagStatus, RunKind, RunStatus, Source
from tests import makers
from tests.makers import Place
from tests.sheets import begun, form, many, sheet, worked_off

pytestmark = pytest.mark.usefixtures("plainly")
from tests.bunching import plainly  # noqa: E402,F401


def checked(place: Place, *lines: str, who: str = "clerk", unit: str = "banyan", **more: object) -> Checked:
    _content, found = sheet(*lines)
    result: Checked = place.ask(who, intake.checked, place.units[unit].id, found, form(found, **more))
    return result


def flags(place: Place, run_id: str) -> list[Flag]:
    def asked(work: object) -> list[Flag]:
        rows = work.store.some(RunRow, work.actor.scope(runs.RIGHTS[RunKind.INTAKE]), run_id=run_id)  # type: ignore[attr-defined]
        return [work.store.find(Flag, row.flag_id) for row in sorted(rows, key=lambda r: r.n) if row.flag_id]  # type: ignore[attr-defined]

    return list(place.ask("clerk", asked))


def test_columns_are_told_by_chinese_and_english_headings_and_a_title_above_the_head_is_skipped() -> None:
    assert recognised(("序号", "反映内容（必填）", "填表日期", "所在楼栋", "来源")) == {
        Column.NUMBER: 0, Column.TEXT: 1, Column.DAY: 2, Column.PLACE: 3, Column.CHANNEL: 4,
    }  # fmt: skip
    assert recognised(("ID", "Date", "Content", "Power item", "Subject")) == {
        Column.NUMBER: 0, Column.DAY: 1, Column.TEXT: 2, Column.ITEM: 3, Column.TITLE: 4,
    }  # fmt: skip
    assert recognised(("居民反映内容如下", "内容")) == {Column.TEXT: 1}
    assert recognised(("", "甲", "乙")) == {}
    found = head(read(Upload("x", "榕树社区意见征集表\n\n编号,反映内容\n1,低保名单没贴".encode())))
    assert (found.line.n, found.columns, [line.n for line in found.below]) == (
        3, {Column.NUMBER: 0, Column.TEXT: 1}, [4],
    )  # fmt: skip
    assert found.name(1) == "B 反映内容"
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)), ("2026/3/5", date(2026, 3, 5)), ("2026.03.05", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)), ("20260305", date(2026, 3, 5)), ("２０２６－３－５", date(2026, 3, 5)),
        ("2026-03-05 09:30", date(2026, 3, 5)), ("2026-02-30", None), ("3月5日", None), ("=TODAY()", None),
        ("45678", None), ("昨天", None), ("0000-01-01", None),
    ],
)  # fmt: skip
def test_a_date_needs_its_year_and_is_taken_in_the_usual_forms(said: str, day: date | None) -> None:
    assert stated_day(said) == day


def test_a_stated_date_is_believed_three_years_back_and_never_ahead() -> None:
    today = date(2026, 11, 2)
    days = [date(2026, 11, 2), date(2026, 11, 3), date(2023, 11, 2), date(2023, 11, 1)]
    assert [is_believed(day, today) for day in days] == [True, False, True, False]
    assert is_believed(date(2025, 2, 28), date(2028, 2, 29)) is False


def test_every_trouble_is_told_with_row_column_and_what_would_be_right(place: Place) -> None:
    found = checked(
        place,
        "1,2026-09-03,纸质表,低保和特困人员初核,3栋,低保,名单从来没见贴出来过",
        "2,九月三日,纸质表,,,,门面租给谁没有公布",
        "3,,短信,,,,停车位谁先得谁有",
        "4,,,电影票,9栋,,停车位谁先得谁有",
        "5,,,,,,无",
        "5,2099-01-01,,,,,公章谁都能盖的",
        f"6,,,,,,{'长' * (LONGEST + 1)}",
        "7,,,,,只有标题没有话,",
        "8,2099-01-01,,,,,公章谁都能盖",
    )
    assert [(t.n, t.column[0]) for t in found.troubles] == [
        (3, "B"), (4, "C"), (5, "D"), (5, "E"), (6, "A"), (6, "G"), (7, "A"), (8, "G"), (9, "G"),
    ]  # fmt: skip
    whys = [t.why for t in found.troubles]
    assert "2026-03-05" in whys[0]
    assert "纸质表、" in whys[1] or "纸质表" in whys[1]
    assert "2000" in whys[7]
    assert (len(found.given), found.bad_rows, found.undated) == (2, 7, 1)
    assert [(one.column[0], one.rows) for one in found.complaints][:2] == [("A", (6, 7)), ("B", (3,))]
    assert found.given[0].fields == {
        "text": "低保\n名单从来没见贴出来过", "channel": "paper", "day": "2026-09-03", "number": "1",
        "item": place.items["relief"], "place": place.units["building"].id,
    }  # fmt: skip
    assert found.given[1].fields == {"text": "公章谁都能盖", "channel": "paper", "number": "8"}


def test_nothing_of_a_cell_stands_in_the_sentence_on_it(place: Place) -> None:
    found = checked(place, "1,周小满收了红包,周小满收了红包,周小满收了红包,周小满收了红包,,停车位谁先得")
    assert not any("周小满" in trouble.why for trouble in found.troubles)


@pytest.mark.costly
def test_bad_rows_are_left_out_only_where_that_was_chosen(place: Place) -> None:
    lines = ["1,九月,,,,,门面租给谁没有公布", "2,,,,,,停车位谁先得谁有"]
    with pytest.raises(Invalid) as refused:
        begun(place, *lines)
    assert "without_bad" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        begun(place, *lines, consent=False, without_bad=True)
    assert "consent" in refused.value.fields
    with pytest.raises(Invalid):
        begun(place, lines[0], without_bad=True)
    run_id = begun(place, *lines, without_bad=True)
    worked_off(place)
    state = place.ask("clerk", runs.state, RunKind.INTAKE, run_id)
    assert (state.status, state.taken, state.refused, state.left) == (RunStatus.DONE, 1, 1, 0)
    [left] = place.ask("clerk", runs.refusals, run_id)
    assert (left.rows, "2026-03-05" in left.why) == ((2,), True)


def test_rows_become_residents_flags_with_their_date_alone_and_their_words_stand_in_one_place(place: Place) -> None:
    run_id = begun(
        place,
        "1,2026-09-03,意见箱,低保和特困人员初核,3栋,,\u202e低保\u200b名单没贴，问我 13912345678",
        "2,2020-01-01,,,,,门面租给谁没有公布",
    )
    waiting = _rows(place, run_id)
    assert "13912345678" not in str([row.fields for row in waiting])
    worked_off(place)
    first, second = flags(place, run_id)
    assert (first.source, first.channel, first.status) == (Source.RESIDENT, Channel.BOX, FlagStatus.NEW)
    assert (first.raised_on, first.raised_by, first.place_id) == (
        date(2026, 9, 3), None, place.units["building"].id,
    )  # fmt: skip
    assert first.text.startswith("低保名单没贴")
    assert "13912345678" not in first.text
    assert second.raised_on == dates.today(dates.now())
    assert [row.fields for row in _rows(place, run_id)] == [{"number": "1"}, {"number": "2"}]
    assert first.id == taking.flag_id(run_id, 2)
    for line in place.ask("auditor", lambda work: _lines(work, place)):
        assert "名单" not in str(line.facts)
        if line.event == "flag_raised":
            assert len(line.at) == 10


def _rows(place: Place, run_id: str) -> list[RunRow]:
    scope = place.people["clerk"].scope(runs.RIGHTS[RunKind.INTAKE])
    rows = place.ask("clerk", lambda work: work.store.some(RunRow, scope, run_id=run_id))
    return sorted(rows, key=lambda row: row.n)


def _lines(work: object, place: Place) -> list[object]:
    unit = place.units["banyan"].id
    scope = work.actor.scope(makers.people.Permission.AUDIT_READ)  # type: ignore[attr-defined]
    return [
        line for chain in (unit, f"{unit}:residents") for line in work.store.entries_of_chain(scope, chain, None, 99)  # type: ignore[attr-defined]
    ]  # fmt: skip


def test_an_accusation_is_sealed_and_whoever_is_named_never_meets_it(place: Place) -> None:
    run_id = begun(place, "1,,,,,,周小满收了红包才给办低保", "2,,,,,,钱思远的停车位谁先得谁有", "3,,,,,,停车位总是不够")
    worked_off(place)
    sealed, named, plain = flags(place, run_id)
    assert (sealed.sealed, named.sealed, plain.sealed) == (True, False, False)
    assert {row.id for row in makers.inbox(place, "watchdog")} == {named.id, plain.id}
    assert {row.id for row in makers.inbox(place, "watchdog2")} == {plain.id}


def test_the_same_sheet_twice_is_one_run_and_a_stopped_one_goes_on(place: Place) -> None:
    lines = many(120)
    run_id = begun(place, *lines)
    assert begun(place, *lines) == run_id
    assert begun(place, *lines, unit="river", who="other_clerk") != run_id
    place.do("clerk", runs.cancel, RunKind.INTAKE, run_id)
    assert {str(row.fields) for row in _rows(place, run_id)} == {"{}"}
    with pytest.raises(Stale):
        place.do("clerk", runs.cancel, RunKind.INTAKE, run_id)
    assert begun(place, *lines) == run_id
    worked_off(place)
    assert len({flag.id for flag in flags(place, run_id)}) == 120
    with pytest.raises(Stale):
        begun(place, *lines)


def test_a_row_whose_power_item_was_retired_meanwhile_is_refused_alone(place: Place) -> None:
    run_id = begun(place, "1,,,低保和特困人员初核,,,名单没贴出来", "2,,,,,,停车位谁先得谁有")
    place.do("secretary", items.retire_item, place.items["relief"])
    worked_off(place)
    assert len(flags(place, run_id)) == 1
    assert [row.rows for row in place.ask("clerk", runs.refusals, run_id)] == [(2,)]


def test_who_may_not_write_down_for_residents_there_may_not_take_in(place: Place) -> None:
    content, found = sheet(*many(3))
    unit_id = place.units["banyan"].id
    given = (Upload("x", content), place.ask("clerk", intake.checked, unit_id, found, form(found)), form(found))
    for who, refusal in (
        ("supervisor", Denied), ("discipline", Denied), ("other_clerk", Missing), ("system", Denied),
    ):  # fmt: skip
        with pytest.raises(refusal):
            place.do(who, intake.begin, *given)
        with pytest.raises(refusal):
            place.ask(who, intake.checked, unit_id, found, form(found))
    run_id = place.do("watchdog", intake.begin, *given)
    for who, refusal in (("supervisor", Denied), ("other_clerk", Missing)):
        with pytest.raises(refusal):
            place.do(who, runs.cancel, RunKind.INTAKE, run_id)
        with pytest.raises(refusal):
            place.ask(who, runs.state, RunKind.INTAKE, run_id)
    assert place.ask("other_clerk", runs.runs, RunKind.INTAKE) == []
    with pytest.raises(Invalid):
        place.ask("clerk", intake.checked, place.units["grid"].id, found, form(found))


def test_only_channels_that_are_written_down_are_taken() -> None:
    with pytest.raises(ValueError, match="otherwise"):
        IntakeForm(text=0, otherwise=Channel.QR)
    assert cell(Line(1, ("a",)), 5) == ""


def test_the_sample_is_read_and_every_row_of_it_can_be_taken(place: Place) -> None:
    found = read(Upload("x", intake.sample()))
    result = place.ask("clerk", intake.checked, place.units["banyan"].id, found, form(found))
    assert (len(result.given), result.troubles) == (3, ())
    assert set(head(found).columns) == set(Column)


@pytest.mark.documents
def test_a_day_or_place_in_cells_made_one_counts_for_each_row_and_words_never_do(place: Place) -> None:
    made = Workbook()
    table: Any = made.active
    for row in (
        ["某社区意见表"], ["日期", "来源渠道", "楼栋", "内容"], ["2026年9月3日", "座谈会", "3栋", "低保名单没贴出来"],
        [None, None, None, "门面租给谁没有公布"], [None, None, "3栋", None],
    ):  # fmt: skip
        table.append(row)
    for cells in ("A1:D1", "A3:A5", "B3:B4", "C3:C4", "D4:D5"):
        table.merge_cells(cells)
    kept = io.BytesIO()
    made.save(kept)
    found = place.ask("clerk", intake.opened, Upload("意见.xlsx", kept.getvalue()))
    result = place.ask("clerk", intake.checked, place.units["banyan"].id, found, form(found))
    assert [given.fields for given in result.given] == [
        {"text": text, "channel": "meeting", "day": "2026-09-03", "place": place.units["building"].id}
        for text in ("低保名单没贴出来", "门面租给谁没有公布")
    ]
    assert [(one.n, one.column[0]) for one in result.troubles] == [(5, "D")]


def test_an_item_of_another_community_is_not_taken(place: Place) -> None:
    made = items.ItemForm(name="居务公章", dimension=Dimension.CLEAN_AFFAIRS)
    place.do("other_clerk", items.add_item, place.units["river"].id, made)
    assert [t.column[0] for t in checked(place, "1,,,居务公章,,,公章谁都能盖").troubles] == ["D"]
