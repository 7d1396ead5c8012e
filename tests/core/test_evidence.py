"""Evidence: the kind of a file is told by its content, never by its name."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import Invalid
from core.evidence import KINDS, LARGEST, Upload, check


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(out, kind)
    return out.getvalue()


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(("content", "kind"), [
    (picture("JPEG"), "JPEG"), (picture("PNG"), "PNG"), (picture("WEBP"), "WEBP"), (b"%PDF-1.7 x", "pdf"),
    ("名单已张贴".encode(), "text"), ("名单已张贴".encode("gb18030"), "text"), (b"=SUM(A1:A9)", "text"),
    (packed("[Content_Types].xml", "word/document.xml"), "word/"), (packed("xl/workbook.xml"), "xl/"),
])  # fmt: skip
def test_what_is_taken_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert check(Upload("随便.exe", content)) == KINDS[kind]


@pytest.mark.parametrize("content", [
    b"", b"<html><script>x</script>", b" \n<svg onload=x>", b"MZ\x90\0\x03", picture("GIF"), packed("a.txt"),
    packed("word/document.xml", "word/vbaProject.bin"), b"PK\x03\x04broken", picture("PNG")[:30], b"\xff\xfe\x81",
    b"%PDF-" + b"x" * LARGEST, b"\xef\xbb\xbf<html><script>x</script>",
    packed("word/名单.xml").replace("名".encode(), b"\xff\xff\xff"),
    packed("word/document.xml").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"),
])  # fmt: skip
def test_everything_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        check(Upload("照片.jpg", content))
    assert refusal.value.fields["file"]


HEADS = [b"", b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x10\0\0\0WEBPVP8 "]


@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_any_content_is_either_a_known_kind_or_refused(head: bytes, rest: bytes) -> None:
    with contextlib.suppress(Invalid):
        assert check(Upload("x", head + rest)) in KINDS.values()
