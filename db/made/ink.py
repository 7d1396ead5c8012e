"""How values are put down on each server: as parameters on SQLite, as the text of a COPY on PostgreSQL."""

from typing import Any

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


class Ink:
    """What is put down as it is, for SQLite: text, and bytes."""

    nothing: Any = None

    def text(self, said: str) -> str:
        return said

    def bytes(self, content: bytes) -> Any:
        return content

    def value(self, value: Any) -> Any:
        """Any value of a row as SQLite gave it."""
        if value is None:
            return self.nothing
        if isinstance(value, bytes):
            return self.bytes(value)
        return self.text(value if isinstance(value, str) else repr(value))


class CopyInk(Ink):
    """What is written as a line of PostgreSQL's COPY."""

    nothing = "\\N"

    def text(self, said: str) -> str:
        return said.translate(ESCAPES)

    def bytes(self, content: bytes) -> str:
        return "\\\\x" + content.hex()
