"""Servers that benches talk to: the product as its users start it, and a bare Streamlit script as its floor.

Both run the same Streamlit with the settings of `.streamlit/config.toml`.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.keys import Ring

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / ".streamlit" / "config.toml"
PATIENCE = 120
"""Seconds until a server that does not answer has failed."""


@dataclass(frozen=True)
class Served:
    """A running server: its port, its process, and the seconds from its start until it answered."""

    port: int
    pid: int
    ready: float

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def memory(self) -> float:
        """Megabytes of memory in use (resident), as Linux counts them."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor(self) -> float:
        """Seconds of processor the server has used, in hundredths, as Linux counts them; a database's own not among
        them."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def product(folder: Path, database: str = "", **settings: str) -> Iterator[Served]:
    """The product with its data in a folder, or in a database elsewhere; more variables of the environment."""
    keys = os.environ.get("QINGYUAN_KEYS") or Ring.made().written()
    given = {"QINGYUAN_DATA": str(folder), "DATABASE_URL": database, "QINGYUAN_KEYS": keys, **settings}
    with _running(ROOT, "app.py", folder / "server.log", given) as served:
        yield served


@contextmanager
def bare(folder: Path, script: str) -> Iterator[Served]:
    """A Streamlit script of a folder, with the product's settings and nothing of the product round it."""
    (folder / ".streamlit").mkdir(exist_ok=True)
    shutil.copy(SETTINGS, folder / ".streamlit" / "config.toml")
    with _running(folder, script, folder / "bare.log", {"PYTHONPATH": str(ROOT)}) as served:
        yield served


@contextmanager
def _running(place: Path, script: str, log: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    begun = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=place, env={**os.environ, **settings}, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait(port, process, log)
        yield Served(port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            with line(port) as connection:
                connection.request("GET", "/_stcore/health")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))


def line(port: int) -> "closing[http.client.HTTPConnection]":
    """A connection for plain requests."""
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60))
