"""Cleaning (去元数据): a copy of a file that shows what it shows and tells nothing of whoever made it, where or when.

Photos and the pages of a PDF are drawn anew, pixel by pixel, so that nothing beside what one sees is left; in plain
text, personal numbers are covered. That is done in a process of its own with little memory and time and without the
keys: a hostile file harms nobody, and what cannot be cleaned is shown to nobody.
"""

import codecs
import io
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from core.errors import Refused
from core.evidence import KINDS, LARGEST
from core.text import N_, clean

SIDE, PIXELS = 2400, 60_000_000
"""Pixels of the longer side of a clean photo, enough to read a notice on it; and of a photo that is opened at all."""
PAGES, SCALE = 40, 2.0
"""Pages of a PDF that are drawn, and dots a point (144 an inch)."""
WORDS = 200_000
"""Characters that are read for the names in them; a longer text has no clean copy."""
SECONDS, MEMORY, MOST = 30, 1536 * 1024 * 1024, 2 * LARGEST
"""What the process may take and give back; memory and content in bytes."""
JPEG, PNG, PDF, TEXT = KINDS["JPEG"], KINDS["PNG"], KINDS["pdf"], KINDS["text"]
UNCLEAN = N_("No clean copy of this file could be made, so nobody is shown it.")
ROOT = Path(__file__).resolve().parents[2]


_few = threading.BoundedSemaphore(2)
"""However many files come in, only so many are cleaned at once: the others on the server have their share."""
_TAKEN_ALONG = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Of the environment, which may hold the keys, the process gets no more than it needs to start."""


@dataclass(frozen=True)
class Cleaned:
    """A clean copy, its media type, and the words in it as far as they can be read, at most `WORDS`."""

    media_type: str
    content: bytes
    text: str = ""


def cleaned(kind: str, content: bytes) -> Cleaned:
    """The clean copy of a photo, a PDF or a plain text, whose media type is given; `Refused` where none can be made.

    Slow, and only two at a time: not for the inside of a transaction.
    """
    if kind not in MAKERS:
        raise Refused(UNCLEAN)
    command = [sys.executable, "-m", "core.privacy.cleaning", kind]
    bare = {name: os.environ[name] for name in _TAKEN_ALONG if name in os.environ}
    try:
        with _few:
            done = subprocess.run(  # noqa: S603 - our own module, and the media type is one of ours
                command, input=content, capture_output=True, timeout=SECONDS, cwd=ROOT, env=bare, check=True
            )
        return _read(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as fault:
        raise Refused(UNCLEAN) from fault


def _read(answer: bytes) -> Cleaned:
    """What `_write` wrote; `ValueError` where it is something else or too much."""
    head, _line, rest = answer.partition(b"\n")
    media_type, length = head.decode("ascii").split(" ")
    text, content = rest[: int(length)].decode(), rest[int(length) :]
    if media_type not in MAKERS or not content or len(content) > MOST:
        raise ValueError("no clean copy")
    return Cleaned(media_type, content, text)


def _write(made: Cleaned) -> bytes:
    """A line with the media type and the bytes of the words, the words, the copy."""
    text = made.text.encode()
    return f"{made.media_type} {len(text)}\n".encode("ascii") + text + made.content


def photo(content: bytes) -> Cleaned:
    """The pixels of a photo alone, turned the right way up and made smaller; what lets light through stays a PNG."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        if image.width * image.height > PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((SIDE, SIDE))
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        bare = Image.frombytes(mode, upright.size, upright.convert(mode).tobytes())
    out = io.BytesIO()
    if mode == "RGBA":
        bare.save(out, "PNG", optimize=True)
        return Cleaned(PNG, out.getvalue())
    bare.save(out, "JPEG", quality=85, optimize=True)
    return Cleaned(JPEG, out.getvalue())


def pages(content: bytes) -> Cleaned:
    """The pages of a PDF as pictures in a new one, without a date, a name, a script or a file inside."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        if len(document) > PAGES:
            raise ValueError("too many pages")
        drawn = [_drawn(page) for page in document]
        said = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    out = io.BytesIO()
    first, *others = drawn
    first.save(
        out, "PDF", save_all=True, append_images=others, resolution=72 * SCALE, creationDate=None, modDate=None,
    )  # fmt: skip
    return Cleaned(PDF, out.getvalue(), _few_enough(said))


def words(content: bytes) -> Cleaned:
    """A plain text in UTF-8 with the personal numbers in it covered."""
    from core.privacy.personal import masked  # heavy, and for no other kind

    try:
        typed = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        typed = content.decode("gb18030")
    plain = _few_enough(clean(typed))
    return Cleaned(TEXT, masked(plain).encode(), plain)


def _few_enough(text: str) -> str:
    if len(text) > WORDS:
        raise ValueError("too many words")
    return text.encode(errors="ignore").decode()  # without halves of signs


def _drawn(page: "pypdfium2.PdfPage") -> Image.Image:  # type: ignore[name-defined] # noqa: F821
    width, height = page.get_size()
    scale = min(SCALE, 2 * SIDE / max(width, height, 1))
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return picture


MAKERS = {JPEG: photo, PNG: photo, KINDS["WEBP"]: photo, PDF: pages, TEXT: words}


def main(kind: str) -> None:
    """Clean what comes in and write the copy."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(_write(MAKERS[kind](sys.stdin.buffer.read())))


if __name__ == "__main__":
    main(sys.argv[1])
