"""How well and how fast the same matter is found: `python -m bench.merging`, with peers in the same run."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from bench import matters, training
from core.grouping import Pass, hanging, in_turn, sweep
from core.likeness import STARTER, Ids, Lexicon, Likenesses, starter
from core.pieces import Said, pieces
from core.weighing import SHIPPED, Model, shipped

SEEDS = (0, 1, 2)
TOP = {"letters": 20, "flags": 40}
"""Earlier texts each text is held against: short ones share less, so more are looked at."""
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
    """Fit both sets of weights and their thresholds, and write them with the command that made them."""
    written: dict[str, object] = {"command": COMMAND}
    for kind, texts, precision in (("letters", matters.foreign(folder), 0.93), ("flags", matters.own(), 0.8)):
        pairs = matters.pairs_of(texts, TOP[kind], online=kind == "letters")
        judged = [training.nested(pairs, seed) for seed in SEEDS]
        written[kind] = training.model_of(pairs, judged, precision).written()
        print(kind, written[kind]["thresholds"])  # type: ignore[index]
    SHIPPED.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def kind_of(said: Sequence[Said]) -> str:
    """Which weights fit: letters have titles, many words and no power item."""
    long = float(np.median([len(s.text) for s in said])) > 80
    return "letters" if long and not any(s.item_id for s in said) else "flags"


def online(said: Sequence[Said], model: Model, top: int) -> Pass:
    """Every text held against those before it."""
    read = pieces(said)
    one, other, signs = matters.as_they_came(read, top)
    ties = in_turn(Likenesses(read, starter()), one, other, model.pair.logits(signs))
    return Pass(one, other, model.entry.probabilities(np.column_stack([ties, signs])))


def bulk(said: Sequence[Said], model: Model, top: int) -> Ids:
    """The group of every text, found in one pass over all."""
    read = pieces(said)
    like = Likenesses(read, starter().plus(read))
    return hanging(len(said), sweep(like, model, top=top), model.thresholds["grouped"])


def predict(source: Path, target: Path) -> None:
    """Decide every flag of a CSV (id,time,title,body, optional unit; in time order) by what came before it."""
    said = matters.read_said(matters.read_rows(source))
    kind = kind_of(said)
    model, top = shipped(kind), TOP[kind]
    found = matters.ranked(*astuple(online(said, model, top)))
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
    verbs = parser.add_subparsers(dest="verb")
    for verb in ("lexicon", "fit", "predict"):
        made = verbs.add_parser(verb)
        if verb == "fit":
            made.add_argument("--data", type=Path, required=True)
        if verb == "predict":
            made.add_argument("flags", type=Path)
            made.add_argument("out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.verb == "lexicon":
        lexicon()
    elif chosen.verb == "fit":
        fit(chosen.data)
    elif chosen.verb == "predict":
        predict(chosen.flags, chosen.out)


if __name__ == "__main__":
    main(sys.argv[1:])
