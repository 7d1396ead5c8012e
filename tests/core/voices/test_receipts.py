"""Receipts: digits that catch slips, secrets too long to guess, and nothing kept that opens them."""

import math
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from core.access import RESIDENT
from core.errors import Missing
from core.privacy import hashing
from core.review import recording
from core.voices import followup, receipts, unlocking
from core.words import Channel, Level
from tests import makers
from tests.makers import Place

SEEDS = st.binary(min_size=16, max_size=64)
codes = SEEDS.map(receipts.digits)
REAL = hashing._STRONG


@given(codes, st.integers(0, receipts.LENGTH - 1), st.integers(1, 9))
def test_a_single_wrong_digit_is_always_caught(code: str, at: int, step: int) -> None:
    wrong = str((int(code[at]) + step) % 10)
    assert receipts.parts(code) is not None
    assert receipts.parts(code[:at] + wrong + code[at + 1 :]) is None


@given(codes, st.integers(0, receipts.LENGTH - 2))
def test_two_neighbours_swapped_are_always_caught(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert (receipts.parts(swapped) is None) == (swapped != code)


@given(codes, st.data())
def test_a_code_is_read_with_any_blanks_strokes_and_wide_digits(code: str, data: st.DataObject) -> None:
    typed = ""
    for digit in code:
        wide = data.draw(st.booleans())
        typed += chr(ord(digit) + 0xFEE0) if wide else digit
        typed += data.draw(st.sampled_from(["", " ", "\u3000", "-", "\n", "\u200b", " — "]))
    assert receipts.parts(typed) == receipts.parts(code) == (code[:9], code[9:34])


@given(st.text(max_size=80))
def test_anything_typed_is_read_or_refused_without_an_error(typed: str) -> None:
    both = receipts.parts(typed)
    assert both is None or (len(both[0]), len(both[1])) == (9, 25)


@given(SEEDS)
def test_the_same_seed_gives_the_same_code_and_another_turn_another(seed: bytes) -> None:
    assert receipts.digits(seed) == receipts.digits(seed)
    assert receipts.digits(seed)[:-2] != receipts.digits(seed, 1)[:-2]


def test_the_secret_has_at_least_80_bits() -> None:
    assert receipts.SECRET_DIGITS * math.log2(10) >= 80


def test_a_receipt_opens_with_its_own_secret_alone_and_keeps_only_an_argon2id_hash() -> None:
    code = receipts.digits(b"0123456789abcdef")
    receipt = receipts.issue("flag", code)
    locator, secret = receipts.parts(code) or ("", "")
    assert receipt.locator == locator
    assert receipt.secret.startswith("$argon2id$")
    assert secret not in receipt.secret
    assert receipts.opens(receipt, secret)
    assert not receipts.opens(receipt, "0" * 25)
    assert not receipts.opens(None, secret)


def test_the_hash_of_a_password_is_as_strong_as_the_library_advises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_STRONG", REAL)
    kept = extract_parameters(hashing.hashed("chosen by a person"))
    assert (kept.memory_cost >= 19 * 1024, kept.time_cost >= 2) == (True, True)


def test_the_hash_of_a_receipt_leaves_far_more_than_80_bits_to_try() -> None:
    kept = extract_parameters(receipts.issue("flag", receipts.digits(b"seed")).secret)
    blocks = kept.memory_cost * kept.time_cost
    assert receipts.SECRET_DIGITS * math.log2(10) + math.log2(blocks * 256) >= 100  # each block of 1 KB is 256 steps
    assert kept.memory_cost >= 1024


def test_no_slow_hash_is_made_while_the_database_is_locked_for_a_deed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, seen = [False], []

    class Watched(PasswordHasher):
        def hash(self, *args: Any, **kwargs: Any) -> str:
            seen.append(locked[0])
            return super().hash(*args, **kwargs)

        def verify(self, *args: Any) -> Literal[True]:
            seen.append(locked[0])
            return super().verify(*args)

    def begin(connection: Connection) -> None:
        locked[0] = not connection.get_execution_options().get("reading")

    for kind in ("_STRONG", "_RANDOM"):
        monkeypatch.setattr(hashing, kind, Watched(time_cost=1, memory_cost=8, parallelism=1))
    event.listen(place.engine, "begin", begin)
    for over in ("commit", "rollback"):
        event.listen(place.engine, over, lambda _connection: locked.__setitem__(0, False))
    code = makers.speak(place)
    recorded = recording.RecordedFlag(text="名单没有贴出来", item_id=None, channel=Channel.PAPER, consent=True)
    place.do("clerk", recording.record_for, place.units["banyan"].id, recorded)
    opened = place.ask(RESIDENT, unlocking.unlock, code)
    place.do(RESIDENT, followup.own_level, opened, Level.HIGH)
    place.do(RESIDENT, followup.take_back, opened)
    with pytest.raises(Missing):
        place.do(RESIDENT, followup.own_level, opened, Level.LOW)
    assert place.sign_in("clerk", makers.PASSWORD)
    assert seen == [False] * 4
