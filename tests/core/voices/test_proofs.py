"""Proofs of handing in: a receipt alone makes one, everybody can check it, nothing in it can be changed."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import RESIDENT
from core.errors import Denied, Missing
from core.privacy.keys import Ring
from core.voices import followup, proofs, receipts, unlocking
from core.voices.proofs import FIELDS, Handed, checked, digest, written
from db.__main__ import main
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.privacy
RING, OTHER = Ring.made(), Ring.made()
WORDS = "低保名单从来没见贴出来过，\n电话打了三次。"
TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: digest(text) != digest(""))


def handed(words: str = WORDS) -> Handed:
    return Handed("榕树社区", "abcd2345", date(2026, 11, 25), digest(words))


@given(TEXTS)
def test_a_proof_holds_for_exactly_its_words(words: str) -> None:
    proof = written(handed(words), RING)
    assert checked(proof, RING).holds
    assert checked(proof, RING, words).same_words is True
    assert checked(proof, RING, words + "了").same_words is False
    assert not checked(proof, RING, words + "了").holds


@given(st.data())
def test_any_changed_sign_makes_it_false(data: st.DataObject) -> None:
    proof = written(handed(), RING)
    at = data.draw(st.integers(0, len(proof) - 1))
    sign = data.draw(st.sampled_from("0123456789abcdefXYZ榕-：: \n"))
    changed = proof[:at] + sign + proof[at + 1 :]
    found = checked(changed, RING)
    assert not found.holds or found.handed == handed()


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_under_the_signature(field: str) -> None:
    other = Handed("江畔社区", "zzzz9999", handed().day.replace(day=24), digest("别的话"))
    values = dict(re.findall(r"(\w+): (.*)", written(other, OTHER)))
    forged = re.sub(rf"(?m)^{field}: .*$", f"{field}: {values[field]}", written(handed(), RING))
    assert forged != written(handed(), RING)
    assert not checked(forged, RING).holds


@pytest.mark.parametrize("broken", ["", "随便写的", "-----QINGYUAN PROOF 1-----\n-----END-----", "x" * 5000])
def test_what_is_no_proof_is_told_so(broken: str) -> None:
    assert "不是提交证明" in checked(broken, RING).why
    assert "不是提交证明" in checked(written(handed(), RING) * 2, RING).why


def test_the_key_of_another_site_and_a_homemade_one_are_refused() -> None:
    forged = written(handed(), OTHER)
    assert "密钥不同" in checked(forged, RING).why
    dressed = forged.replace(OTHER.public, RING.public)
    assert "改动" in checked(dressed, RING).why


def test_a_proof_survives_pasting_with_other_line_ends_blanks_and_words_around_it() -> None:
    proof = written(handed(), RING)
    pasted = "您好，这是我的证明：\r\n" + proof.replace("\n", "  \r\n ") + "\r\n谢谢"
    assert checked(pasted, RING, WORDS.replace("\n", "\r\n")).same_words is True


def test_a_renewed_key_that_seals_leaves_proofs_as_they_are() -> None:
    assert checked(written(handed(), RING), RING.renewed()).holds


def test_the_owner_of_a_receipt_alone_makes_a_proof_and_it_names_nobody(place: Place) -> None:
    code = makers.speak(place, WORDS)
    proof = place.ask(RESIDENT, proofs.proof, code)
    found = place.ask(RESIDENT, proofs.check, proof, WORDS)
    assert (found.holds, found.handed.community, found.handed.day) == (True, "榕树社区", place.today)
    assert "低保" not in proof
    assert not re.search(r"\d\d:\d\d:", proof)
    assert place.ask("far_supervisor", proofs.check, proof).holds
    with pytest.raises(Denied):
        place.ask("watchdog", proofs.proof, code)
    with pytest.raises(Missing):
        place.ask(RESIDENT, proofs.proof, wrong(code))


def wrong(code: str) -> str:
    body = receipts.plain(code)[:9] + "0" * 25
    return body + receipts.check_digits(body)


def test_a_masked_number_stays_masked_in_what_is_proved(place: Place) -> None:
    code = makers.speak(place, "打我电话13812345678，名单没有公示", None)
    story = place.ask(RESIDENT, followup.follow, code)
    proof = place.ask(RESIDENT, proofs.proof, code)
    assert place.ask(RESIDENT, proofs.check, proof, story.text).same_words is True
    assert place.ask(RESIDENT, proofs.check, proof, "打我电话13812345678，名单没有公示").same_words is False


def test_after_the_words_are_deleted_an_old_proof_holds_and_no_new_one_is_made(place: Place) -> None:
    code = makers.speak(place, WORDS)
    proof = place.ask(RESIDENT, proofs.proof, code)
    opened = place.ask(RESIDENT, unlocking.unlock, code)
    place.do(RESIDENT, followup.take_back, code)
    assert place.ask(RESIDENT, proofs.check, proof, WORDS).holds
    for again in (code, opened):
        with pytest.raises(Missing):
            place.ask(RESIDENT, proofs.proof, again)


def test_a_proof_is_checked_offline_by_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGYUAN_KEYS", RING.written())
    proof, words = tmp_path / "证明.txt", tmp_path / "words.txt"
    proof.write_text("提交证明\r\n" + written(handed(), RING), encoding="utf-8-sig")
    words.write_text(WORDS, encoding="utf-8")
    assert main(["check-proof", str(proof), "--words", str(words)]) == 0
    assert "榕树社区" in capsys.readouterr().out
    words.write_text("别的话", encoding="utf-8")
    assert main(["check-proof", str(proof), "--words", str(words)]) == 1
    proof.write_text(written(handed(), OTHER), encoding="utf-8")
    assert main(["check-proof", str(proof)]) == 1
    assert "✗ 假" in capsys.readouterr().out
    assert main(["check-proof", str(tmp_path / "nothing.txt")]) == 1
