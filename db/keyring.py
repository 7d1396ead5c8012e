"""Where the keys of a site lie: in the environment, or in a file made on first start that only its owner can read."""

import os
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from core.errors import Refused
from core.privacy.keys import Ring
from core.settings import given
from core.text import N_
from db.engine import data_folder

KEYS, FILE = "QINGYUAN_KEYS", "QINGYUAN_KEY_FILE"
"""Variables: the keys themselves, lines or parts between semicolons; or where their file lies, best on another disk."""

_lock = threading.Lock()
_known: dict[str, Ring] = {}


def ring() -> Ring:
    """The keys in use; `Refused` where they cannot be read or others could read them too."""
    with _lock:
        try:
            text = given(KEYS) or _in_file()
            if text not in _known:
                read = Ring.read(text)
                _known.clear()
                _known[text] = read
        except (ValueError, OSError):  # what is there is never written over: it may still be mended
            raise Refused(N_("The keys of this site cannot be read. Please put their file back from a copy.")) from None
        return _known[text]


def is_given() -> bool:
    """Whether the keys come from the environment, where no program changes them."""
    return bool(given(KEYS))


def file() -> Path:
    """The file of the keys."""
    return Path(given(FILE) or data_folder() / "keys")


def _in_file() -> str:
    path = file()
    if not path.exists():
        _place(path, Ring.made())
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise Refused(N_("Others can read the file of the keys. Please take their rights away: chmod 600."))
    return path.read_text(encoding="ascii")


def _place(path: Path, keys: Ring) -> None:
    """Make the file, unless another server has just made it: then those keys are the site's."""
    beside = _beside(path, keys)
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
    settle(path.parent)


def _beside(path: Path, keys: Ring) -> Path:
    """The keys whole on the disk, in a file of their own: a half-written one would lose what they seal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(dir=path.parent, prefix="keys-")  # made for its owner alone
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(keys.written())
        out.flush()
        os.fsync(out.fileno())
    return Path(name)


def keep(keys: Ring) -> None:
    """Put other keys in place of those in the file, on the disk before this returns."""
    with _lock:
        _beside(file(), keys).replace(file())
        settle(file().parent)


def settle(folder: Path) -> None:
    """Have the folder itself on the disk: what is sealed under a key must not outlive the key's file."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
