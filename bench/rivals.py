"""Other ways to find like texts, each as quick as its documentation shows, timed beside ours by `bench.speed`.

`ONE` makes an index over some texts and gives what asks it for one; `ALL` holds all texts against each other. Their
packages are imported where they are used and stand in bench/requirements.txt alone.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import create_engine, text

from core.alike.pieces import Said, plain, segmented, triples

TOP = 20
PERMUTATIONS = 128
Ask = Callable[[Said], object]


def line(said: Said) -> str:
    return plain(f"{said.title}。{said.text}" if said.title else said.text)


def ratio(said: Sequence[Said], _url: str) -> Ask:
    """rapidfuzz: the ratio of the first 40 characters with every text."""
    from rapidfuzz import fuzz, process

    kept = [line(one)[:40] for one in said]
    return lambda one: process.extract(line(one)[:40], kept, scorer=fuzz.ratio, limit=TOP)


def tfidf(said: Sequence[Said], _url: str) -> Ask:
    """scikit-learn: char 2–3-gram TF-IDF, all rows in memory."""
    vectors, rows = _vectors(said)
    columns = rows.T.tocsr()

    def ask(one: Said) -> object:
        scores = (vectors.transform([line(one)]) @ columns).toarray()[0]
        return np.argpartition(-scores, TOP)[:TOP]

    return ask


def _vectors(said: Sequence[Said]) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True, min_df=2, dtype=np.float32)
    return vectors, vectors.fit_transform([line(one) for one in said])


def bm25(said: Sequence[Said], _url: str) -> Ask:
    """bm25s: BM25 over words, all postings in memory."""
    import bm25s

    index = bm25s.BM25()
    index.index([segmented(line(one)) for one in said], show_progress=False)
    return lambda one: index.retrieve([segmented(line(one))], k=TOP, show_progress=False)


def fts5(said: Sequence[Said], _url: str) -> Ask:
    """SQLite's FTS5 alone: any of 24 triples of a text, ordered by its own rank."""
    kept = sqlite3.connect(":memory:")
    kept.execute("CREATE VIRTUAL TABLE said USING fts5(line, tokenize='trigram', detail=none)")
    kept.executemany("INSERT INTO said (line) VALUES (?)", ([line(one)] for one in said))

    def ask(one: Said) -> object:
        found = triples(line(one))
        probes = " OR ".join(f'"{probe}"' for probe in found[:: max(1, len(found) // 24)][:24])
        return kept.execute("SELECT rowid FROM said WHERE said MATCH ? ORDER BY rank LIMIT 20", [probes]).fetchall()

    return ask


def pg_trgm(said: Sequence[Said], url: str) -> Ask:
    """PostgreSQL's pg_trgm alone: texts similar at .1, ordered by similarity()."""
    server = create_engine(url).connect()
    server.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    server.execute(text("CREATE TEMPORARY TABLE told (n integer PRIMARY KEY, line text)"))
    server.execute(text("INSERT INTO told VALUES (:n, :line)"), [{"n": n, "line": line(s)} for n, s in enumerate(said)])
    server.execute(text("CREATE INDEX ON told USING gin (line gin_trgm_ops)"))
    server.execute(text("ANALYZE told"))
    server.execute(text("SET pg_trgm.similarity_threshold = 0.1"))
    asked = text("SELECT n FROM told WHERE line % :line ORDER BY similarity(line, :line) DESC LIMIT 20")
    return lambda one: server.execute(asked, {"line": line(one)}).all()


ONE: dict[str, Callable[[Sequence[Said], str], Ask]] = {
    "char TF-IDF in memory": tfidf, "bm25s in memory": bm25, "FTS5 alone": fts5, "pg_trgm `%` alone": pg_trgm,
    "rapidfuzz, 40 characters": ratio,
}  # fmt: skip


def neighbours(said: Sequence[Said]) -> object:
    """scikit-learn: the 20 nearest by cosine of char TF-IDF."""
    from sklearn.neighbors import NearestNeighbors

    _vectorizer, rows = _vectors(said)
    return NearestNeighbors(n_neighbors=TOP, metric="cosine", algorithm="brute", n_jobs=-1).fit(rows).kneighbors(rows)


def product(said: Sequence[Said]) -> object:
    """scikit-learn and scipy: products of 1,000 rows of char TF-IDF with all, the best 20 kept."""
    _vectorizer, rows = _vectors(said)
    columns = rows.T.tocsr()
    found = []
    for first in range(0, rows.shape[0], 1000):
        scores = (rows[first : first + 1000] @ columns).toarray()
        found.append(np.argpartition(-scores, TOP, axis=1)[:, :TOP])
    return found


def minhash(said: Sequence[Said]) -> object:
    """datasketch: MinHash of triples in an LSH index at Jaccard .2, each text asked before it is put in."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.2, num_perm=PERMUTATIONS)
    found = []
    for n, one in enumerate(said):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([triple.encode() for triple in triples(line(one))])
        found.append(index.query(sketch))
        index.insert(str(n), sketch)
    return found


ALL: dict[str, Callable[[Sequence[Said]], object]] = {
    "MinHash LSH (datasketch)": minhash, "char TF-IDF, product": product, "char TF-IDF, NearestNeighbors": neighbours,
}  # fmt: skip
