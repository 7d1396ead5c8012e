"""Keys (密钥): what seals contacts and the originals of files, and what signs proofs of handing in."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.access import Permission
from core.errors import Refused
from core.events import Event
from core.text import N_

if TYPE_CHECKING:
    from core.store import Work


@dataclass(frozen=True)
class Ring:
    """The keys of a site in base64: those that seal, the newest first, and the one that signs."""

    seals: tuple[str, ...]
    signer: str

    @classmethod
    def made(cls) -> "Ring":
        """New keys, drawn at random."""
        signer = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls((Fernet.generate_key().decode(),), urlsafe_b64encode(signer).decode())

    @classmethod
    def read(cls, text: str) -> "Ring":
        """Keys as `written` gives them, lines or parts between semicolons; `ValueError` where they are none."""
        seals: list[str] = []
        signers: list[str] = []
        for line in filter(str.strip, text.replace(";", "\n").splitlines()):
            kind, key = line.split()
            {"seal": seals, "sign": signers}.get(kind, []).append(key)
        if not seals or len(signers) != 1:
            raise ValueError("no key")
        ring = cls(tuple(seals), signers[0])
        _tried = ring._box, ring._pen
        return ring

    def written(self) -> str:
        """One line a key: `seal KEY`, the newest first, and `sign KEY`."""
        return "".join([*(f"seal {key}\n" for key in self.seals), f"sign {self.signer}\n"])

    def renewed(self) -> "Ring":
        """The same with a new key that seals; the older ones still open."""
        return Ring((Fernet.generate_key().decode(), *self.seals), self.signer)

    def newest(self) -> "Ring":
        """The newest key that seals alone: nothing that only an older one opens may be left."""
        return Ring(self.seals[:1], self.signer)

    def sealed(self, content: bytes) -> bytes:
        """Content that only these keys open."""
        return self._box.encrypt_at_time(content, 0)  # no hour: nobody is to read when it was sealed

    def mark(self, text: str) -> str:
        """What stands for a text on every server with these keys, in 64 digits that tell nothing without them."""
        return hmac.new(urlsafe_b64decode(self.signer), text.encode(), "sha256").hexdigest()

    def opened(self, sealed: bytes) -> bytes:
        """What was sealed; `Refused` where its key is not on the ring."""
        try:
            return self._box.decrypt(sealed)
        except InvalidToken:
            raise Refused(N_("The key that opens this is missing. Please tell the system administrator.")) from None

    def resealed(self, sealed: bytes) -> bytes:
        """The same content under the newest key."""
        return self.sealed(self.opened(sealed))

    def signed(self, content: bytes) -> bytes:
        """A signature (64 bytes) that only this site can make and everybody who has `public` can check."""
        return self._pen.sign(content)

    def is_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether a signature is this site's, over exactly this content."""
        try:
            self._pen.public_key().verify(signature, content)
        except InvalidSignature:
            return False
        return True

    @property
    def public(self) -> str:
        """The half of the signing key that may be shown to everybody, in base64."""
        return urlsafe_b64encode(self._pen.public_key().public_bytes_raw()).decode()

    @cached_property
    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.seals])

    @cached_property
    def _pen(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(self.signer))


def reseal(work: "Work", ring: Ring) -> int:
    """Seal everything anew under the newest key of a ring; how much it was."""
    scope = work.actor.require(Permission.SITE_KEEP)
    count = work.store.each_sealed(ring.resealed)
    top = min(work.store.unit_rows(scope), key=lambda row: len(row.path))
    work.record(Event.KEYS_RENEWED, top.id, chain=top.id, rows=count)
    return count


def check(work: "Work", ring: Ring) -> None:
    """`Refused` where something is sealed that a ring does not open."""
    work.actor.require(Permission.SITE_KEEP)

    def opens(sealed: bytes) -> None:
        ring.opened(sealed)

    work.store.each_sealed(opens)
