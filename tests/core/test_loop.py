"""The loop, end to end, in core alone."""

from core.access import RESIDENT
from core.entries import register, risks
from core.inspection import rounds
from core.openness import board
from core.prevention import measures
from core.review import merging
from core.voices import followup, points
from core.voices.flags import CadreFlag
from core.words import Answer, Level, RiskStatus
from tests import makers
from tests.makers import Place


def test_three_voices_become_one_entry_that_is_done_and_seen(place: Place) -> None:
    code = makers.speak(place)
    makers.opened_round(place)
    found = CadreFlag(text="救助名单公示不够及时", power=2, discretion=2, probability=2, harm=3)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.FOUND, "", found)
    makers.raise_point(place, ("banyan",), "救助名单要按季度公开")
    own, heard = sorted(makers.inbox(place), key=lambda row: row.source == "resident")
    risk_id = place.do("watchdog", merging.open_entry, heard.id, makers.entry_form(place))
    likely = place.ask("watchdog", merging.candidates, own.id)
    assert [likeness.match.risk_id for likeness in likely] == [risk_id]
    place.do("watchdog", merging.merge, own.id, risk_id)
    [point] = place.ask("clerk", points.received)
    place.do("secretary", points.already_entry, point.flag_id, risk_id, "已在台账")
    voices = place.ask("clerk", merging.voices, risk_id)
    assert {v.source for v in voices} == {"self", "superior", "resident"}
    assert [v.text for v in voices if v.source == "resident"] == [None]

    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    makers.assigned(place, risk_id)
    measure_id = makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "措施已落实")
    place.do("watchdog", risks.close, risk_id)

    [row] = place.ask("supervisor", register.register, register.Filter()).rows
    assert (row.status, row.level, set(row.sources)) == (
        RiskStatus.CLOSED, Level.MEDIUM, {"self", "superior", "resident"},
    )  # fmt: skip
    story = place.ask(RESIDENT, followup.follow, code)
    assert "1" in story.headline
    assert any("每季度首月五日前" in line.sentence for line in story.lines)
    name, published = place.ask(RESIDENT, board.board, place.units["building"].code)
    assert name == "榕树社区"
    assert [page.status for page in published] == [RiskStatus.CLOSED]


def test_evidence_is_known_by_its_content(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    evidence_id = place.do("clerk", measures.attach, measure_id, measures.Upload("名单.pdf", b"%PDF-1.7 x"))
    evidence, content = place.ask("watchdog", measures.read_evidence, evidence_id)
    assert (evidence.media_type, content) == ("application/pdf", b"%PDF-1.7 x")
