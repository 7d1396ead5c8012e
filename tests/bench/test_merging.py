"""The measuring itself: what it writes and how it scores, on a handful of texts of our own."""

import csv
from pathlib import Path

import numpy as np
import pytest

from bench import matters, merging, peers, quality
from core.alike import matching, meaning
from core.alike.weighing import shipped

OURS = matters.own()
FEW = matters.Texts("few", OURS.said[:60], OURS.matters[:60])
LATER = [(n, m) for n in range(len(FEW.said)) for m in range(n) if FEW.said[n].unit_id == FEW.said[m].unit_id]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def predicted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is predicted for the first texts, each of three communities."""
    folder = tmp_path_factory.mktemp("merging")
    with (folder / "flags.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ("id", "time", "title", "body", "unit"), extrasaction="ignore")
        out.writeheader()
        out.writerows(matters.read_rows(matters.OWN)[:60])
    merging.main(["predict", str(folder / "flags.csv"), str(folder / "out")])
    return folder / "out"


@pytest.mark.costly
def test_candidates_are_earlier_flags_of_the_same_community_ranked_from_one(predicted: Path) -> None:
    found = rows(predicted / "candidates.csv")
    assert found[0].keys() >= {"id", "rank", "cand_id", "score"}
    place = {said.key: n for n, said in enumerate(FEW.said)}
    by: dict[str, list[dict[str, str]]] = {}
    for row in found:
        one, other = place[row["id"]], place[row["cand_id"]]
        assert other < one
        assert FEW.said[one].unit_id == FEW.said[other].unit_id
        by.setdefault(row["id"], []).append(row)
    for near in by.values():
        assert [int(row["rank"]) for row in near] == list(range(1, len(near) + 1))
        scores = [float(row["score"]) for row in near]
        assert scores == sorted(scores, reverse=True)


def test_every_flag_is_decided_once_as_new_or_as_its_first_candidate(predicted: Path) -> None:
    found = rows(predicted / "decisions.csv")
    assert [row["id"] for row in found] == [said.key for said in FEW.said]
    first = {row["id"]: row["cand_id"] for row in rows(predicted / "candidates.csv") if row["rank"] == "1"}
    assert all(row["merge_into"] in ("", first.get(row["id"])) for row in found)
    assert any(row["merge_into"] for row in found)


def test_what_a_text_means_counts_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    said, model = FEW.said, shipped("flags")
    assert model.meaning
    words = merging.online(said, model, 40)
    monkeypatch.delenv(meaning.ASKED, raising=False)
    assert merging.meant(said, words, model) is words
    spots = {matching.whole(one)[: meaning.LONGEST]: np.eye(2)[n % 2] for n, one in enumerate(said)}
    monkeypatch.setattr(meaning, "chosen", lambda: meaning.nearness)
    monkeypatch.setattr(meaning, "spot", spots.__getitem__)
    near = merging.meant(said, words, model).probability > words.probability
    alike = (words.one - words.other) % 2 == 0
    first = words.probability > 0.05
    assert near[alike & first].all()
    assert not near[~alike & first].any()


def test_every_flag_has_one_group_and_no_group_crosses_communities(predicted: Path) -> None:
    found = rows(predicted / "clusters.csv")
    assert [row["id"] for row in found] == [said.key for said in FEW.said]
    units: dict[str, set[str]] = {}
    for row, said in zip(found, FEW.said, strict=True):
        units.setdefault(row["label"], set()).add(said.unit_id)
    assert all(len(unit) == 1 for unit in units.values())
    assert 1 < len(units) < len(found)


def judged(score: np.ndarray) -> quality.Judged:
    one, other = (np.array(column, dtype=np.int64) for column in zip(*LATER, strict=True))
    return quality.Judged(one, other, np.tile(score, (quality.FOLDS, 1)))


def test_a_method_that_is_always_right_gets_full_marks_and_one_that_knows_nothing_few() -> None:
    same = np.array([FEW.matters[a] == FEW.matters[b] for a, b in LATER], dtype=np.float64)
    fold = quality.folds(FEW, 0)
    right = quality.figures(FEW, fold, judged(same), judged(same), 0.8)
    assert right.recall_1 == right.recall_5 >= 0.9
    assert right.best.precision == right.aimed.precision == right.pairs == 1
    chance = np.random.default_rng(0).random(len(LATER))
    wrong = quality.figures(FEW, fold, judged(chance), judged(chance), 0.8)
    assert wrong.recall_1 < right.recall_1 / 2
    assert wrong.best.f1 < right.best.f1 / 2
    assert wrong.pairs < right.pairs / 2


def test_groups_are_scored_as_the_definitions_say() -> None:
    texts = matters.Texts("four", FEW.said[:4], ("a", "a", "a", "b"))
    assert quality.of_groups(texts, [1, 1, 1, 2]) == pytest.approx((1, 1))
    bcubed, pairs = quality.of_groups(texts, [1, 1, 2, 2])
    precision, recall = (1 + 1 + 0.5 + 0.5) / 4, (2 / 3 + 2 / 3 + 1 / 3) / 3
    assert bcubed == pytest.approx(2 * precision * recall / (precision + recall))
    assert pairs == pytest.approx(2 * 1 / (2 + 3))
    undecided = matters.Texts("four", FEW.said[:4], texts.matters, frozenset({(FEW.said[2].key, FEW.said[3].key)}))
    assert quality.of_groups(undecided, [1, 1, 2, 2])[1] == pytest.approx(2 * 1 / (1 + 3))


@pytest.mark.costly
def test_the_table_is_printed_for_a_handful_of_texts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "PEERS", {})
    merging.judge(FEW, 0)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("60 texts")
    assert printed[1] == quality.HEADING
    assert printed[2].startswith("ours")


def test_a_peer_that_cannot_be_measured_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(peers.SERVER, raising=False)
    assert "no server" in str(peers.measured("pg_trgm, title", FEW, quality.folds(FEW, 0)))
    assert "stopped" in str(peers.measured("bm25s", FEW, quality.folds(FEW, 0), limit=0.0))
