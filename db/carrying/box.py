"""A locked file: compressed, and encrypted in frames that can only be read whole, in order and to the end.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015): the nonce of a frame is its
number and whether it is the last, so that a frame cut off, left out, moved, put twice or changed is no frame of this
file. The key comes from a passphrase by scrypt (RFC 7914) with a salt of the file's own, so that no nonce serves twice.

    8 bytes   QYBACK01
    16 bytes  salt; what stands before the frames is sealed with each of them
    frames    1 byte: 1 for the last, else 0 · 4 bytes: length, big-endian · so many bytes of ciphertext with its tag
"""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.errors import Refused
from core.text import N_

MAGIC = b"QYBACK01"
SALT = 16
FRAME = 1 << 20
"""Bytes of a frame before it is sealed."""
TAG = 16
COST = 1 << 16
"""Scrypt's N: 64 MB of memory and a good part of a second for each passphrase that is tried."""
HEAD = struct.Struct(">BI")

STRANGE = N_("This is no backup of this product.")
LOCKED = N_("The passphrase is not the one of this backup, or the backup is damaged at its beginning.")
DAMAGED = N_("The backup is damaged: it was cut off, or something in it was changed. Nothing of it is believed.")


def _lock(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode()))


def _nonce(n: int, last: int) -> bytes:
    return bytes(7) + struct.pack(">IB", n, last)


class Writer:
    """Writes into a locked file; `close` makes it whole, without that it is none."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        self._out, self._before, self._lock = out, MAGIC + salt, _lock(passphrase, salt)
        self._press, self._kept, self._n = zlib.compressobj(), bytearray(), 0
        out.write(self._before)

    def write(self, content: bytes) -> None:
        self._kept += self._press.compress(content)
        while len(self._kept) > FRAME:
            self._frame(bytes(self._kept[:FRAME]), 0)
            del self._kept[:FRAME]

    def close(self) -> None:
        self._kept += self._press.flush()
        while len(self._kept) > FRAME:
            self._frame(bytes(self._kept[:FRAME]), 0)
            del self._kept[:FRAME]
        self._frame(bytes(self._kept), 1)

    def _frame(self, content: bytes, last: int) -> None:
        sealed = self._lock.encrypt(_nonce(self._n, last), content, self._before)
        self._out.write(HEAD.pack(last, len(sealed)) + sealed)
        self._n += 1


def opened(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The lines in a locked file, each without its end; `Refused` as soon as it turns out not to be what was written.

    Nothing may be believed before the last line has come."""
    before = file.read(len(MAGIC) + SALT)
    if len(before) < len(MAGIC) + SALT or not before.startswith(MAGIC):
        raise Refused(STRANGE)
    reader = io.BufferedReader(_Plain(_frames(file, before, _lock(passphrase, before[len(MAGIC) :]))), FRAME)
    for line in reader:
        if not line.endswith(b"\n"):
            raise Refused(DAMAGED)
        yield line[:-1]


def _frames(file: BinaryIO, before: bytes, lock: AESGCM) -> Iterator[bytes]:
    n = last = 0
    while not last:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            raise Refused(DAMAGED)
        last, size = HEAD.unpack(head)
        if last > 1 or not TAG <= size <= FRAME + TAG:
            raise Refused(DAMAGED if n else LOCKED)
        try:
            yield lock.decrypt(_nonce(n, last), file.read(size), before)
        except InvalidTag:
            raise Refused(DAMAGED if n else LOCKED) from None
        n += 1
    if file.read(1):
        raise Refused(DAMAGED)


class _Plain(io.RawIOBase):
    """What the frames hold, decompressed as it is asked for."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames, self._press, self._rest = frames, zlib.decompressobj(), b""

    def readable(self) -> bool:
        return True

    def readinto(self, place: memoryview, /) -> int:  # type: ignore[override]
        while True:
            given = self._press.decompress(self._rest, len(place)) if self._rest else b""
            self._rest = self._press.unconsumed_tail
            if given:
                place[: len(given)] = given
                return len(given)
            if (frame := next(self._frames, None)) is None:
                if not self._press.eof:
                    raise Refused(DAMAGED)
                return 0
            self._rest += frame
