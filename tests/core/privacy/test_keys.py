"""Keys: what they seal only they open, older ones still do, and broken ones are none."""

import pytest

from core.errors import Refused
from core.privacy.keys import Ring

pytestmark = pytest.mark.privacy


def test_what_is_sealed_is_opened_by_the_same_keys_alone() -> None:
    ring = Ring.made()
    sealed = ring.sealed(b"13812345678")
    assert b"138" not in sealed
    assert ring.opened(sealed) == b"13812345678"
    with pytest.raises(Refused):
        Ring.made().opened(sealed)
    with pytest.raises(Refused):
        ring.opened(sealed[:-4] + b"AAAA")


def test_the_hour_of_sealing_is_not_kept() -> None:
    from cryptography.fernet import Fernet

    ring = Ring.made()
    assert Fernet(ring.seals[0]).extract_timestamp(ring.sealed(b"x")) == 0


def test_a_new_key_seals_and_the_older_one_still_opens_until_it_is_dropped() -> None:
    old = Ring.made()
    sealed, new = old.sealed(b"x"), old.renewed()
    assert new.opened(sealed) == b"x"
    assert new.newest().opened(new.resealed(sealed)) == b"x"
    with pytest.raises(Refused):
        new.newest().opened(sealed)
    assert new.signer == new.newest().signer == old.signer


def test_keys_are_written_and_read_back_as_lines_or_between_semicolons() -> None:
    ring = Ring.made().renewed()
    assert Ring.read(ring.written()) == Ring.read(ring.written().replace("\n", ";")) == ring


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "", lambda text: text.splitlines()[0], lambda text: text.splitlines()[1],
        lambda text: text[:-9], lambda text: text.replace("seal ", "seel "), lambda text: "seal x\nsign y\n",
        lambda text: text + text.splitlines()[1], lambda text: text.replace("sign ", "sign a "),
    ],
)  # fmt: skip
def test_what_is_broken_is_no_ring(change: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Ring.read(change(Ring.made().written()))  # type: ignore[operator]


def test_a_signature_is_this_sites_over_exactly_this() -> None:
    ring = Ring.made()
    signature = ring.signed(b"said")
    assert ring.is_signed(b"said", signature)
    assert not ring.is_signed(b"Said", signature)
    assert not Ring.made().is_signed(b"said", signature)
