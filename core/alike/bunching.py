"""Bunches (归并建议组): what hangs together after a pass over many texts, how surely, and because of which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.alike.grouping import Pass, Tell, hanging, sweep
from core.alike.likeness import Ids, Lexicon, Likenesses, starter
from core.alike.pieces import Said, pieces
from core.alike.sharing import shared
from core.alike.weighing import Model, shipped
from core.late import csgraph, sparse

LARGE = 12
"""Members from which a group that hangs together by weak ties is called weak."""


@dataclass(frozen=True)
class Tie:
    """What holds one text in its group: the probability of its strongest tie, and the words both share."""

    probability: float
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Bunch:
    """Texts that hang together. `strength` is the probability of the tie without which the group would fall apart;
    `weak` marks a large group in which most pairs that were compared do not seem the same."""

    keys: tuple[str, ...]
    strength: float
    weak: bool
    ties: Mapping[str, Tie]


def bunches(
    said: Sequence[Said], tell: Tell = lambda _done, _total: True, *, lexicon: Lexicon | None = None,
    model: Model | None = None,
) -> list[Bunch]:  # fmt: skip
    """Groups of two and more texts that seem one matter, in one pass; `Cancelled` when told not to go on."""
    if len(said) < 2:
        return []
    model = model or shipped()
    read = pieces(said)
    like = Likenesses(read, (lexicon or starter()).plus(read))
    found = sweep(like, model, tell)
    labels = hanging(len(said), found, model.thresholds["grouped"])
    groups: dict[int, list[int]] = {}
    for n, label in enumerate(labels):
        groups.setdefault(int(label), []).append(n)
    pairs = _by_group(found, labels, model.thresholds["grouped"])
    return [_bunch(said, groups[label], pairs[label], model) for label in pairs if len(groups[label]) > 1]


def _by_group(found: Pass, labels: Ids, least: float) -> dict[int, list["Pair"]]:
    """The compared pairs inside each group that has a tie."""
    inside = labels[found.one] == labels[found.other]
    pairs: dict[int, list[Pair]] = {}
    rows = zip(found.one[inside], found.other[inside], found.probability[inside], strict=True)
    for one, other, probability in rows:
        pairs.setdefault(int(labels[one]), []).append((int(one), int(other), float(probability)))
    return {label: rows for label, rows in pairs.items() if max(row[2] for row in rows) >= least}


Pair = tuple[int, int, float]


def _bunch(said: Sequence[Said], members: Sequence[int], pairs: Sequence[Pair], model: Model) -> Bunch:
    """A group with what holds each member: members are tied to the group by their strongest pair."""
    best: dict[int, tuple[float, int]] = {}
    for one, other, probability in pairs:
        for text, with_ in ((one, other), (other, one)):
            best[text] = max(best.get(text, (0.0, -1)), (probability, with_))
    ties = {said[n].key: Tie(best[n][0], shared(said[n].text, [said[best[n][1]].text])) for n in members}
    sure = sum(p >= model.thresholds["likely"] for _one, _other, p in pairs)
    weak = len(members) >= LARGE and sure < len(pairs) / 2
    return Bunch(tuple(said[n].key for n in members), weakest(pairs), weak, ties)


def weakest(pairs: Sequence[Pair]) -> float:
    """The probability of the weakest tie that is needed to hold all together, the strongest ones taken first."""
    if len(pairs) == 1:
        return pairs[0][2]
    ones, others, probabilities = zip(*pairs, strict=True)
    place = {text: n for n, text in enumerate({*ones, *others})}
    apart = [2.0 - probability for probability in probabilities]  # never 0, which would be no tie
    ends = ([place[text] for text in ones], [place[text] for text in others])
    tree = csgraph.minimum_spanning_tree(sparse.csr_matrix((apart, ends), shape=(len(place), len(place))))
    return 2.0 - float(tree.data.max())
