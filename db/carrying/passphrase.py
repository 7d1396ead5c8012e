"""The passphrase of backups: from the environment, from a file only its owner can read, or typed."""

import getpass
import os
import sys
from pathlib import Path

from core.errors import Refused
from core.text import N_, _

GIVEN, FILE = "QINGYUAN_BACKUP_PASSPHRASE", "QINGYUAN_BACKUP_PASSPHRASE_FILE"
"""Variables: the passphrase itself, or the file it stands in."""
SHORTEST = 12


def passphrase(*, new: bool = False) -> str:
    """What locks or opens a backup; a `new` one is typed twice and has at least twelve characters."""
    given = os.environ.get(GIVEN) or _in_file() or _typed(new)
    if new and len(given) < SHORTEST:
        raise Refused(N_("A passphrase of backups has at least {most} characters."), most=SHORTEST)
    return given


def _in_file() -> str:
    if not (name := os.environ.get(FILE)):
        return ""
    try:
        path = Path(name)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Refused(N_("Others can read the file of the passphrase. Please take their rights away: chmod 600."))
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(N_("The file of the passphrase cannot be read.")) from fault


def _typed(new: bool) -> str:
    if not sys.stdin.isatty():
        raise Refused(N_("Backups need a passphrase: in {variable}, or in a file named in {other}."),
                      variable=GIVEN, other=FILE)  # fmt: skip
    typed = getpass.getpass(_("Passphrase of the backup: "))
    if new and typed != getpass.getpass(_("The same once more: ")):
        raise Refused(N_("The two are not the same."))
    return typed
