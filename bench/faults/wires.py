"""Uploads that break off in the middle, or whose length is a lie."""

import secrets
import socket
import struct
import zlib

from sqlalchemy import func, select

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.speaking import Resident
from core.voices.receipts import plain
from db.tables import attachments_

BOUNDARY = "qingyuanboundary"


def picture(side: int = 64) -> bytes:
    """A PNG that does not compress."""
    rows = b"".join(b"\0" + secrets.token_bytes(side * 3) for _n in range(side))

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def body(code: str, content: bytes, name: str = "photo.png") -> bytes:
    """The form of the receipt's page with a file in it, as a browser sends it."""
    fields = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in (("code", code), ("do", "add"))
    )
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return fields.encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def sent(port: int, content: bytes, told: int, cut: int | None = None) -> int:
    """Send a body of which `told` is said to be the length, up to `cut` bytes; the status, 0 where there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        head = (
            "POST /receipt/file HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {told}\r\n\r\n"
        )
        try:
            line.sendall(head.encode() + content[:cut])
            if cut is not None:
                return 0
            if told > len(content):
                line.shutdown(socket.SHUT_WR)
            first = line.recv(4096).split(b" ", 2)
        except OSError:
            return 0
        return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0


def truncated(grounds: Grounds) -> Outcome:
    outcome = Outcome("cut at 5 places; lengths told 10, 200 and 4,000 bytes too small and 10,000 too large")
    with grounds.copy("sqlite") as (here, site):
        engine = here.engine()
        code = plain(making.spoken(engine, site.codes[0], "楼道里的灯坏了一年了"))
        with here.app() as app:
            whole, text = body(code, picture()), body(code, "这里写着账目。\n".encode() * 2000, "a.txt")
            for content in (whole, text):
                for cut in (1, 150, len(content) // 2, len(content) - 60, len(content) - 3):
                    sent(app.port, content, len(content), cut)
                for short in (10, 200, 4000):
                    status = sent(app.port, content, len(content) - short)
                    outcome.hold(status != 500, f"a body longer than told: {status}")
                status = sent(app.port, content, len(content) + 10_000)
                outcome.hold(status != 500, f"a body shorter than told: {status}")
            outcome.hold(_kept(engine) == 0, f"{_kept(engine)} files were kept of which a part was missing")
            outcome.hold(sent(app.port, whole, len(whole)) == 200, "a whole file is not taken afterwards")
            outcome.hold(_kept(engine) == 1, "the whole file is not there")
            outcome.hold(Resident(app.port).ask("GET", "/receipt")[0] == 200, "the server does not answer any more")
        engine.dispose()
    return outcome


def _kept(engine) -> int:  # type: ignore[no-untyped-def]
    with engine.connect().execution_options(reading=True) as rows:
        return rows.scalar(select(func.count()).select_from(attachments_)) or 0
