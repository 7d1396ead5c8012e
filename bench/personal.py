"""How well personal data are found in the texts of bench/data/personal.csv: `python -m bench.personal`."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.privacy.personal import COVER, NUMBERS, Kind, find, masked

TEXTS = Path(__file__).parent / "data" / "personal.csv"


@dataclass(frozen=True)
class Span:
    """A piece of a text that is personal, as a person marked it or the program found it."""

    text_id: str
    kind: Kind
    start: int
    end: int

    def meets(self, other: "Span") -> bool:
        return self.text_id == other.text_id and self.start < other.end and other.start < self.end


@dataclass
class Score:
    """How many were marked and found, and how many of each have their counterpart."""

    marked: int
    found: int
    right: int
    met: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.met / self.marked if self.marked else 1.0


@dataclass
class Measured:
    """Everything marked and found in the texts."""

    texts: dict[str, str] = field(default_factory=dict)
    marked: list[Span] = field(default_factory=list)
    found: list[Span] = field(default_factory=list)

    def exact(self, kind: Kind) -> Score:
        """Kind and both ends are the same."""
        marked, found = of(self.marked, {kind}), of(self.found, {kind})
        both = len(set(marked) & set(found))
        return Score(len(marked), len(found), both, both)

    def overlap(self, kinds: Iterable[Kind]) -> Score:
        """At least one sign is shared, whichever of these kinds either has."""
        marked, found = of(self.marked, set(kinds)), of(self.found, set(kinds))
        right = sum(any(span.meets(other) for other in marked) for span in found)
        met = sum(any(span.meets(other) for other in found) for span in marked)
        return Score(len(marked), len(found), right, met)

    def masking(self) -> Score:
        """A marked number is met when at most four of its signs stay, an e-mail address when its name is covered."""
        kept = {name: masked(text) for name, text in self.texts.items()}
        marked, found = of(self.marked, NUMBERS), self.overlap(NUMBERS)
        met = sum(_is_covered(span, kept[span.text_id][span.start : span.end]) for span in marked)
        return Score(len(marked), found.found, found.right, met)

    def missed(self) -> list[Span]:
        return sorted(set(self.marked) - set(self.found), key=lambda span: (span.text_id, span.start))

    def invented(self) -> list[Span]:
        return sorted(set(self.found) - set(self.marked), key=lambda span: (span.text_id, span.start))


def _is_covered(span: Span, kept: str) -> bool:
    stays = sum(sign.isalnum() for sign in kept)
    return COVER in kept and (stays <= 4 or span.kind is Kind.EMAIL)


def of(spans: Iterable[Span], kinds: Iterable[Kind]) -> list[Span]:
    return [span for span in spans if span.kind in kinds]


def texts(path: Path = TEXTS) -> Iterator[tuple[str, str, list[Span]]]:
    """Each text with its name and what a person marked in it."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spans = []
            for mark in filter(None, row["spans"].split(";")):
                kind, _colon, ends = mark.partition(":")
                start, _dash, end = ends.partition("-")
                spans.append(Span(row["id"], Kind(kind), int(start), int(end)))
            yield row["id"], row["text"], spans


def measure(path: Path = TEXTS) -> Measured:
    measured = Measured()
    for name, text, marked in texts(path):
        measured.texts[name] = text
        measured.marked += marked
        measured.found += [Span(name, finding.kind, finding.start, finding.end) for finding in find(text)]
    return measured


def main() -> None:
    measured = measure()
    bare = len(measured.texts) - len({span.text_id for span in measured.marked})
    print(f"{len(measured.texts)} texts, {bare} of them without personal data")
    print(f"{'':12} {'marked':>6} {'found':>6}   exact P / R      overlap P / R")
    for kind in Kind:
        exact, overlap = measured.exact(kind), measured.overlap({kind})
        print(
            f"{kind:12} {exact.marked:6} {exact.found:6}   {exact.precision:.3f} / {exact.recall:.3f}"
            f"    {overlap.precision:.3f} / {overlap.recall:.3f}"
        )
    masking = measured.masking()
    print(f"{'masking':12} {masking.marked:6} {masking.found:6}   {masking.precision:.3f} / {masking.recall:.3f}")
    for title, spans in (("missed", measured.missed()), ("invented", measured.invented())):
        for span in spans:
            text = measured.texts[span.text_id]
            print(f"{title} {span.text_id} {span.kind} “{text[span.start : span.end]}” in: {text}")


if __name__ == "__main__":
    main()
