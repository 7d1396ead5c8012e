"""Files handed in as evidence: typed by content, limited in size, kept by hash."""

import codecs
import hashlib
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, UnidentifiedImageError

from core.errors import Invalid
from core.text import N_, _, clean

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""

KINDS = {
    "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp",
    "pdf": "application/pdf", "text": "text/plain",
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
ACCEPTED = N_("Photos (JPG, PNG, WebP), PDF, Word, Excel or plain text, up to 10 MB")


@dataclass(frozen=True)
class Upload:
    """A file as it came in; the name is only what the sender calls it."""

    name: str
    content: bytes


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def described(upload: Upload, by: str, at: datetime) -> tuple[str, str, int, str, str, datetime]:
    """A file as it is kept beside its content: name, media type, size in bytes, SHA-256, who handed it in and when;
    refused as by `check`."""
    media_type = check(upload)
    return clean(upload.name)[-120:], media_type, len(upload.content), sha256(upload.content), by, at


def check(upload: Upload, kinds: Collection[str] = tuple(KINDS.values()), accepted: str = ACCEPTED) -> str:
    """The media type a file really has; `Invalid` when it is empty, too large or none of the kinds, which `accepted`
    says in words."""
    if not upload.content:
        raise Invalid(file=_("This file is empty. Please choose it again."))
    if len(upload.content) > LARGEST:
        raise Invalid(file=_("This file is larger than 10 MB."))
    media_type = _image(upload.content) or _document(upload.content)
    if media_type is not None and media_type in kinds:
        return media_type
    raise Invalid(file=_("This kind of file cannot be taken. {accepted}.", accepted=_(accepted)))


def _image(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            image.verify()
            return KINDS[str(image.format)]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _document(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return KINDS["pdf"]
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                names = parts.namelist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return None
        if any("vbaProject" in name for name in names):
            return None
        return next((KINDS[k] for k in ("word/", "xl/") if any(name.startswith(k) for name in names)), None)
    if b"\0" in content or content.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("gb18030")
        except UnicodeDecodeError:
            return None
    return KINDS["text"]
