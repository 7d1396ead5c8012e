"""Cleaning (去元数据): a copy of a file that shows what it shows and tells nothing of whoever made it, where or when.

Photos and the pages of a PDF are drawn anew, pixel by pixel, so that nothing beside what one sees is left. That is done
in a process of its own with little memory and time: a hostile file harms nobody, and what cannot be cleaned is shown to
nobody.
"""

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from core.errors import Refused
from core.evidence import KINDS, Upload, check
from core.text import N_

SIDE, PIXELS = 2400, 60_000_000
"""Pixels of the longer side of a clean photo, enough to read a notice on it; and of a photo that is opened at all."""
PAGES, SCALE = 40, 2.0
"""Pages of a PDF that are drawn, and dots a point (144 an inch)."""
SECONDS, MEMORY = 30, 1536 * 1024 * 1024
"""What the process may take; memory in bytes."""
JPEG, PNG, PDF, TEXT = KINDS["JPEG"], KINDS["PNG"], KINDS["pdf"], KINDS["text"]
UNCLEAN = N_("No clean copy of this file could be made, so nobody is shown it.")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cleaned:
    """A clean copy and its media type."""

    media_type: str
    content: bytes


def cleaned(content: bytes) -> Cleaned:
    """The clean copy of a photo, a PDF or a plain text; `Invalid` for what is no file of a known kind, `Refused` where
    no clean copy can be made."""
    kind = check(Upload("", content))
    if kind == TEXT:
        return Cleaned(TEXT, content)
    if kind != PDF and not kind.startswith("image/"):
        raise Refused(UNCLEAN)
    command = [sys.executable, "-m", "core.cleaning", kind]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and the media type is one of ours
            command, input=content, capture_output=True, timeout=SECONDS, cwd=ROOT, check=True
        )
    except subprocess.SubprocessError as fault:
        raise Refused(UNCLEAN) from fault
    made, _line, copy = done.stdout.partition(b"\n")
    return Cleaned(made.decode("ascii"), copy)


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
    out = io.BytesIO()
    first, *others = drawn
    first.save(
        out, "PDF", save_all=True, append_images=others, resolution=72 * SCALE, creationDate=None, modDate=None,
    )  # fmt: skip
    return Cleaned(PDF, out.getvalue())


def _drawn(page: "pypdfium2.PdfPage") -> Image.Image:  # type: ignore[name-defined] # noqa: F821
    width, height = page.get_size()
    scale = min(SCALE, 2 * SIDE / max(width, height, 1))
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return picture


def main(kind: str) -> None:
    """Clean what comes in and write the media type of the copy, a line's end, and the copy."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    found = pages(content) if kind == PDF else photo(content)
    sys.stdout.buffer.write(found.media_type.encode("ascii") + b"\n" + found.content)


if __name__ == "__main__":
    main(sys.argv[1])
