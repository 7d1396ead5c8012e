"""The Chinese font of this machine, for whatever is drawn on the server: pictures of charts, and papers."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from core.errors import Refused
from core.text import N_

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Noto Sans CJK SC", ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf")),
    ("Noto Sans SC", ("NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf")),
    ("Source Han Sans SC", ("SourceHanSans.ttc", "SourceHanSansSC-Regular.otf", "SourceHanSans-Regular.ttc")),
    ("Microsoft YaHei", ("msyh.ttc", "msyh.ttf")),
    ("PingFang SC", ("PingFang.ttc",)),
    ("Hiragino Sans GB", ("Hiragino Sans GB.ttc",)),
    ("Heiti SC", ("STHeiti Light.ttc",)),
    ("HarmonyOS Sans SC", ("HarmonyOS_Sans_SC_Regular.ttf",)),
    ("MiSans", ("MiSans-Regular.ttf", "MiSans-Regular.otf")),
    ("WenQuanYi Zen Hei", ("wqy-zenhei.ttc",)),
    ("WenQuanYi Micro Hei", ("wqy-microhei.ttc",)),
    ("SimHei", ("simhei.ttf",)),
    ("SimSun", ("simsun.ttc",)),
)
"""Fonts with simplified Chinese, the better ones first, and the files they come in on Linux, Windows and macOS."""
MOST_FACES = 20
"""Faces one file of fonts is looked through for; the largest known ones hold ten."""


@dataclass(frozen=True)
class Font:
    """A font by its name; in `file` it is the face number `index`, counted from 0."""

    family: str
    file: Path
    index: int


def chinese() -> Font:
    """The best font for simplified Chinese there is; Refused where there is none, since boxes help nobody."""
    if font := _found():
        return font
    raise Refused(
        N_("This server has no Chinese font, so no picture can be drawn. Whoever runs it can install “Noto Sans CJK”.")
    )


def is_there() -> bool:
    """Whether there is such a font."""
    return _found() is not None


@cache
def _found() -> Font | None:
    """Files are looked for once: a font that is installed later is found after the next start."""
    files = {file.name: file for folder in _folders() for file in sorted(folder.rglob("*.[to]t[cf]"))}
    known = ((family, files[name]) for family, names in FAMILIES for name in names if name in files)
    return next((font for family, file in known if (font := _face(family, file))), None)


def _folders() -> Iterator[Path]:
    """Where fonts lie, the person's own before the machine's."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
        yield Path(os.environ.get("WINDIR", r"\Windows")) / "Fonts"
    elif sys.platform == "darwin":
        yield from (home / "Library" / "Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (home / ".fonts", home / ".local" / "share" / "fonts")
        yield from (Path(folder) / "fonts" for folder in shared.split(":") if folder)


def _face(family: str, file: Path) -> Font | None:
    for index in range(MOST_FACES):
        try:
            name = ImageFont.truetype(str(file), 12, index=index).getname()[0]
        except OSError:  # no such face, or a file that is no font
            return None
        if name == family:
            return Font(family, file, index)
    return None
