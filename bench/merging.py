"""How well and how fast the same matter is found: `python -m bench.merging`, with peers in the same run."""

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import matters, peers, quality, speed, training
from core.alike import meaning
from core.alike.grouping import Pass, hanging, in_turn, sweep
from core.alike.likeness import STARTER, Floats, Ids, Lexicon, Likenesses, starter
from core.alike.matching import PLACED, whole
from core.alike.pieces import Said, pieces
from core.alike.weighing import SHIPPED, Model, logit, shipped

SEEDS = (0, 1, 2)
TOP = {"letters": 20, "flags": 40}
"""Earlier texts each text is held against: short ones share less, so more are looked at."""
AIM = {"letters": 0.93, "flags": 0.8}
"""Precision asked of what is proposed; short flags rarely say where, so that few are surer."""
COMMAND = "python -m bench.merging fit --data DIR"


def lexicon() -> None:
    """Count what the texts of our own say, and write it for sites that have no texts yet."""
    data = Path(__file__).parent / "data"
    texts = [row["text"] for name in ("referral", "referral_dev", "personal")
             for row in matters.read_rows(data / f"{name}.csv")]  # fmt: skip
    library = matters.read_rows(SHIPPED.parent / "risk_library.csv")
    texts += [f"{row['power_item']}。{row['risk_point']}。{row['preventive_measures']}" for row in library]
    said = [Said(str(n), text) for n, text in enumerate(texts)]
    found = Lexicon.empty().plus(pieces([*said, *matters.own().said]))
    columns = np.flatnonzero(found.counts > 1).astype(np.int32)
    np.savez_compressed(STARTER, columns=columns, counts=found.counts[columns].astype(np.int32), texts=found.texts)
    print(f"{found.texts} texts, {len(columns)} pieces said at least twice")


def fit(folder: Path) -> None:
    """Fit both sets of weights and their thresholds, and write them with the command that made them.

    The layer of meaning stays as it is; `python -m bench.meaning fit` fits it again.
    """
    written: dict[str, object] = {"command": COMMAND}
    for texts in (matters.foreign(folder), matters.own()):
        kind = kind_of(texts.said)
        model = replace(training.model_of(*compared(texts), SEEDS, AIM[kind]), meaning=shipped(kind).meaning)
        written[kind] = model.written()
        print(kind, model.thresholds)
    SHIPPED.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def compared(texts: matters.Texts) -> tuple[matters.Pairs, matters.Pairs]:
    """The pairs of texts that arrive one by one, and of texts that are grouped in one pass.

    Where many communities lie together, what is rare is told from all texts in both, as a site's vocabulary does.
    """
    kind = kind_of(texts.said)
    learnt = matters.told_again(texts) if kind == "flags" else texts
    bulk = matters.pairs_of(learnt, TOP[kind], online=False)
    alone = len({said.unit_id for said in texts.said}) == 1
    return (matters.pairs_of(learnt, TOP[kind], online=True) if alone else bulk), bulk


def judge(texts: matters.Texts, seed: int) -> None:
    """Print how well the same matter is found in some texts, ours first and each peer under it."""
    fold, aim = quality.folds(texts, seed), AIM[kind_of(texts.said)]
    print(f"{len(texts.said)} texts ({texts.name}), {len(texts.repeated())} of a matter said before; P asked: {aim}")
    print(quality.HEADING)
    started = time.perf_counter()
    online, bulk = compared(texts)
    learnt = quality.folds(online.texts, seed)
    judged = training.nested(online, learnt)
    grouped = judged if bulk is online else training.nested(bulk, learnt)
    _print("ours", quality.figures(online.texts, learnt, judged, grouped, aim), started)
    for name in peers.PEERS:
        started = time.perf_counter()
        found = peers.measured(name, texts, fold)
        _print(name, found if isinstance(found, str) else quality.figures(texts, fold, found, found, aim), started)


def _print(name: str, made: quality.Figures | str, started: float) -> None:
    told = f"{name:26} {made}" if isinstance(made, str) else quality.line(name, made)
    print(f"{told}{time.perf_counter() - started:7.0f} s", flush=True)


def kind_of(said: Sequence[Said]) -> str:
    """Which weights fit: letters have titles, many words and no power item."""
    long = float(np.median([len(s.text) for s in said])) > 80
    return "letters" if long and not any(s.item_id for s in said) else "flags"


def by_unit(said: Sequence[Said]) -> list[Ids]:
    """The places of the texts of each community."""
    units = np.array([one.unit_id for one in said])
    return [np.flatnonzero(units == unit) for unit in dict.fromkeys(units.tolist())]


def online(said: Sequence[Said], model: Model, top: int) -> Pass:
    """Every text held against those before it in its community."""
    found = [_online([said[n] for n in rows], rows, model, top) for rows in by_unit(said)]
    one, other, probability = zip(*found, strict=True)
    return Pass(np.concatenate(one), np.concatenate(other), np.concatenate(probability))


def _online(said: Sequence[Said], rows: Ids, model: Model, top: int) -> tuple[Ids, Ids, Floats]:
    read = pieces(said)
    one, other, signs = matters.as_they_came(read, top)
    ties = in_turn(Likenesses(read, starter()), one, other, model.pair.logits(signs))
    return rows[one], rows[other], model.entry.probabilities(np.column_stack([ties, signs]))


def bulk(said: Sequence[Said], model: Model, top: int) -> Ids:
    """The group of every text, found in one pass over each community."""
    labels = np.zeros(len(said), dtype=np.int64)
    for rows in by_unit(said):
        read = pieces([said[n] for n in rows])
        like = Likenesses(read, starter().plus(read))
        found = hanging(len(rows), sweep(like, model, top=top), model.thresholds["grouped"])
        labels[rows] = rows[0] + len(said) * found
    return np.unique(labels, return_inverse=True)[1]


def nearness(said: Sequence[Said], one: Ids, other: Ids) -> Floats:
    """How near both texts of each pair are in meaning, from -1 to 1."""
    spots = np.array([meaning.spot(whole(text)[: meaning.LONGEST]) for text in said])
    found: Floats = np.einsum("ij,ij->i", spots[one], spots[other])
    return found


def meant(said: Sequence[Said], made: Pass, model: Model) -> Pass:
    """The likeliest earlier texts weighed once more with their meaning, where QINGYUAN_EMBEDDING asks for it."""
    if not (meaning.chosen() and model.meaning):
        return made
    order = np.lexsort((-made.probability, made.one))
    place = np.arange(len(order)) - np.searchsorted(made.one[order], made.one[order])
    first, probability = order[place < PLACED], made.probability.copy()
    near = nearness(said, made.one[first], made.other[first])
    probability[first] = model.meaning.probabilities(np.column_stack([logit(probability[first]), near]))
    return replace(made, probability=probability)


def predict(source: Path, target: Path) -> None:
    """Decide every flag of a CSV (id,time,title,body, optional unit; in time order) by what came before it; with
    QINGYUAN_EMBEDDING also by what it means, as a site that asks for it does. Groups are made by words alone."""
    said = matters.read_said(matters.read_rows(source))
    kind = kind_of(said)
    model, top = shipped(kind), TOP[kind]
    made = meant(said, online(said, model, top), model)
    found = quality.ranked(made.one, made.other, made.probability)
    rows = [(said[n].key, place, said[other].key, f"{score:.5f}")
            for n, near in found.items() for place, (score, other) in enumerate(near, 1)]  # fmt: skip
    write(target / "candidates.csv", ("id", "rank", "cand_id", "score"), rows)
    best = [found[n][0] if n in found else (0.0, n) for n in range(len(said))]
    into = [said[other].key if score >= model.thresholds["likely"] else "" for score, other in best]
    keys = [one.key for one in said]
    write(target / "decisions.csv", ("id", "merge_into"), zip(keys, into, strict=True))
    write(target / "clusters.csv", ("id", "label"), zip(keys, bulk(said, model, top).tolist(), strict=True))


def write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(heading)
        out.writerows(rows)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.merging", description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of texts outside the repository; without it, our own")
    parser.add_argument("--seed", type=int, default=0, help="draws the folds")
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("lexicon", help=lexicon.__doc__)
    verbs.add_parser("fit", help=fit.__doc__).add_argument("--data", type=Path, required=True)
    made = verbs.add_parser("predict", help=predict.__doc__)
    made.add_argument("flags", type=Path)
    made.add_argument("out", type=Path)
    timed = verbs.add_parser("speed", help=speed.__doc__)
    timed.add_argument("--postgresql", default="", help="a server where databases may be made and dropped")
    timed.add_argument("--most", type=int, default=100_000, help="texts at most")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "lexicon":
        lexicon()
    elif chosen.verb == "fit":
        fit(chosen.data)
    elif chosen.verb == "predict":
        predict(chosen.flags, chosen.out)
    elif chosen.verb == "speed":
        speed.main(chosen.postgresql, chosen.most)
    else:
        judge(matters.foreign(chosen.data) if chosen.data else matters.own(), chosen.seed)


if __name__ == "__main__":
    main(sys.argv[1:])
