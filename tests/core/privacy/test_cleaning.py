"""A clean copy shows what one sees and tells nothing else; what cannot be cleaned has none."""

import contextlib
import io
import subprocess
import sys
import zlib

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from core.errors import Refused
from core.evidence import KINDS, Upload, check
from core.privacy import cleaning
from core.privacy.cleaning import JPEG, PDF, PNG, TEXT, cleaned

pytestmark = pytest.mark.privacy
SECRET = b"WANG-AYI-39.9042"
WEBP = KINDS["WEBP"]


def told(kind: str = "JPEG", side: int = 64) -> bytes:
    """A photo that tells where, when and with what it was made, in every place its kind has for it."""
    image = Image.new("RGB", (side, side), "teal")
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.DateTime] = SECRET.decode(), "2026:11:25 08:30:00"
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[1], place[2], place[29] = "N", (39.0, 54.0, 15.0), SECRET.decode()
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    if kind == "PNG":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_text("Author", SECRET.decode())
        chunks.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        image.save(out, kind, exif=exif, pnginfo=chunks)
    elif kind == "WEBP":
        image.save(out, kind, exif=exif.tobytes(), xmp=xmp)
    else:
        image.save(out, kind, exif=exif.tobytes(), comment=SECRET, xmp=xmp, icc_profile=SECRET * 20)
    return out.getvalue() + SECRET  # and something behind its end


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)])
def test_a_photo_loses_place_time_device_comments_and_whatever_stands_behind_its_end(
    kind: str, media_type: str
) -> None:
    dirty = told(kind)
    assert SECRET in dirty
    copy = cleaned(media_type, dirty)
    assert SECRET not in copy.content
    assert b"Exif" not in copy.content
    with Image.open(io.BytesIO(copy.content)) as image:
        assert image.size == (64, 64)
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile", "Author"} & set(image.info) == set()


def test_the_small_picture_inside_a_photo_is_gone() -> None:
    small = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(small, "JPEG", comment=b"SMALL-" + SECRET)
    dirty = told()
    with_small = dirty[:2] + b"\xff\xe2" + (len(small.getvalue()) + 2).to_bytes(2, "big") + small.getvalue() + dirty[2:]
    copy = cleaned(JPEG, with_small)
    assert b"SMALL-" not in copy.content
    assert copy.content.count(b"\xff\xd8\xff") == 1


def test_a_turned_photo_stands_upright_without_the_mark_that_turned_it() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (80, 40), "teal").save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(cleaned(JPEG, out.getvalue()).content)) as image:
        assert (image.size, dict(image.getexif())) == ((40, 80), {})


def test_what_lets_light_through_stays_so_and_its_hidden_colours_are_no_secret_place() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 128)).save(out, "PNG")
    copy = cleaned(PNG, out.getvalue())
    with Image.open(io.BytesIO(copy.content)) as image:
        assert (copy.media_type, image.mode) == (PNG, "RGBA")


def paper(*extra: bytes, text: bytes = b"list of relief") -> bytes:
    """A PDF of one page with a name in its properties, a script and a file inside."""
    page = b"BT /F1 18 Tf 20 100 Td (" + text + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /Names << /EmbeddedFiles << /Names [(a.txt) 7 0 R] >> >> "
        b"/Metadata 9 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /S /JavaScript /JS (app.alert\\('" + SECRET + b"'\\)) >>",
        b"<< /Type /Filespec /F (a.txt) /EF << /F 8 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length %d >> stream\n%s\nendstream" % (len(SECRET), SECRET),
        b"<< /Type /Metadata /Subtype /XML /Length %d >> stream\n%s\nendstream" % (len(SECRET), SECRET),
        b"<< /Author (" + SECRET + b") /Producer (" + SECRET + b") /CreationDate (D:20261125083000) >>",
        *extra,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 10 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(body))
    return body + head + table + tail


def unpacked(content: bytes) -> bytes:
    """A PDF with everything in it that is packed, unpacked too."""
    found = content
    for piece in content.split(b"stream")[1:]:
        with contextlib.suppress(zlib.error):
            found += zlib.decompressobj().decompress(piece.lstrip(b"\r\n"))
    return found


def test_a_pdf_loses_its_names_dates_scripts_and_the_files_inside_it() -> None:
    dirty = paper()
    assert dirty.count(SECRET) >= 5
    copy = cleaned(PDF, dirty)
    clear = unpacked(copy.content)
    assert check(Upload("", copy.content)) == PDF
    for gone in (SECRET, b"JavaScript", b"EmbeddedFile", b"Author", b"CreationDate", b"ModDate", b"2026", b"relief"):
        assert gone not in clear, gone


def test_the_words_of_a_pdf_are_read_so_that_whom_they_name_is_kept_away() -> None:
    assert "list of relief" in cleaned(PDF, paper()).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_is_kept_in_one_encoding_with_its_numbers_covered(encoding: str) -> None:
    copy = cleaned(TEXT, "名单没贴。\u202e我的电话 13812345678".encode(encoding))
    assert copy.media_type == TEXT
    assert copy.content.decode().startswith("名单没贴。")
    assert "13812345678" not in copy.content.decode()
    assert "\u202e" not in copy.content.decode()
    assert "13812345678" in copy.text


def bomb() -> bytes:
    """A photo of some kilobytes that would be 400 megabytes of pixels."""
    raw = zlib.compress(bytes(12001) * 12000, 9)
    head = (12000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "content"), [
    (PNG, bomb()), (PNG, told("PNG")[:60]), (JPEG, told()[:300]), (PDF, b"%PDF-1.7 nothing"), (PDF, told()),
    (JPEG, paper()), (TEXT, b"x" * (cleaning.WORDS + 1)), (KINDS["word/"], b"PK"), ("image/svg+xml", b"<svg/>"),
])  # fmt: skip
def test_what_cannot_be_cleaned_has_no_copy(kind: str, content: bytes) -> None:
    with pytest.raises(Refused):
        cleaned(kind, content)


def test_too_many_pages_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "PAGES", 0)
    with pytest.raises(ValueError, match="pages"):
        cleaning.pages(paper())


def stand_in(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in place of the one that cleans."""
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda _command, **more: run([sys.executable, "-c", program], **more)
    )  # fmt: skip


@pytest.mark.parametrize("program", [
    "import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)", "raise SystemExit(3)", "print('nonsense')",
    "print('image/jpeg 0')", "print('text/html 0\\nx')", "print('image/jpeg 9999999999999\\nx')",
    "import sys; sys.stdout.buffer.write(b'image/jpeg 0\\n' + bytes(21 * 1024 * 1024))",
])  # fmt: skip
def test_a_cleaner_that_hangs_dies_or_talks_nonsense_gives_no_copy(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(cleaning, "SECONDS", 2)
    stand_in(monkeypatch, program)
    with pytest.raises(Refused):
        cleaned(JPEG, told())


def test_the_cleaner_is_not_given_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_KEYS", "seal SECRET")
    monkeypatch.setenv("DATABASE_URL", "SECRET")
    stand_in(monkeypatch, "import os; print('text/plain 0\\n' + ' '.join(f'{k}={v}' for k, v in os.environ.items()))")
    assert b"SECRET" not in cleaned(TEXT, b"x").content
