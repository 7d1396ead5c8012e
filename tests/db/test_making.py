"""A made site: printed from what the use cases made, it holds whatever they promise, on both servers."""

import json
import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text

from core import home
from core.access import FOUNDER, RESIDENT, Actor, Grant, Permission
from core.entries import register, signed
from core.entries.register import Filter
from core.entries.risks import Risk
from core.entries.signed import Signature
from core.errors import Refused
from core.insight import blindspots, figures
from core.inspection import snapshots
from core.inspection.rounds import Round
from core.inspection.snapshots import Snapshot
from core.openness.board import board
from core.organisation import signin
from core.organisation.units import Unit
from core.privacy import hashing
from core.review import inbox
from core.voices.followup import follow
from core.words import Level, Role, Source
from db import snapshots as frozen
from db.engine import connect
from db.made.drawing import Drawing
from db.made.ink import Ink
from db.made.making import Made, accounts, make
from db.questions.log import Log
from db.tables import flags_, metadata, receipts_, units_
from db.tables.round_tables import versions_
from db.work import reading, work

NOW = datetime(2026, 9, 15, 2, tzinfo=UTC)
SIZES = [40, 25, 40]
PASSWORD = "made for looking at"


@pytest.fixture
def site(engine: Engine) -> Made:
    return make(engine, SIZES, seed=3, now=NOW, password=PASSWORD)


def _actor(engine: Engine, account: str) -> Actor:
    with reading(engine, FOUNDER, NOW) as asked:
        person = asked.store.person_named(account)
        assert person is not None
        grants = tuple(Grant(role, path) for role, path in asked.store.grants(person.id))
        return Actor(person.id, person.name, grants, person.unit_id)


@pytest.mark.costly
def test_every_chain_and_register_holds_and_each_community_has_its_flags(site: Made, engine: Engine) -> None:
    with reading(engine, FOUNDER, NOW) as asked:
        found = list(Log.verdicts(asked.store))  # type: ignore[arg-type]
        assert all(verdict.first is None for _chain, verdict in found)
        assert sum(verdict.lines for _chain, verdict in found) == site.rows["audit_entries"]
        checked = list(frozen.check(asked.store.session))  # type: ignore[attr-defined]
        assert len(checked) == len(SIZES)
        assert {why for _snapshot, why in checked} == {""}
    with engine.connect().execution_options(reading=True) as rows:
        counted = Counter(rows.scalars(select(flags_.c.unit_id)))
        assert sorted(counted.values()) == sorted(SIZES)
        assert set(rows.scalars(select(flags_.c.source))) == set(Source)
    with pytest.raises(Refused):
        make(engine, SIZES, seed=3, now=NOW, password=PASSWORD)


def test_what_is_kept_twice_is_the_same_in_both_places(site: Made, engine: Engine) -> None:
    """Versions against entries, signatures against what was signed, frozen registers against the versions."""
    with work(engine, FOUNDER, NOW) as asked:
        session = asked.store.session  # type: ignore[attr-defined]
        last = {row.risk_id: row.fields for row in session.execute(select(versions_).order_by(versions_.c.day))}
        now = asked.store._pictured(list(last))  # type: ignore[attr-defined]
        assert len(now) == site.rows["risks"]
        assert all(last[risk_id] == fields for risk_id, _unit_id, fields in now)
        standing = select(Signature, Risk).join(Risk, Risk.id == Signature.risk_id).where(~Signature.replaced)
        for signature, risk in session.execute(standing):
            same = signed.digest(signed.material(asked, risk, signature.stage)) == signature.digest
            assert same == (signature.stale_on is None)
        for kept in session.scalars(select(Snapshot)):
            unit, round_ = session.get(Unit, kept.unit_id), session.get(Round, kept.round_id)
            text = snapshots.written(unit, round_, kept.taken_on, asked.store.public_versions(unit.id, kept.taken_on))
            assert snapshots.digest(text) == kept.digest


@pytest.mark.costly
def test_everybody_signs_in_and_finds_what_is_theirs(site: Made, engine: Engine) -> None:
    found = accounts(engine)
    assert {role for role, _account, _unit in found} == set(Role) - {Role.RESIDENT}
    for _role, account, _unit in found:
        with reading(engine, RESIDENT, NOW) as asked:
            tried = signin.compare(asked, account, PASSWORD)
        with work(engine, RESIDENT, NOW) as doing:
            assert signin.sign_in(doing, tried)
        actor = _actor(engine, account)
        with reading(engine, actor, NOW) as asked:
            home.waiting(asked)
            if actor.may(Permission.REGISTER_READ):
                assert register.register(asked, Filter()).rows
                assert figures.overview(asked).total
                blindspots.who_saw(asked, blindspots.Asked())
            if actor.may(Permission.FLAG_TRIAGE):
                inbox.inbox(asked)
    with engine.connect().execution_options(reading=True) as rows:
        codes = rows.scalars(select(units_.c.code).where(units_.c.kind == "community")).all()
        locators = rows.scalars(select(receipts_.c.locator).where(receipts_.c.flag_id.is_not(None))).all()
    with reading(engine, RESIDENT, NOW) as asked:
        assert sum(len(board(asked, code)[1]) for code in codes) == site.rows["publications"]
        assert follow(asked, site.receipt(locators[0]))


def test_a_figure_is_what_raw_rows_say(site: Made, engine: Engine) -> None:
    seat = next(account for role, account, unit in accounts(engine) if role is Role.SUPERVISOR and unit.endswith("市"))
    with reading(engine, _actor(engine, seat), NOW) as asked:
        found = figures.overview(asked)
    with engine.connect().execution_options(reading=True) as rows:
        standing = "(status <> 'archived' OR closed_on IS NOT NULL)"
        said = text(f"SELECT count(*) FROM risks WHERE level = 'high' AND {standing}")
        assert sum(n for (_dimension, level), n in found.heat.items() if level == Level.HIGH) == rows.scalar(said)


@pytest.mark.costly
def test_the_same_seed_makes_the_same_site(schema: Engine) -> None:
    sites = []
    for seed in (3, 3, 4):
        engine = connect("sqlite://")
        with schema.connect() as from_, engine.connect() as to:
            from_.connection.driver_connection.backup(to.connection.driver_connection)  # type: ignore[union-attr]
        with hashing.cheaply():
            make(engine, [12, 30], seed, NOW, PASSWORD)
        with engine.connect().execution_options(reading=True) as rows:
            sites.append({
                table.name: sorted(json.dumps([str(one) for one in row]) for row in rows.execute(select(table)))
                for table in metadata.sorted_tables
            })  # fmt: skip
        engine.dispose()
    assert sites[0] == sites[1]
    assert sites[0]["flags"] != sites[2]["flags"]


def test_names_of_places_come_twice_only_when_all_are_used() -> None:
    sayings = Drawing(random.Random(1), Ink()).sayings
    names = [sayings.place("community", n) for n in range(3000)]
    assert len(set(names)) == len(names)
