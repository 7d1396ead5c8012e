"""What a year brought, over all communities of a round, held against a recount from frozen registers and raw days."""

import json
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from sqlalchemy import insert, text

from core.insight import trends
from db import tables
from db.tables.round_tables import rounds_, snapshots_, versions_
from tests import makers
from tests.core.insight.test_figures import SEES, VOICES
from tests.core.test_charts import EMPTIED, Raw
from tests.makers import Place

pytestmark = pytest.mark.figures

STATES = ("unrated", "controlled", "closed", "archived")
VIEWERS = ("clerk", "supervisor", "discipline", "far_supervisor")


@dataclass(frozen=True)
class Voice:
    source: str
    sealed: bool
    recused: str | None


@dataclass(frozen=True)
class Side:
    """An entry on one day: its state, its title, and which of its voices had spoken."""

    state: str
    title: str
    spoken: frozenset[int]


@dataclass(frozen=True)
class Entry:
    community: str
    voices: tuple[Voice, ...]
    before: Side | None
    now: Side
    opened: int


sides = some.builds(
    Side, some.sampled_from(STATES), some.sampled_from(("甲", "乙")), some.frozensets(some.integers(0, 1))
)
voices = some.builds(Voice, some.sampled_from(VOICES), some.booleans(), some.sampled_from((None, None, *VIEWERS)))
entries = some.lists(
    some.builds(
        Entry, some.sampled_from(("banyan", "river")), some.tuples(voices, voices), some.one_of(some.none(), sides),
        sides, some.integers(-90, 0),
    ),
    max_size=7,
)  # fmt: skip


SPOKE, NAMED = Voice("resident", False, None), Voice("self", False, "clerk")
EVERY_CASE = [
    Entry("banyan", (SPOKE, NAMED), before, now, -10)
    for before, now in (
        (None, Side("controlled", "甲", frozenset())),
        (Side("controlled", "甲", frozenset({0})), Side("controlled", "乙", frozenset({0}))),
        (Side("controlled", "甲", frozenset({0})), Side("controlled", "甲", frozenset({0, 1}))),
        (Side("unrated", "甲", frozenset({0})), Side("controlled", "甲", frozenset({0}))),
        (Side("closed", "甲", frozenset({0})), Side("unrated", "甲", frozenset({0}))),
        (Side("controlled", "甲", frozenset()), Side("closed", "甲", frozenset())),
        (Side("closed", "甲", frozenset()), Side("archived", "甲", frozenset())),
    )
]  # fmt: skip


@given(
    written=entries, frozen=some.frozensets(some.sampled_from(("banyan", "river"))), viewer=some.sampled_from(VIEWERS),
    community=some.sampled_from((None, "street", "banyan", "river")),
)  # fmt: skip
@example(written=EVERY_CASE, frozen=frozenset({"banyan"}), viewer="supervisor", community=None)
@example(written=EVERY_CASE, frozen=frozenset(), viewer="clerk", community="banyan")
@settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))
def test_a_year_brought_what_a_recount_of_the_rows_gives(
    place: Place, written: list[Entry], frozen: frozenset[str], viewer: str, community: str | None
) -> None:
    _write(place, written, frozen)
    found = place.ask(viewer, trends.years, place.units[community].id if community else None)
    if viewer == "far_supervisor":
        assert found is None
        return
    above = (None, "street") if viewer != "clerk" else (None,)  # who sees no street chooses none
    sees = [key for key in ("river", "banyan") if key in SEES[viewer] and community in (*above, key)]
    assert [row.unit_id for row in found.rows] == [place.units[key].id for key in sees]
    assert [row.known for row in found.rows] == [key in frozen for key in sees]
    for key, row in zip(sees, found.rows, strict=True):
        counted = _recount(place, viewer, key, key in frozen)
        assert {change.value: n for change, n in row.counts.items() if n} == counted


def _fields(side: Side, entry: Entry, opened: date, number: int) -> dict[str, Any]:
    return {
        "status": side.state, "title": side.title, "manifestation": "", "item_id": None, "level": None,
        "expected_level": None, "verified_level": None, "measures": [], "ratings": [], "voices": {},
        "opened_on": opened.isoformat(),
        "number": number, "item": None, "post": None, "owner": None, "leader": None, "watchdog": None,
        "dimension": "clean_affairs", "risk_type": "process", "announced_on": None, "filed_on": None, "closed_on": None,
        "disclosure_class": "affairs", "disclosure_when": None,
    }  # fmt: skip


def _write(place: Place, written: list[Entry], frozen: frozenset[str]) -> None:
    today, street = place.today, place.units["street"].id
    with place.engine.begin() as rows:
        for table in EMPTIED:
            rows.execute(text(f"DELETE FROM {table}"))
        _forget_rounds(rows)
        for key, days in (("old", 400), ("new", 30)):
            first = today - timedelta(days=days)
            rows.execute(insert(rounds_).values(
                id=key, unit_id=street, title=key, starts_on=first, filing_from=first, control_from=first,
                evaluation_from=first, ends_on=first + timedelta(days=200), reason="",
                closed_on=first + timedelta(days=200) if key == "old" else None,
            ))  # fmt: skip
        kept: dict[str, list[dict[str, Any]]] = {key: [] for key in ("banyan", "river")}
        for n, entry in enumerate(written):
            kept[entry.community] += _entry(place, rows, n, entry)
        for key in frozen:
            content = json.dumps({"entries": kept[key]}).encode()
            rows.execute(insert(snapshots_).values(
                id=f"s{key}", unit_id=place.units[key].id, round_id="old", taken_on=today - timedelta(days=200),
                digest="", entries=len(kept[key]), content=zlib.compress(content),
            ))  # fmt: skip


def _forget_rounds(rows: Any) -> None:
    """Take frozen registers away for the next example; the product never can."""
    if rows.dialect.name == "sqlite":
        rows.execute(text("DROP TRIGGER IF EXISTS snapshots_no_delete"))
        rows.execute(text("DELETE FROM snapshots"))
    else:
        rows.execute(text("ALTER TABLE snapshots DISABLE TRIGGER USER"))
        rows.execute(text("DELETE FROM snapshots"))
        rows.execute(text("ALTER TABLE snapshots ENABLE TRIGGER USER"))
    rows.execute(text("DELETE FROM rounds"))


def _entry(place: Place, rows: Any, n: int, entry: Entry) -> list[dict[str, Any]]:
    """An entry with its voices and how it is today; gives what a frozen register holds of it."""
    unit, opened = place.units[entry.community].id, place.today + timedelta(days=entry.opened)
    rows.execute(insert(tables.risks_).values(
        id=f"r{n}", unit_id=unit, number=n, title=entry.now.title, dimension="clean_affairs", risk_type="process",
        manifestation="", opened_on=opened, status=entry.now.state, disclosure_class="affairs", secret_reason="",
        wording="", closing_note="", version_id=1,
    ))  # fmt: skip
    for k, voice in enumerate(entry.voices):
        rows.execute(insert(tables.flags_).values(
            id=f"f{n}-{k}", unit_id=unit, source=voice.source, channel="web", text="x", raised_on=opened, due_on=opened,
            status="merged", reason="", sealed=voice.sealed, version_id=1,
        ))  # fmt: skip
        rows.execute(insert(tables.links).values(
            id=f"k{n}-{k}", unit_id=unit, flag_id=f"f{n}-{k}", risk_id=f"r{n}", before="new", linked_at=place.now,
            linked_by=place.people["watchdog"].person_id, reason="", undone_reason="",
        ))  # fmt: skip
        if voice.recused:
            rows.execute(insert(tables.recusals).values(
                id=f"c{n}-{k}", unit_id=unit, flag_id=f"f{n}-{k}", reason="",
                person_id=place.people[voice.recused].person_id,
            ))  # fmt: skip
    spoken: dict[str, list[str]] = {}
    for k in sorted(entry.now.spoken):
        spoken.setdefault(entry.voices[k].source, []).append(f"f{n}-{k}")
    fields = _fields(entry.now, entry, opened, n) | {"voices": spoken, "joined": 0}
    rows.execute(insert(versions_).values(
        risk_id=f"r{n}", unit_id=unit, day=place.today, fields=fields, status=fields["status"], level=fields["level"],
    ))  # fmt: skip
    if entry.before is None:
        return []
    counts = Counter(entry.voices[k].source for k in entry.before.spoken)
    before = _fields(entry.before, entry, opened, n) | {"voices": dict(counts)}
    return [{"id": f"r{n}", "day": opened.isoformat(), **before}]


def _recount(place: Place, viewer: str, community: str, known: bool) -> dict[str, int]:
    raw = Raw(place, viewer, community)
    with place.engine.connect() as rows:
        [packed] = rows.execute(text("SELECT content FROM snapshots WHERE unit_id = :u"),
                                {"u": place.units[community].id}).all() or [None]  # fmt: skip
        named = {row.flag_id for row in rows.execute(text("SELECT flag_id FROM recusals"))}
    old = {e["id"]: e for e in json.loads(zlib.decompress(packed.content))["entries"]} if packed else {}
    mine = {f.id: f.source for f in raw.flags}
    heard = {(link.risk_id, mine[link.flag_id]) for link in raw.all["links"] if link.flag_id in mine}
    public = {f.id for f in raw.all["flags"] if not f.sealed and f.id not in named}
    found: Counter[str] = Counter()
    for risk, kept in raw.history():
        now, was = kept[-1][1], old.get(risk.id)
        told = {
            source: 1 if source == "resident" else n for source, ids in now["voices"].items()
            if (n := len([one for one in ids if one in public])) and (risk.id, source) in heard
        }  # fmt: skip
        over = now["status"] in ("closed", "archived")
        if was is None:
            recent = known or (place.today - date.fromisoformat(now["opened_on"])).days <= 30
            if now["status"] != "archived" and (recent or not over):
                found["new" if recent else "same"] += 1
            continue
        was_over = was["status"] in ("closed", "archived")
        then = {
            source: 1 if source == "resident" else n for source, n in was["voices"].items()
            if (risk.id, source) in heard
        }  # fmt: skip
        if over:
            found["gone"] += not was_over
        else:
            same = not was_over and was["title"] == now["title"] and then == told
            found["same" if same else "changed"] += 1
    return {change: n for change, n in found.items() if n}


def test_without_a_round_there_is_no_year_and_too_many_communities_are_not_compared(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.ask("supervisor", trends.years) is None
    makers.opened_round(place)
    assert len(place.ask("supervisor", trends.years).rows) == place.ask("supervisor", trends.years).communities
    monkeypatch.setattr(trends, "MOST", 0)
    found = place.ask("supervisor", trends.years)
    assert (found.rows, found.communities > 0) == ((), True)
