"""Servers that benches talk to: the product as its users start it, and a bare Streamlit script as its floor.

Both run the same Streamlit with the settings of `.streamlit/config.toml`. This is the one way a bench starts either.
"""

import asyncio
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType

from core.privacy.keys import Ring
from pages.web.server import SETTLE

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / ".streamlit" / "config.toml"
PATIENCE = 120
"""Seconds until a server that does not answer has failed."""
MB = 2**20
"""What benches count memory in."""


class Served:
    """One process of Streamlit that runs a script: started with `with` or `start`, where it was ended started anew on
    the same port. `ready` are the seconds from its start until it answered. Several may share a folder and a database.
    """

    def __init__(
        self, place: Path, script: str, log: Path, settings: Mapping[str, str], prefix: Sequence[str] = ()
    ) -> None:
        self.port, self.log, self.ready = free_port(), log.with_stem(f"{log.stem}-{os.urandom(3).hex()}"), 0.0
        self.address = f"http://localhost:{self.port}"
        self._place, self._settings = place, settings
        self._command = [
            *prefix, sys.executable, "-m", "streamlit", "run", script, "--server.port", str(self.port)
        ]  # fmt: skip

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        begun = time.perf_counter()
        self.begin()
        while self.process.poll() is None and time.perf_counter() - begun < PATIENCE:
            if self.answers():
                self.ready = time.perf_counter() - begun
                return
            time.sleep(0.02)
        said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the server did not start: {said}")

    def begin(self) -> None:
        """Start it without waiting. Compiled modules are kept, as wherever the product runs."""
        given = {**os.environ, **self._settings}
        given.pop("PYTHONDONTWRITEBYTECODE", None)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=self._place, env=given, stdout=log, stderr=subprocess.STDOUT
            )

    def answers(self) -> bool:
        try:
            with line(self.port) as connection:
                connection.request("GET", "/_stcore/health")
                return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """As a power cut ends a process: nothing of it runs on."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()

    def memory(self) -> float:
        """MB of memory in use (resident), as Linux counts them."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / MB

    def processor(self) -> float:
        """Seconds of processor it has used, in hundredths, as Linux counts them; a database's own not among them."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii", errors="replace")
        told = stat.rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def product(folder: Path, settings: Mapping[str, str], prefix: Sequence[str] = ()) -> Served:
    """The product with its data in a folder, or where its settings say: variables of the environment. A prefix is what
    its command is given to."""
    keys = os.environ.get("QINGYUAN_KEYS") or Ring.made().written()
    given = {"QINGYUAN_DATA": str(folder), "DATABASE_URL": "", "QINGYUAN_KEYS": keys, **settings}
    return Served(ROOT, "app.py", folder / "server.log", given, prefix)


def bare(folder: Path, script: str) -> Served:
    """A Streamlit script of a folder, with the product's settings and nothing of the product round it."""
    (folder / ".streamlit").mkdir(exist_ok=True)
    shutil.copy(SETTINGS, folder / ".streamlit" / "config.toml")
    return Served(folder, script, folder / "bare.log", {"PYTHONPATH": str(ROOT)})


async def settled(server: Served) -> None:
    """Until the server has done what it does after its start: a second in which it uses next to no processor."""
    await asyncio.sleep(SETTLE)
    used = -1.0
    while server.processor() - used > 0.05:
        used = server.processor()
        await asyncio.sleep(1)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def line(port: int) -> "closing[http.client.HTTPConnection]":
    """A connection for plain requests."""
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60))
