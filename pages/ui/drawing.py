"""Several pictures drawn in a process of their own: the drawer holds the interpreter for up to a second a picture."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS = 90
"""What the process may take for all pictures together; five take some 4."""
TAKEN_ALONG = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "HOME")
"""Of the environment, which may hold the keys, the process gets no more than it needs to start."""
ROOT = Path(__file__).resolve().parents[2]


def drawn(specs: Mapping[str, Mapping[str, Any]], fonts: Path, scale: float) -> dict[str, bytes]:
    """Charts by name as PNG by name; `fonts` is the folder of the Chinese font, `scale` dots for a point.

    `subprocess.SubprocessError` where it fails or takes too long.
    """
    told = json.dumps({"specs": specs, "fonts": str(fonts), "scale": scale})
    command = [sys.executable, "-m", "pages.ui.drawing"]
    bare = {name: os.environ[name] for name in TAKEN_ALONG if name in os.environ}
    done = subprocess.run(  # noqa: S603 - our own module; charts go in as data
        command, input=told.encode(), capture_output=True, timeout=SECONDS, check=True, cwd=ROOT,
        env=bare,
    )
    return {name: base64.b64decode(png) for name, png in json.loads(done.stdout).items()}


def _main() -> None:
    """Charts from the standard input, pictures to the standard output."""
    import vl_convert  # here alone: whoever only asks for pictures does not load it

    told = json.load(sys.stdin)
    vl_convert.register_font_directory(told["fonts"])
    made = {
        name: vl_convert.vegalite_to_png(spec, scale=told["scale"], allowed_base_urls=[])
        for name, spec in told["specs"].items()
    }
    json.dump({name: base64.b64encode(png).decode() for name, png in made.items()}, sys.stdout)


if __name__ == "__main__":
    _main()
