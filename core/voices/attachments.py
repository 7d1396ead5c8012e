"""Attachments (附件): what a sender adds to their words, as a clean copy that may be seen and a sealed original."""

from dataclasses import dataclass
from datetime import date

from core.access import EVERYWHERE, Permission, Scope
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.evidence import KINDS, Upload, check, sha256
from core.organisation.recusal import keep_away, sounds_like_accusation
from core.organisation.units import new_id
from core.privacy import cleaning
from core.privacy.cleaning import Cleaned
from core.store import Work
from core.text import N_, _
from core.voices.flags import Flag, load, tell_reading
from core.voices.unlocking import Opened, flag_of
from core.words import FlagStatus, Source

MOST = 3
"""Files of one flag."""
ACCEPTED = N_("Photos (JPG, PNG, WebP), PDF or plain text, up to 10 MB each")
_ALL = Scope((EVERYWHERE,), sealed=True)


@dataclass(eq=False)
class Attachment:
    """One file of a sender's. `clean` is the hash of the copy that may be seen, empty where none could be made;
    `original` is the hash of what came in, `sealed` that of what came in under the site's key, empty once it has been
    deleted; `size` in bytes."""

    id: str
    unit_id: str
    flag_id: str
    n: int
    media_type: str
    size: int
    original: str
    clean: str
    added_on: date
    sealed: str


@dataclass(frozen=True)
class Prepared:
    """A file that came in, with its clean copy where one could be made; what its sender calls it is forgotten."""

    media_type: str
    original: bytes
    copy: Cleaned | None


@dataclass(frozen=True)
class FileRow:
    """A file as it is listed: its place among those of the flag, its size in bytes, whether a copy may be seen."""

    id: str
    n: int
    media_type: str
    size: int
    added_on: date
    has_copy: bool

    @property
    def kind(self) -> str:
        """What kind of file it is, in a word."""
        return {KINDS["pdf"]: _("PDF"), KINDS["text"]: _("Text")}.get(self.media_type, _("Photo"))

    @property
    def fate(self) -> str:
        """What became of it when it was cleaned, for its sender."""
        if not self.has_copy:
            return _("Nothing could be taken out of it, so it is sealed: only the discipline desk, two people together, can open it.")  # fmt: skip  # noqa: E501
        if self.media_type == KINDS["text"]:
            return _("In the copy that can be read, personal numbers are covered.")
        return _("The copy that can be seen tells nothing of where, when or with what it was made.")


def prepared(upload: Upload) -> Prepared:
    """A file made ready to be added; `Invalid` when it is empty, larger than 10 MB or of a kind that is not taken.

    Slow on purpose: it is done before anything is locked.
    """
    kind = check(upload, cleaning.MAKERS, ACCEPTED)
    try:
        copy = cleaning.cleaned(kind, upload.content)
    except Refused:
        copy = None
    return Prepared(kind, upload.content, copy)


def add(work: Work, opened: Opened, file: Prepared) -> bool:
    """Add a file to what a sender said, as long as it awaits its review; whether a copy of it may be seen.

    The same file twice is one. Words in it are heard as if they had been typed: whoever they name is kept away.
    """
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = work.store.one(Flag, flag_of(work, opened).id, _ALL)  # one at a time, so that they can be counted
    if why := refusal(flag):
        raise Refused(why)
    return keep(work, flag, file)


def keep(work: Work, flag: Flag, file: Prepared) -> bool:
    """Keep a file with a flag, inside a deed that permits it; whether a copy of it may be seen."""
    ring = work.store.ring()
    kept, digest = work.store.some(Attachment, _ALL, flag_id=flag.id), sha256(file.original)
    for other in kept:
        if other.original == digest:
            return bool(other.clean)
    if len(kept) >= MOST:
        raise Invalid(file=_("There are {n} files already, which is as many as can be kept. You may delete one first.", n=MOST))  # fmt: skip  # noqa: E501
    clean = sha256(file.copy.content) if file.copy else ""
    if file.copy:
        work.store.keep_file(clean, file.copy.content)
        names = keep_away(work, flag.id, flag.unit_id, file.copy.text)
        flag.sealed = flag.sealed or sounds_like_accusation(file.copy.text, names, strangers=True)
    sealed = ring.sealed(file.original)
    work.store.keep_file(sha256(sealed), sealed)
    work.store.add(
        Attachment(
            new_id(), flag.unit_id, flag.id, max((other.n for other in kept), default=0) + 1,
            file.media_type, len(file.original), digest, clean, work.today, sha256(sealed),
        )
    )  # fmt: skip
    work.record_resident(Event.FILE_ADDED, flag.id, chain=flag.unit_id)
    return bool(clean)


def refusal(flag: Flag) -> str:
    """Why no file can be added to a flag any more or none taken away; nothing where they can."""
    if flag.seal_confirmed:
        return N_("The discipline desk has taken this on. Please turn to it.")
    return "" if flag.status in (FlagStatus.NEW, FlagStatus.ASKED) else N_("This has been decided on already.")


def own(work: Work, opened: Opened) -> list[FileRow]:
    """The files of a sender, for themselves."""
    work.actor.require(Permission.RECEIPT_OPEN)
    return rows_of(work, flag_of(work, opened))


def files_of(work: Work, flag_id: str) -> list[FileRow]:
    """The files of a flag for somebody who may hear its words; nobody else is told how many there are."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    return rows_of(work, _heard(work, flag_id, scope))


def clean_copy(work: Work, attachment_id: str) -> Cleaned:
    """The clean copy of a file for somebody who may hear its flag; the sender sees that their role opened it."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    kept = work.store.one(Attachment, attachment_id, scope)
    flag = _heard(work, kept.flag_id, scope)
    if not kept.clean:
        raise Missing(cleaning.UNCLEAN)
    community = work.store.register_of(flag.unit_id)
    for role in sorted(work.actor.roles_with(Permission.FLAG_READ_RAW, community.path)):
        if tell_reading(work, flag, role):
            work.record(Event.FLAG_READ, flag.id, chain=flag.unit_id, role=role)
    content = work.store.file(kept.clean)
    return Cleaned(check(Upload("", content)), content)


def _heard(work: Work, flag_id: str, scope: Scope) -> Flag:
    """A flag whose words the actor may read: never about a power item of their own, in whichever entry it stands."""
    flag = load(work, flag_id, scope)
    entry = work.store.entry_of(flag.id)
    if entry and work.actor.person_id in work.store.barred(entry.item_id, entry.unit_id):
        raise Denied(N_("These words are not for you to read."))
    return flag


def rows_of(work: Work, flag: Flag) -> list[FileRow]:
    """The files of a flag that whoever asks may hear, in order; only residents add any."""
    kept = work.store.some(Attachment, _ALL, flag_id=flag.id) if flag.source is Source.RESIDENT else []
    return [
        FileRow(one.id, one.n, one.media_type, one.size, one.added_on, bool(one.clean))
        for one in sorted(kept, key=lambda one: one.n)
    ]
