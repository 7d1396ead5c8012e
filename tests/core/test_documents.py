"""Documents: written, opened again by independent readers, and told of on the chain."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core import audit, documents, items
from core.access import Permission
from core.documents import Document
from core.entries.register import Filter
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.formats import fonts, pdf, word
from core.insight import figures
from core.inspection import campaigns, rounds
from core.inspection.rounds import RoundForm
from core.openness import disclosure
from core.printed import annual, bulletins, letters, papers, pledges, posters, walls
from core.printed.bulletins import Bulletin, Table
from core.printed.letters import Addressee, LetterForm
from core.printed.walls import PaperSize, Wall
from core.review import merging
from core.rows import ItemRow
from core.tables import exchange, importing, item_tables, schedule_word
from core.text import printable
from core.words import CommitmentKind, Dimension, DisclosureClass, DisclosureWhen, Role
from tests import hidden, makers
from tests.core.openness.test_disclosure import PHOTO, owed, publishing, renewed
from tests.core.openness.test_disclosure import added as subject
from tests.makers import Place
from tests.papers import NASTY, fonts_of, has_code, pdf_text, word_text

pytestmark = pytest.mark.documents
SITE = "http://192.168.1.8:8501"
RAW = "低保名单从来没见贴出来过"


def item(name: str = "低保初核", procedure: str = "受理登记→入户核查；公示", **more: Any) -> ItemRow:
    told: dict[str, Any] = {
        "id": name, "unit_id": "u", "name": name, "dimension": Dimension.CLEAN_AFFAIRS,
        "basis": "《社会救助暂行办法》", "body": "社区居民委员会", "post_id": "p", "post": "民政救助岗",
        "procedure": procedure, "time_limit": "15个工作日",
        "supervision": "居务监督委员会抽查", "major": True,
        "disclosure_class": DisclosureClass.AFFAIRS, "disclosure_when": DisclosureWhen.QUARTERLY,
        "masked": False, "version": 1, "retired": False,
        "holders": ("周小满",), "entries": 0,
    }  # fmt: skip
    return ItemRow(**(told | more))


def wall(*rows: ItemRow) -> Wall:
    return Wall("榕树社区", f"{SITE}/b/abcd2345", date(2026, 11, 26), rows or (item(),))


def squeezed(text: str) -> str:
    return "".join(printable(text).split())


def last_of(place: Place, unit: str = "banyan") -> tuple[str, str]:
    """Event and facts of the newest line of a unit's chain."""
    chain = place.units[unit].id
    scope = place.people["auditor"].require(Permission.AUDIT_READ)
    [row] = place.ask("auditor", lambda work: work.store.entries_of_chain(scope, chain, None, 1))
    return row.event, row.facts


def form(place: Place, **more: Any) -> LetterForm:
    due = place.today + timedelta(days=20)
    told = {"asked": "补贴名单\n写明公示日期", "basis": "社区廉政风险防控工作办法", "answer_by": due}
    return LetterForm.model_validate(told | more)


def test_a_sheet_for_the_wall_tells_how_a_power_is_used_and_names_nobody() -> None:
    [page] = pdf_text(walls.written(wall()))
    for words in ("低保初核", "《社会救助暂行办法》", "社区居民委员会", "民政救助岗", "15个工作日",
                  "居务监督委员会抽查", "受理登记", "入户核查", "公示", "居务公开", f"{SITE}/b/abcd2345",
                  "2026年11月26日"):  # fmt: skip
        assert words in page, words
    assert "周小满" not in page


def test_steps_are_read_however_they_were_typed() -> None:
    told = ["申请", "核查", "公示"]
    for typed in ("申请→核查→公示", "1.申请\n2、核查\n（3）公示", "申请；核查;公示", "申请->核查-->公示",
                  "①申请\n②核查\n③公示"):  # fmt: skip
        assert walls.steps(typed) == told, typed
    assert walls.steps("") == []


def test_each_item_begins_a_page_and_a3_is_larger_than_a4() -> None:
    import pypdfium2

    sheets = wall(item("甲事项"), item("乙事项"), item("丙事项"))
    small, large = (pypdfium2.PdfDocument(walls.written(sheets, size)) for size in PaperSize)
    assert (len(small), len(large)) == (3, 3)
    assert round(large[0].get_width() / small[0].get_width(), 2) == 1.41


def test_a_sheet_of_many_steps_is_still_one_page() -> None:
    many = wall(item(procedure="→".join(f"第{n}步登记" for n in range(12)), supervision="居务监督委员会抽查" * 8))
    [page] = pdf_text(walls.written(many))
    assert "第11步登记" in page
    assert f"{SITE}/b/abcd2345" in page


def test_what_is_scanned_leads_to_the_board_and_to_the_form() -> None:
    assert has_code(walls.written(wall()), 0, f"{SITE}/b/abcd2345", (21, 232, 62, 277))
    sheet = posters.Sheet("榕树社区", "3栋", "", f"{SITE}/r/abcd2345", f"{SITE}/b/abcd2345")
    content = posters.written([sheet])
    assert has_code(content, 0, sheet.speak, (50, 64, 160, 163))
    assert not has_code(content, 0, f"{SITE}/r/abcd2346", (50, 64, 160, 163))
    front, back = pdf_text(content)
    assert "说说您担心的事" in front
    assert "榕树社区·3栋" in front
    for words in ("您担心什么", "和什么事有关", "在哪里", "交到哪里", "入户走访"):
        assert words in back, words


def test_a_word_file_says_that_its_letters_are_chinese() -> None:
    styles = docx.Document(BytesIO(word.saved(word.begun(word.A4)))).styles.element
    assert {one.get(qn("w:eastAsia")) for one in styles.iter(qn("w:lang"))} == {"zh-CN"}


def test_the_font_lies_in_the_file_and_without_one_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = list(fonts_of(walls.written(wall())))
    assert embedded
    assert all(embedded)
    monkeypatch.setattr(fonts, "_found", lambda: None)
    with pytest.raises(Refused):
        walls.written(wall())


@pytest.mark.parametrize("kind", CommitmentKind)
def test_an_empty_pledge_is_one_page_with_its_fonts(kind: CommitmentKind) -> None:
    content = pledges.written(kind)
    [page] = pdf_text(content)
    found = pledges.sheet(kind)
    blanks = [one for row in found.blanks for one in row]
    for words in (found.title, found.said, *found.promises, *found.later, *blanks):
        assert squeezed(words) in squeezed(page)
    assert all(fonts_of(content))


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:20])
def test_nasty_text_comes_out_of_a_pdf_as_itself(text: str) -> None:
    pages = "".join(pdf_text(walls.written(wall(item(f"事项{text[:80]}", procedure=text, basis=text)))))
    assert f"{SITE}/b/abcd2345" in pages
    said = squeezed(text)
    for piece in () if said in TURNED else (said[:20], said[-20:]):
        assert piece in pages


TURNED = ("مرحبا", squeezed(NASTY[9]))
"""Read back in another order, or as the pieces an emoji is put together from."""


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:20])
def test_nasty_text_comes_out_of_word_as_itself(text: str) -> None:
    document = word.begun(word.A3_ACROSS)
    word.heading(document, text, 0)
    word.line(document, text)
    word.table(document, ["甲", text], [[text, "乙"]], widths=(40, 60), size=9)
    file = docx.Document(BytesIO(word.saved(document)))
    said = printable(text)
    assert [row.cells[0].text for row in file.tables[0].rows] == ["甲", said]
    assert file.tables[0].rows[0].cells[1].text == said
    assert [paragraph.text for paragraph in file.paragraphs[:2]] == [said, said]


@settings(max_examples=8)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_no_text_whatever_breaks_a_paper(texts: list[str]) -> None:
    rows = tuple(tuple(texts) for _n in range(2))
    found = Bulletin("社区", f"{SITE}/b/x", date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), (
        Table(texts[0], tuple(texts), (1,) * len(texts), rows),
    ))  # fmt: skip
    assert bulletins.written(found).startswith(b"%PDF")
    document = word.begun(word.A4)
    word.table(document, texts, rows)
    file = docx.Document(BytesIO(word.saved(document)))
    assert [cell.text for cell in file.tables[0].rows[1].cells] == [printable(text) for text in texts]


def test_a_template_takes_words_as_words() -> None:
    """What would be code in a template or read a file stands on the page as it was typed."""
    said = '#read("/etc/hostname") #panic("x")'
    assert squeezed(said) in pdf_text(walls.written(wall(item(said))))[0]
    assert "<svg" in pdf.code(SITE)


def test_the_register_as_word_holds_every_row_of_the_filter(place: Place) -> None:
    titles = [f"第{n}项用印登记不全" for n in range(1, 4)]
    for n, title in enumerate(titles):
        makers.open_risk(place, f"第{n}本盖章登记没人记", title)
    found = place.ask("clerk", schedule_word.loaded, Filter())
    for paper in schedule_word.PAGES:
        file = docx.Document(BytesIO(schedule_word.written(found, paper)))
        [table] = file.tables
        assert [row.cells[4].text for row in table.rows[1:]] == titles
        assert len(table.columns) == 17
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        section = file.sections[0]
        assert section.page_width > section.page_height
        fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
    one = place.ask("clerk", schedule_word.loaded, Filter(text="第2项"))
    assert [row.title for row in one.rows] == [titles[1]]
    assert place.ask("far_supervisor", schedule_word.loaded, Filter()).rows == ()
    with pytest.raises(Denied):
        place.ask("auditor", schedule_word.loaded, Filter())


def test_a_long_register_is_whole(place: Place) -> None:
    makers.open_risk(place)
    [row] = place.ask("clerk", schedule_word.loaded, Filter()).rows
    many = tuple(replace(row, number=n) for n in range(1, 501))
    file = docx.Document(BytesIO(schedule_word.written(schedule_word.Schedule(many, place.today))))
    numbers = [tr.tc_lst[0].p_lst[0].text for tr in file.tables[0]._tbl.tr_lst[1:]]
    assert numbers == [str(n) for n in range(1, 501)]


def test_a_notice_asks_a_unit_or_a_post_and_says_that_it_is_only_a_draft(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    letter = place.do("supervisor", letters.taken, risk_id, form(place))
    said = word_text(letters.written(letter))
    for words in ("整改通知书", "榕树社区：", "救助对象名单公开不及时", "1. 补贴名单", "2. 写明公示日期", "望江街道",
                  "签发人", "签收日期", "每季度首月五日前在公开栏张贴名单", "不属于诫勉、责令整改"):  # fmt: skip
        assert words in said, words
    for name in makers.NAMES.values():
        assert name not in said
    post = place.do("supervisor", letters.taken, risk_id, form(place, addressee=Addressee.POST))
    assert "榕树社区民政救助岗：" in word_text(letters.written(post))


def test_a_notice_is_refused_where_it_names_somebody_comes_too_early_or_too_late(place: Place) -> None:
    unrated = makers.open_risk(place, "公章谁都能拿", "用印登记不全")
    with pytest.raises(Refused):
        place.ask("supervisor", letters.proposed, unrated)
    risk_id, _measure = makers.controlled(place)
    for wrong, field in (
        (form(place, asked="请林向前补贴名单"), "asked"), (form(place, basis="周小满的说明材料"), "basis"),
        (form(place, answer_by=place.today - timedelta(days=1)), "answer_by"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            place.do("supervisor", letters.taken, risk_id, wrong)
        assert set(refusal.value.fields) == {field}
    for who in ("clerk", "watchdog", "discipline"):
        with pytest.raises(Denied):
            place.do(who, letters.taken, risk_id, form(place))
    with pytest.raises(Missing):
        place.do("far_supervisor", letters.taken, risk_id, form(place))


@pytest.mark.privacy
def test_who_is_named_in_an_entry_drafts_no_notice_on_it(place: Place) -> None:
    makers.make_person(place, "second", "许另一", "street", Role.SUPERVISOR)
    risk_id, _measure = makers.controlled(place)
    makers.speak(place, "低保名单孙立人也不管")
    [flag] = [row for row in makers.inbox(place) if "孙立人" in row.text]
    place.do("watchdog", merging.merge, flag.id, risk_id, "同一件事")
    with pytest.raises(Denied):
        place.do("supervisor", letters.taken, risk_id, form(place))
    assert place.do("second", letters.taken, risk_id, form(place)).entry.id == risk_id


def test_a_bulletin_tells_what_was_made_public_in_its_days_alone(place: Place) -> None:
    begun = place.today
    _risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    found = place.do("clerk", bulletins.taken, place.units["banyan"].id, begun, place.today, SITE)
    [published, done, *_rest] = found.parts
    assert [row[2] for row in published.rows] == ["救助名单的公开有时不够及时"]
    assert [row[2] for row in done.rows] == ["每季度首月五日前在公开栏张贴名单"]
    text = "".join(pdf_text(bulletins.written(found)))
    for words in ("榕树社区廉政风险防控公告", "救助名单的公开有时不够及时", "每季度首月五日前在公开栏张贴名单",
                  "本期没有"):  # fmt: skip
        assert words in text, words
    here = place.units["banyan"].id
    before = place.ask("clerk", bulletins.bulletin, here, begun - timedelta(9), begun - timedelta(1))
    assert not any(part.rows for part in before.parts)
    with pytest.raises(Invalid):
        place.ask("clerk", bulletins.bulletin, place.units["banyan"].id, place.today, begun - timedelta(9))
    with pytest.raises(Missing):
        place.ask("other_clerk", bulletins.bulletin, place.units["banyan"].id, begun, place.today)
    with pytest.raises(Denied):
        place.ask("auditor", bulletins.bulletin, place.units["banyan"].id, begun, place.today)


def test_notices_and_sheets_are_those_of_ones_own_communities(place: Place) -> None:
    here = place.units["banyan"].id
    sheets = place.ask("clerk", posters.posters, place.units["banyan"].id)
    chosen = [*sheets.places[:2], sheets.items[0]]
    told = place.do("clerk", posters.taken, here, chosen, SITE)
    assert [(one.place, one.item) for one in told] == [("", ""), ("第一网格", ""), ("", chosen[2].about)]
    assert told[2].speak == f"{SITE}/r/{place.units['banyan'].code}?item={chosen[2].item_id}"
    assert len(pdf_text(posters.written(told))) == 6
    rows = place.ask("clerk", walls.offered, here)
    secret = items.ItemForm(name="不公开的事项", dimension=Dimension.CLEAN_AFFAIRS)
    place.do("secretary", items.add_item, here, secret)
    assert place.ask("clerk", walls.offered, here) == rows
    found = place.do("clerk", walls.taken, here, [rows[0].id], SITE)
    assert [row.id for row in found.items] == [rows[0].id]
    for deed, more in ((posters.taken, (chosen, SITE)), (walls.taken, ([rows[0].id], SITE))):
        with pytest.raises(Missing):
            place.do("other_clerk", deed, here, *more)
        with pytest.raises(Denied):
            place.do("auditor", deed, here, *more)


def report(place: Place, who: str = "supervisor", unit: str = "street") -> annual.Report:
    [found, *_rest] = place.ask(who, annual.rounds, place.units[unit].id)
    told: annual.Report = place.do(who, annual.taken, place.units[unit].id, found.id)
    return told


def test_a_report_is_about_rounds_at_below_and_above_its_unit_asked_for_at_once(place: Place) -> None:
    makers.make_person(place, "city", "程市级", "city", Role.SUPERVISOR)
    for n, unit in enumerate(("city", "street", "banyan", "river")):
        first = place.today + timedelta(days=100 * n)
        form = RoundForm(unit_id=place.units[unit].id, title=unit, starts_on=first, ends_on=first + timedelta(days=60))
        place.do("city", rounds.open_round, form)
    said: list[str] = []
    event.listen(place.engine, "before_cursor_execute", lambda *rest: said.append(rest[2]))
    for unit, titles in (("street", {"city", "street", "banyan", "river"}), ("banyan", {"city", "street", "banyan"})):
        said.clear()
        found = place.ask("supervisor", annual.rounds, place.units[unit].id)
        assert {row.title for row in found} == titles
        assert len([one for one in said if "rounds" in one or "units" in one]) <= 2
    with pytest.raises(Missing):
        place.ask("far_supervisor", annual.rounds, place.units["street"].id)


def test_the_year_report_tells_the_figures_of_the_overview_and_protects_small_numbers(place: Place) -> None:
    makers.opened_round(place)
    makers.controlled(place)
    found = report(place)
    assert found.overview.total == 1
    picture = BytesIO()
    from PIL import Image

    Image.new("RGB", (40, 20), "white").save(picture, "PNG")
    content = annual.written(found, {"stages": picture.getvalue()})
    said = word_text(content)
    for words in ("年度报告", "望江街道 · 2026年度自查", "办到哪一步", "谁看到了", "榕树社区", "回头看结果",
                  "分析和下一步打算"):  # fmt: skip
        assert words in said, words
    assert len(docx.Document(BytesIO(content)).inline_shapes) == 1
    voices = next(part for part in annual.parts(found) if part.picture == "voices")
    told = str(found.overview.heard.resident)
    assert [row[1] for row in voices.rows] == ["0", "0", told]
    assert told != "1"
    with pytest.raises(Missing):
        report(place, "far_supervisor")
    with pytest.raises(Denied):
        report(place, "auditor")


def test_each_document_taken_out_is_told_on_the_chain(place: Place) -> None:
    makers.opened_round(place)
    risk_id, _measure = makers.controlled(place)
    here = place.units["banyan"].id
    [offer] = place.ask("clerk", exchange.offered, here)
    chosen = [exchange.Chosen(risk_id, offer.power_item, offer.risk_point, offer.measures)]
    for who, unit, kind, deed in (
        ("clerk", "banyan", Document.REGISTER, lambda w: documents.note(w, Document.REGISTER, here, 3)),
        ("clerk", "banyan", Document.CHECKS, lambda w: documents.note(w, Document.CHECKS)),
        ("supervisor", "banyan", Document.CHANGES, lambda w: documents.note(w, Document.CHANGES, here)),
        ("supervisor", "street", Document.CHART, lambda w: documents.note(w, Document.CHART)),
        ("clerk", "banyan", Document.TABLE, lambda w: importing.taken(w, item_tables.KIND, here)),
        ("supervisor", "banyan", Document.LETTER, lambda w: letters.taken(w, risk_id, form(place))),
        ("supervisor", "street", Document.MEETING, lambda w: papers.taken(w, place.units["street"].id)),
        ("clerk", "banyan", Document.WALL, lambda w: walls.taken(w, here, [place.items["seal"]], SITE)),
        ("clerk", "banyan", Document.POSTER, lambda w: posters.taken(w, here, (), SITE)),
        ("clerk", "banyan", Document.BULLETIN, lambda w: bulletins.taken(w, here, place.today, place.today, SITE)),
        ("clerk", "banyan", Document.EXCHANGE, lambda w: exchange.taken_out(w, here, "交流包一", chosen)),
    ):  # fmt: skip
        place.do(who, deed)
        event, facts = last_of(place, unit)
        assert (event, facts["document"]) == (Event.DOCUMENT_TAKEN, kind.value)
    report(place)
    assert last_of(place, "street")[1]["document"] == Document.YEAR.value
    for kind in documents.NOTED:
        with pytest.raises(Denied):
            place.do("auditor", documents.note, kind)
    assert audit.FACTS["document"][1] is Document


def every_document(place: Place, who: str) -> str:
    """The text of every document somebody may take of their place."""
    said, here = [], place.units["banyan"].id
    longago = date(2020, 1, 1)

    def asked(deed: Any, *more: Any) -> Any:
        try:
            return place.do(who, deed, *more)
        except (Denied, Missing, Refused):
            return None

    if found := asked(schedule_word.loaded, Filter()):
        said.append(word_text(schedule_word.written(found)))
    for risk_id in hidden.ids(place, "risks"):
        if letter := asked(letters.taken, risk_id, form(place)):
            said.append(word_text(letters.written(letter)))
    if meeting := asked(papers.taken, place.units["street"].id):
        said.append(word_text(papers.written(*meeting)))
    if found := asked(bulletins.taken, here, longago, place.today, SITE):
        said += pdf_text(bulletins.written(found))
    for unit in ("street", "banyan"):
        for round_ in asked(annual.rounds, place.units[unit].id) or []:
            said.append(word_text(annual.written(place.do(who, annual.taken, place.units[unit].id, round_.id), {})))
    for offer in asked(exchange.offered, here) or []:
        said += [offer.risk_point, *offer.measures]
    return "\n".join(said)


def test_the_report_on_a_closed_round_tells_what_it_froze_and_not_what_came_after(place: Place) -> None:
    round_id = makers.opened_round(place)
    _risk_id, measure_id = makers.controlled(place)
    before = report(place)
    assert before.frozen is None
    place.do("supervisor", campaigns.close_round, round_id, "一轮结束")
    closed = place.today
    frozen = report(place)
    parts = ("heats", "overlap", "stages", "punctuality", "eased", "total")
    assert [getattr(frozen.overview, one) for one in parts] == [getattr(before.overview, one) for one in parts]
    assert (frozen.frozen, frozen.ages) == (closed, before.ages)
    place.later(30)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.done(place, measure_id)
    later = report(place)
    assert (later.overview.total, place.ask("supervisor", figures.overview).total) == (1, 2)
    assert (later.overview.stages, later.overview.punctuality) == (frozen.overview.stages, frozen.overview.punctuality)
    assert (later.ages, later.levels[-1].day) == (frozen.ages, closed)
    assert "封账" in word_text(annual.written(later, {}))


@pytest.mark.costly
@pytest.mark.privacy
@pytest.mark.parametrize("name", sorted(hidden.HIDING))
def test_what_is_hidden_from_somebody_stands_in_no_document_of_theirs(place: Place, name: str) -> None:
    makers.opened_round(place)
    hidden.lived(place, ["opened", "joined", "spoke"])
    made = hidden.HIDING[name](place)
    for who in {"clerk", "supervisor", *made.from_} & {"clerk", "secretary", "watchdog", "supervisor"}:
        said = every_document(place, who)
        assert hidden.ON_BOARD in said
        assert hidden.MARK not in said
        assert RAW not in said


def test_a_disclosure_that_was_made_stands_in_the_bulletin(place: Place) -> None:
    subject(place)
    place.later(40)
    renewed(place)
    due = min(owed(place), key=lambda row: row.due_on)
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    found = place.ask("clerk", bulletins.bulletin, place.units["banyan"].id, place.today, place.today)
    [told] = [part for part in found.parts if part.title == "已公开的事项"]
    assert [row[0] for row in told.rows] == ["居务开支"]
