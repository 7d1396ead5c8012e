"""Other ways to find the same matter, each set up as its documentation advises, measured beside ours.

Their packages are imported where they are used and stand in bench/requirements.txt alone.
"""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from sqlalchemy import create_engine, text

from bench.matters import Texts
from bench.quality import FOLDS, Judged
from core.alike.likeness import Floats, Ids
from core.alike.pieces import Said, head, plain, segmented

TOP = 20
"""Earlier texts each peer may give for a text."""
SERVER = "QINGYUAN_TEST_POSTGRESQL"
PERMUTATIONS = 128
SHARED, SHARED_LONG = 0.02, 0.05
"""Share of pieces in common from which MinHash and pg_trgm look at a pair at all; for pg_trgm on long texts the second,
since nearly all of them share the first. At their own defaults (.9 and .3) both find less."""
LIMIT = 600
"""Seconds after which a peer is stopped."""
INSTALL = "pip install -r bench/requirements.txt"

Peer = Callable[[Texts, Ids], Judged]


class Unmeasured(Exception):
    """Why a peer could not be measured."""


def titles(texts: Texts) -> list[str]:
    return [plain(head(said)) for said in texts.said]


def whole(said: Said) -> str:
    return plain(f"{said.title}。{said.text}" if said.title else said.text)


def tokens(texts: Texts) -> list[list[str]]:
    return [segmented(whole(said)) for said in texts.said]


def title_ratio(texts: Texts, _fold: Ids) -> Judged:
    """rapidfuzz: the ratio of two titles."""
    from rapidfuzz import fuzz, process

    lines = titles(texts)
    return best_of(texts, process.cdist(lines, lines, scorer=fuzz.ratio, dtype=np.float32))


def characters(texts: Texts, _fold: Ids) -> Judged:
    """scikit-learn: cosine of pairs and triples of characters, weighed by TF-IDF."""
    return _tfidf(texts, [whole(said) for said in texts.said], analyzer="char", ngram_range=(2, 3))


def words(texts: Texts, _fold: Ids) -> Judged:
    """scikit-learn: cosine of words, weighed by TF-IDF."""
    return _tfidf(texts, tokens(texts), analyzer=_as_given)


def _as_given(found: list[str]) -> list[str]:
    return found


def _tfidf(texts: Texts, said: Sequence[Any], **setting: Any) -> Judged:
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(sublinear_tf=True, **setting).fit_transform(said)
    return best_of(texts, (rows @ rows.T).toarray())


def bm25(texts: Texts, _fold: Ids) -> Judged:
    """bm25s: BM25 over words, as a share of what the text scores against itself, since long texts score more."""
    import bm25s

    found = tokens(texts)
    index = bm25s.BM25()
    index.index(found, show_progress=False)
    scores = np.array([index.get_scores(line) if line else np.zeros(len(found)) for line in found])
    return best_of(texts, scores / np.maximum(np.diag(scores), 1e-6)[:, None])


def minhash(texts: Texts, _fold: Ids) -> Judged:
    """datasketch: MinHash of triples of characters in an LSH index, ordered by the likeness MinHash estimates."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=SHARED, num_perm=PERMUTATIONS)
    sketches: list[MinHash] = []
    pairs = []
    for n, said in enumerate(texts.said):
        line = whole(said)
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([line[k : k + 3].encode("utf-8") for k in range(max(1, len(line) - 2))])
        pairs += [(n, int(m), sketch.jaccard(sketches[int(m)])) for m in index.query(sketch)]
        index.insert(str(n), sketch)
        sketches.append(sketch)
    return chosen(texts, pairs)


def trigrams_of_titles(texts: Texts, _fold: Ids) -> Judged:
    """pg_trgm: similarity() of two titles on a PostgreSQL server."""
    return _pg_trgm(texts, titles(texts), SHARED)


def trigrams(texts: Texts, _fold: Ids) -> Judged:
    """pg_trgm: similarity() of two whole texts on a PostgreSQL server."""
    lines = [whole(said) for said in texts.said]
    return _pg_trgm(texts, lines, SHARED_LONG if np.median([len(line) for line in lines]) > 100 else SHARED)


def _pg_trgm(texts: Texts, lines: Sequence[str], least: float) -> Judged:
    if not os.environ.get(SERVER):
        raise Unmeasured(f"no server: not measured ({SERVER} names none)")
    with create_engine(os.environ[SERVER]).connect() as server:
        server.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        server.execute(text("CREATE TEMPORARY TABLE told (n integer PRIMARY KEY, line text) ON COMMIT DROP"))
        rows = [{"n": n, "line": line.replace("\0", " ")} for n, line in enumerate(lines)]
        server.execute(text("INSERT INTO told VALUES (:n, :line)"), rows)
        server.execute(text("CREATE INDEX ON told USING gin (line gin_trgm_ops)"))
        server.execute(text("ANALYZE told"))
        server.execute(text(f"SET LOCAL pg_trgm.similarity_threshold = {least}"))
        found = server.execute(
            text(
                "SELECT one.n, other.n, similarity(one.line, other.line) "
                "FROM told one JOIN told other ON other.line % one.line AND other.n < one.n"
            )
        )
        return chosen(texts, [(int(a), int(b), float(score)) for a, b, score in found])


def dedupe(texts: Texts, fold: Ids) -> Judged:
    """dedupe: learns which records to compare and how their fields count, from what is labelled in the other folds."""
    from dedupe import Dedupe, training_data_dedupe, variables

    said = tokens(texts)
    records = {
        n: {
            "title": " ".join(segmented(line)) or None,
            "text": " ".join(found) or None,
            "words": frozenset(found) or None,
            "matter": texts.matters[n],
        }
        for n, (line, found) in enumerate(zip(titles(texts), said, strict=True))
    }
    corpus = [record["text"] for record in records.values() if record["text"]]
    fields = [
        variables.String("title", has_missing=True),
        variables.Text("text", corpus=corpus, has_missing=True),
        variables.Set("words", corpus=said, has_missing=True),
    ]
    pairs: list[tuple[int, int, float]] = []
    for n in range(FOLDS):
        rest = {key: record for key, record in records.items() if fold[key] != n}
        learner = Dedupe(fields, num_cores=0, in_memory=True)
        learner.prepare_training(rest, sample_size=1500)
        learner.mark_pairs(training_data_dedupe(rest, "matter", 10_000))
        learner.train(recall=1.0)
        scored = learner.score(learner.pairs(records))
        both = np.sort(scored["pairs"].astype(np.int64), axis=1)
        mine = fold[both[:, 1]] == n
        pairs += zip(both[mine, 1].tolist(), both[mine, 0].tolist(), scored["score"][mine].tolist(), strict=True)
    return chosen(texts, pairs)


PEERS: dict[str, Peer] = {
    "rapidfuzz ratio, title": title_ratio, "pg_trgm, title": trigrams_of_titles, "pg_trgm, whole text": trigrams,
    "MinHash LSH (datasketch)": minhash, "char 2–3-gram TF-IDF": characters, "word TF-IDF": words, "bm25s": bm25,
    "dedupe": dedupe,
}  # fmt: skip


def best_of(texts: Texts, scores: Floats) -> Judged:
    """The best earlier texts of each, from the score of each with each."""
    return chosen(texts, _tops(np.asarray(scores)))


def _tops(scores: Floats) -> Iterator[tuple[int, int, float]]:
    for n in range(1, len(scores)):
        for m in np.flatnonzero(scores[n, :n] > 0):
            yield n, int(m), float(scores[n, m])


def chosen(texts: Texts, pairs: Iterable[tuple[int, int, float]]) -> Judged:
    """Of pairs (later, earlier, score) those within a community, for each text the best so many."""
    by: dict[int, list[tuple[float, int]]] = {}
    for one, other, score in pairs:
        if texts.said[one].unit_id == texts.said[other].unit_id:
            by.setdefault(one, []).append((-score, other))
    rows = [(one, other, -score) for one in sorted(by) for score, other in sorted(by[one])[:TOP]]
    ones, others, scores = zip(*rows, strict=True) if rows else ((), (), ())
    found = np.array(scores, dtype=np.float64)
    return Judged(np.array(ones, dtype=np.int64), np.array(others, dtype=np.int64), np.tile(found, (FOLDS, 1)))


def measured(name: str, texts: Texts, fold: Ids, limit: float = LIMIT) -> Judged | str:
    """What a peer finds in a process of its own, or why there is nothing: missing, stopped or failed."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(theirs, name, texts, fold), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(limit):
            return f"stopped after {limit / 60:.0f} minutes"
        found: Judged | str = ours.recv()
        return found
    except EOFError:
        return "ended without an answer"
    finally:
        child.kill()
        child.join()


def _tell(to: Connection, name: str, texts: Texts, fold: Ids) -> None:
    warnings.simplefilter("ignore")  # what packages say to their own developers
    try:
        to.send(PEERS[name](texts, fold))
    except ImportError as missing:
        to.send(f"{missing.name} is missing: {INSTALL}")
    except Unmeasured as why:
        to.send(str(why))
