"""The program: what the field knows, without a screen and without SQL."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
