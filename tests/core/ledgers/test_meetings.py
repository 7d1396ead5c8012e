"""Meetings: what lies before one, what it decides, and the Word file opened again."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.access import FOUNDER
from core.entries import escalation, risks
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.formats import word
from core.ledgers import meetings
from core.ledgers.meetings import Agenda, DecisionForm, MeetingForm
from core.prevention import measures, tasks
from core.printed import papers
from core.review import merging
from core.store import Work
from core.turning import Listed
from core.voices.flags import Flag
from core.words import MeasureStatus
from tests import makers
from tests.makers import Place


def agenda(place: Place, unit: str = "street", who: str = "supervisor") -> Agenda:
    found: Agenda = place.ask(who, meetings.agenda, place.units[unit].id)
    return found


def held(place: Place, unit: str = "street", who: str = "supervisor") -> str:
    form = MeetingForm(unit_id=place.units[unit].id, held_on=place.today, present=7)
    return str(place.do(who, meetings.hold, form))


def decision(place: Place, text: str = "每月抽查一次名单公开", days: int = 20, **people: str) -> DecisionForm:
    ids = {field: place.people[who].person_id for field, who in ({"owner_id": "clerk"} | people).items()}
    return DecisionForm(text=text, due_on=place.today + timedelta(days=days), **ids)  # type: ignore[arg-type]


def test_a_pack_holds_what_is_open_overdue_and_to_be_decided(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    unrated = makers.open_risk(place, "公章谁都能拿", "用印登记不全")
    found = agenda(place)
    assert [entry.risk_id for entry in found.open] == [risk_id, unrated]
    assert [entry.risk_id for entry in found.unrated] == [unrated]
    assert found.closings == found.raised == found.late == found.late_measures == found.red == ()
    place.do("clerk", escalation.raise_up, unrated, "社区解决不了")
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "名单已按季公开")
    found = agenda(place)
    assert [entry.risk_id for entry in found.raised] == [unrated]
    assert [entry.risk_id for entry in found.closings] == [risk_id]
    assert agenda(place, "banyan").raised == ()  # held by the street
    assert agenda(place, "river").open == ()


def test_what_is_overdue_and_red_stands_in_the_pack(place: Place) -> None:
    from core.alerts import warnings
    from db.sweeping import PROGRAM

    risk_id, measure_id = makers.controlled(place)
    place.later(120)
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
    found = agenda(place)
    assert [entry.risk_id for entry in found.late] == [risk_id]
    assert [row.id for row in found.late_measures] == [measure_id]
    assert {row.risk_id for row in found.red} == {risk_id}


def test_only_supervisors_hold_meetings_and_only_in_their_area(place: Place) -> None:
    makers.controlled(place)
    for who in ("clerk", "watchdog", "discipline", "auditor"):
        with pytest.raises(Denied):
            agenda(place, who=who)
        with pytest.raises(Denied):
            place.do(who, papers.taken, place.units["street"].id)
        with pytest.raises(Denied):
            held(place, who=who)
    with pytest.raises(Missing):
        agenda(place, who="far_supervisor")
    held(place)
    assert [row.present for row in place.ask("supervisor", meetings.meetings)] == [7]
    assert place.ask("far_supervisor", meetings.meetings) == Listed()


@pytest.mark.privacy
def test_an_entry_that_names_the_reader_is_in_no_pack_and_no_decision_of_theirs(place: Place) -> None:
    makers.make_person(place, "second", "许另一", "street", makers.Role.SUPERVISOR)
    risk_id, _measure = makers.controlled(place)
    meeting_id = held(place)
    place.do("supervisor", meetings.decide, meeting_id, risk_id, decision(place, watchdog_id="watchdog"))
    makers.speak(place, "低保名单孙立人也不管")
    [flag] = [row for row in makers.inbox(place) if "孙立人" in row.text]
    place.do("watchdog", merging.merge, flag.id, risk_id, "同一件事")
    assert agenda(place).open == ()
    assert [row.decisions for row in place.ask("supervisor", meetings.meetings)] == [()]
    with pytest.raises(Denied):
        place.do("supervisor", meetings.decide, meeting_id, risk_id, decision(place, watchdog_id="watchdog"))
    assert [entry.risk_id for entry in agenda(place, who="second").open] == [risk_id]
    assert [len(row.decisions) for row in place.ask("second", meetings.meetings)] == [1]


def test_a_decision_on_an_entry_becomes_a_measure_by_the_rules_of_planning(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    meeting_id = held(place)
    good = decision(place, watchdog_id="watchdog")
    for form, why in (
        (decision(place), "watchdog_id"), (decision(place, watchdog_id="clerk"), "watchdog_id"),
        (decision(place, days=-1, watchdog_id="watchdog"), "due_on"),
        (decision(place, owner_id="watchdog2", watchdog_id="watchdog"), "owner_id"),
        (decision(place, text="请林向前负责抽查", watchdog_id="watchdog"), "text"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            place.do("supervisor", meetings.decide, meeting_id, risk_id, form)
        assert set(refusal.value.fields) == {why}
    with pytest.raises(Denied):
        place.do("clerk", meetings.decide, meeting_id, risk_id, good)
    place.do("supervisor", meetings.decide, meeting_id, risk_id, good)
    made = next(t.row for t in place.ask("clerk", tasks.of_entry, risk_id) if t.row.text == good.text)
    assert (made.owner, made.watchdog, made.due_on) == ("周小满", "郑守正", good.due_on)
    assert made.status is MeasureStatus.OPEN
    [row] = place.ask("supervisor", meetings.meetings)
    assert [(d.text, d.owner, d.number) for d in row.decisions] == [(good.text, "周小满", 1)]
    place.do("clerk", measures.report, made.id, 50, "已开始")


def test_a_decision_concerns_an_entry_of_the_unit_that_met(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    with pytest.raises(Invalid):
        place.do("supervisor", meetings.decide, held(place, "river"), risk_id, decision(place, watchdog_id="watchdog"))
    unrated = makers.open_risk(place, "公章谁都能拿", "用印登记不全")
    with pytest.raises(Refused):  # before the rating no measure is planned
        place.do("supervisor", meetings.decide, held(place), unrated, decision(place, watchdog_id="watchdog"))


def test_without_an_entry_a_decision_is_a_note_without_people(place: Place) -> None:
    meeting_id = held(place)
    for form in (decision(place, text="请王小明同志牵头"), decision(place, days=-1)):
        with pytest.raises(Invalid):
            place.do("supervisor", meetings.decide, meeting_id, None, form)
    with pytest.raises(Missing):
        place.do("supervisor", meetings.decide, meeting_id, None, decision(place, owner_id="far_supervisor"))
    place.do("supervisor", meetings.decide, meeting_id, None, decision(place, text="下次会商带上公开栏照片"))
    [row] = place.ask("supervisor", meetings.meetings)
    assert [(d.text, d.number) for d in row.decisions] == [("下次会商带上公开栏照片", None)]


@pytest.mark.costly
@pytest.mark.documents
def test_above_a_community_a_section_holds_what_weighs_most_and_says_how_many_more_there_are(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "MOST", 1)
    risk_id, _measure = makers.controlled(place)
    unrated = makers.open_risk(place, "公章谁都能拿", "用印登记不全")
    place.do("clerk", escalation.raise_up, unrated, "社区解决不了")
    for unit, about, told in (("street", (unrated,), "望江街道另有 1 项"), ("banyan", (risk_id, unrated), "")):
        found, sections = place.do("supervisor", papers.taken, place.units[unit].id)
        *_others, section = sections
        assert (section.about, len(section.rows), section.total) == (about, len(about), 2)
        assert (told in section.more, bool(section.more)) == (True, bool(told))
        said = [line.text for line in Document(BytesIO(papers.written(found, sections))).paragraphs]
        assert section.more in said or not told


@pytest.mark.documents
@pytest.mark.privacy
def test_the_word_file_opens_again_with_its_tables_and_without_what_residents_said(place: Place) -> None:
    said = "低保名单从来没见贴出来过"
    makers.controlled(place, text=said)
    place.later(120)
    found, told = place.do("supervisor", papers.taken, place.units["street"].id)
    file = Document(BytesIO(papers.written(found, told)))
    assert file.paragraphs[0].text == "望江街道会商材料"
    full = [section for section in told if section.rows]
    assert [len(table.rows) - 1 for table in file.tables[:-1]] == [len(section.rows) for section in full]
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows[1:]] == [list(full[0].rows[0])]
    everything = "\n".join([p.text for p in file.paragraphs] + [c.text for t in file.tables for c in t._cells])
    assert "救助对象名单公开不及时" in everything
    assert said not in everything
    for style, font in (("Normal", word.BODY), ("Title", word.HEADING), ("Heading 1", word.HEADING)):
        fonts = file.styles[style].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{part}")) for part in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in file.tables)


@pytest.mark.privacy
def test_an_entry_on_sealed_voices_alone_is_in_no_pack(place: Place) -> None:
    risk_id = makers.open_risk(place)
    assert [entry.risk_id for entry in agenda(place).open] == [risk_id]
    [link] = place.ask("watchdog", lambda work: work.store.links_of(risk_id))
    place.do(FOUNDER, _seal_by_a_file, link.flag_id)
    assert agenda(place).open == ()
    makers.speak(place, "名单还是没贴")
    [flag] = [row for row in makers.inbox(place) if row.text == "名单还是没贴"]
    place.do("watchdog", merging.merge, flag.id, risk_id, "同一件事")
    assert [entry.risk_id for entry in agenda(place).open] == [risk_id]


def _seal_by_a_file(work: Work, flag_id: str) -> None:
    """As a file does that is added later and accuses somebody."""
    flag = work.store.find(Flag, flag_id)
    assert flag is not None
    flag.sealed = True
    work.record_resident(Event.FILE_ADDED, flag_id, chain=flag.unit_id)
