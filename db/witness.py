"""The file of the witness: on a disk of its own, best on another machine's, written whole or not at all."""

import os
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy import Engine

from core.errors import Refused
from core.settings import given
from core.text import N_
from core.witness import FALSE, Witness
from db.engine import data_folder, real_url
from db.keyring import ring, settle

FILE = "QINGYUAN_WITNESS"
"""Variable: where the file lies, if not beside the keys; best where whoever owns the database cannot write."""


def file_of(engine: Engine) -> Path | None:
    """Where the witness of a database lies; only the site's own has one, neither the demo nor a copy."""
    if engine.url.render_as_string(hide_password=False) != real_url():
        return None
    return Path(given(FILE) or data_folder() / "witness")


def read(path: Path | None) -> Witness | None:
    """The witness in a file, None where there is none; `Refused` where it is not what this site wrote."""
    if path is None or not path.exists():
        return None
    try:
        return Witness.read(path.read_text(encoding="utf-8"), ring())
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(FALSE) from fault


def keep(path: Path, witness: Witness) -> None:
    """Put a witness in place of the one before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(dir=path.parent, prefix=f"{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(witness.written(ring()))
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
        settle(path.parent)
    except OSError as fault:
        raise Refused(N_("The witness of the audit log cannot be written: {why}."), why=fault.strerror or "") from fault
