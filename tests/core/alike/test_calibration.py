"""Calibration: weights learn from what people judged, only where that is better, and can be taken back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from core.access import FOUNDER
from core.alike import calibration, vocabulary
from core.alike.calibration import NEVER, Judgement, Outlook
from core.alike.grouping import ENTRY_SIGNS
from core.alike.weighing import shipped
from core.errors import Denied, Refused, Stale
from core.events import Event
from core.organisation.units import new_id
from core.store import Work
from core.voices.flags import Flag
from core.words import Channel, Role, Source
from db.__main__ import main
from db.engine import databases
from db.jobs import sweep
from tests import makers
from tests.makers import Place

DAY = date(2026, 9, 1)
OFFICE = ("clerk", "watchdog", "supervisor", "discipline", "security", "auditor")


def judged(place: Place, rows: int, learns: bool, seed: int = 1) -> None:
    """Judgements on flags of their own: by a rule the shipped weights do not know, or just as they say."""
    draw, entry = np.random.default_rng(seed), shipped().entry
    signs = entry.means + entry.spreads * draw.normal(0, 1, size=(rows, len(ENTRY_SIGNS)))
    if learns:
        places = ENTRY_SIGNS.index("same_place")
        same = signs[:, places] > entry.means[places]
    else:
        same = entry.probabilities(signs) > draw.random(rows)

    def deed(work: Work) -> None:
        home, chain = place.items["entry"], place.units["banyan"].id
        for n, (row, is_same) in enumerate(zip(signs, same, strict=True)):
            flag = Flag(f"{n:020x}", chain, None, Source.RESIDENT, Channel.QR, "名单没贴", DAY, DAY + timedelta(7))
            told = {name: float(sign) for name, sign in zip(ENTRY_SIGNS, row, strict=True)}
            work.store.add(flag)
            work.store.add(Judgement(new_id(), chain, flag.id, home, bool(is_same), DAY, told))
        work.record(Event.FLAG_MERGED, home, chain=chain)

    place.do(FOUNDER, deed)


@pytest.fixture
def begun(place: Place) -> Place:
    place.items["entry"] = makers.open_risk(place)
    return place


def test_weights_that_do_better_on_what_was_kept_back_are_used_until_they_are_taken_back(begun: Place) -> None:
    judged(begun, 200, learns=True)
    found: Outlook = begun.ask("system", calibration.outlook)
    assert found.before
    assert found.after
    assert found.is_better
    assert 30 < found.kept_back < 90
    assert found.after.loss < 0.8 * found.before.loss
    assert begun.ask(FOUNDER, calibration.model) is shipped()
    assert begun.do("system", calibration.recalibrate) == found
    learned = begun.ask(FOUNDER, calibration.model)
    old, new = shipped().entry, learned.entry
    at = ENTRY_SIGNS.index("same_place")
    assert new.weights[at] > old.weights[at]
    assert learned.pair.written() == shipped().pair.written()
    assert begun.ask("system", calibration.outlook).calibrated_on == begun.now
    begun.do("system", calibration.return_to_before)
    assert begun.ask(FOUNDER, calibration.model) is shipped()
    with pytest.raises(Stale):
        begun.do("system", calibration.return_to_before)


def test_of_very_many_judgements_some_are_read_always_the_same_ones(
    begun: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(begun, 200, learns=True)
    assert not begun.ask("system", calibration.outlook).drawn
    monkeypatch.setattr(calibration, "LEARNED_FROM", 150)
    found: Outlook = begun.ask("system", calibration.outlook)
    assert (found.drawn, found.same + found.other) == (True, 150)
    assert begun.ask("system", calibration.outlook) == found
    assert begun.do("system", calibration.recalibrate).after == found.after


def test_weights_are_refused_while_there_is_too_little_to_learn_from_or_they_would_be_worse(begun: Place) -> None:
    judged(begun, 40, learns=True)
    found: Outlook = begun.ask("system", calibration.outlook)
    assert (found.before, found.missing) == (None, 20)
    with pytest.raises(Refused, match="太少"):
        begun.do("system", calibration.recalibrate)


def test_weights_that_would_be_worse_are_refused(begun: Place) -> None:
    judged(begun, 80, learns=False)
    found: Outlook = begun.ask("system", calibration.outlook)
    assert found.before
    assert found.after
    assert found.after.loss >= found.before.loss
    with pytest.raises(Refused, match="更好"):
        begun.do("system", calibration.recalibrate)
    assert begun.ask(FOUNDER, calibration.model) is shipped()


def test_nothing_is_chosen_beforehand_where_that_was_wrong_too_often(begun: Place) -> None:
    chance = np.array([0.999, 0.999, 0.9995, 0.3])
    assert calibration._beforehand(chance, np.array([True, True, True, False]), 0.9) == 0.9
    assert calibration._beforehand(chance, np.array([False, True, True, False]), 0.9) == 0.9995
    assert calibration._beforehand(chance, np.array([True, True, False, False]), 0.9) == NEVER


@pytest.mark.parametrize("who", OFFICE)
def test_only_a_system_administrator_calibrates(begun: Place, who: str) -> None:
    for question in (calibration.outlook, vocabulary.standing):
        with pytest.raises(Denied):
            begun.ask(who, question)
    for deed in (calibration.recalibrate, calibration.return_to_before):
        with pytest.raises(Denied):
            begun.do(who, deed)


def test_weights_serve_the_whole_site_so_an_administrator_of_a_part_leaves_them(begun: Place) -> None:
    judged(begun, 200, learns=True)
    makers.make_person(begun, "local", "范一隅", "banyan", Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match="全系统"):
        begun.do("local", calibration.recalibrate)


def test_a_decision_in_the_inbox_is_a_judgement_and_holds_no_word(begun: Place) -> None:
    makers.speak(begun, "低保名单从来没有贴出来", None)
    [row] = makers.inbox(begun)
    begun.do("watchdog", makers.merging.merge, row.id, begun.items["entry"])
    [kept] = begun.ask(FOUNDER, lambda work: work.store.judged(100))
    assert kept.same
    assert set(kept.signs) == set(ENTRY_SIGNS)
    assert all(isinstance(sign, float) for sign in kept.signs.values())


def test_the_words_of_the_site_are_counted_once_a_day_and_rare_ones_are_forgotten(begun: Place) -> None:
    for _time in range(3):
        makers.speak(begun, "低保名单从来没见贴出来过")
    makers.speak(begun, "水龙头漏水孙悟空家")
    before = begun.ask(FOUNDER, vocabulary.lexicon)
    sweep(begun.engine)
    kept = begun.ask("system", vocabulary.standing)
    assert kept.texts == 5
    after = begun.ask(FOUNDER, vocabulary.lexicon)
    assert after.texts == before.texts + 5
    assert (after.counts - before.counts)[after.counts != before.counts].min() > 0
    first = begun.ask(FOUNDER, lambda work: work.store.vocabulary().id)
    sweep(begun.engine)
    assert begun.ask(FOUNDER, lambda work: work.store.vocabulary().id) == first
    assert begun.ask("system", vocabulary.standing).id == first


def test_the_table_of_the_vocabulary_is_read_once(begun: Place) -> None:
    makers.speak(begun)
    sweep(begun.engine)
    begun.ask(FOUNDER, vocabulary.lexicon)
    said: list[str] = []

    def heard(*rest: Any) -> None:
        said.append(rest[2])

    event.listen(begun.engine, "before_cursor_execute", heard)
    begun.ask(FOUNDER, vocabulary.lexicon)
    begun.ask("system", vocabulary.standing)
    event.remove(begun.engine, "before_cursor_execute", heard)
    assert any("vocabularies" in one for one in said)
    assert not any("vocabularies.counts" in one for one in said)


def test_the_command_gives_the_figures_before_and_after_and_is_refused_where_they_would_be_worse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    place = makers.make_place(databases.real())
    place.items["entry"] = makers.open_risk(place)
    judged(place, 200, learns=True)
    assert main(["recalibrate"]) == 0
    said = capsys.readouterr().out
    assert "学习前" in said
    assert "学习后" in said
    assert main(["recalibrate"]) == 1
    assert "更好" in capsys.readouterr().err
    databases.close()
