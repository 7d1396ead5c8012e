"""How values are put down on each server: as parameters on SQLite, as the text of a COPY on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


class Ink:
    """What is put down as it is, for SQLite: text, and bytes. Rows are values one after another."""

    nothing: Any = None
    is_text = False

    def text(self, said: str) -> str:
        return said

    def bytes(self, content: bytes) -> Any:
        return content

    def row(self, values: Sequence[Any]) -> Sequence[Any]:
        """A row as it goes into a lot."""
        return values

    def value(self, value: Any) -> Any:
        """Any value of a row as SQLite gave it."""
        if value is None:
            return self.nothing
        if isinstance(value, bytes):
            return self.bytes(value)
        return self.text(value if isinstance(value, str) else repr(value))


class CopyInk(Ink):
    """What is written as a line of PostgreSQL's COPY; rows are such lines."""

    nothing = "\\N"
    is_text = True

    def text(self, said: str) -> str:
        return said.translate(ESCAPES)

    def row(self, values: Sequence[Any]) -> Sequence[Any]:
        return ("\t".join(values) + "\n",)

    def bytes(self, content: bytes) -> str:
        return "\\\\x" + content.hex()
