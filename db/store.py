"""The store on SQLAlchemy: loading here, questions by concept in the modules beside it."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Engine, Select, delete, select
from sqlalchemy.orm import Session

from core.access import Scope
from core.errors import Missing
from core.organisation.people import Assignment
from core.organisation.recusal import Recusal
from core.privacy.keys import Ring
from core.voices.drafts import Draft
from core.voices.flags import Flag
from core.witness import Witness
from db import keyring, witness
from db.kept import worded
from db.questions.attention import Attention
from db.questions.awaited import Awaiting
from db.questions.campaigns import Campaigns
from db.questions.catalogue import Catalogue
from db.questions.charted import Charted
from db.questions.checked import Checking
from db.questions.common import Common
from db.questions.completion import Completed
from db.questions.doings import Doings
from db.questions.doors import Doors
from db.questions.dues import Dues
from db.questions.entries import Entries
from db.questions.finding import Finding
from db.questions.insight import Insight
from db.questions.keeping import Keeping
from db.questions.ledgers import Ledgers
from db.questions.log import Log
from db.questions.looks import Looks
from db.questions.meetings import Meetings
from db.questions.messages import Messages
from db.questions.nameable import Nameable
from db.questions.near import Near
from db.questions.notices import Notices
from db.questions.openings import Openings
from db.questions.openness import Openness
from db.questions.paces import Paces
from db.questions.places import Places
from db.questions.pointed import Pointed
from db.questions.queued import Queued
from db.questions.reached import Participating
from db.questions.registers import Registers
from db.questions.relatives import Relatives
from db.questions.runs import Runs
from db.questions.schedules import Schedules
from db.questions.signatures import Signatures
from db.questions.staff import Staff
from db.questions.sums import Sums
from db.questions.supports import Supports
from db.questions.sweeps import Sweeps
from db.questions.tallies import Tallies
from db.questions.versions import Versions
from db.questions.viewing import Viewing
from db.questions.voices import Voices
from db.questions.warned import Warned
from db.questions.watching import Watching
from db.scoping import visible
from db.tables import drafts_

T = TypeVar("T")


def _held(query: Select[Any], kind: Any, reads: bool) -> Select[Any]:
    """A question for things that nobody else may change meanwhile, unless they are only read."""
    return query if reads else query.with_for_update(of=kind)


class SqlStore(
    Places, Staff, Nameable, Catalogue, Voices, Queued, Pointed, Supports, Entries, Registers, Near, Doings,
    Tallies, Awaiting, Watching, Warned, Runs, Common, Openings, Keeping, Notices, Messages, Sweeps, Doors, Looks,
    Signatures, Openness, Dues, Campaigns, Completed, Versions, Ledgers, Meetings, Relatives, Schedules, Sums,
    Charted, Paces, Participating, Insight, Attention, Checking, Finding, Viewing, Log,
):  # fmt: skip
    """Everything kept, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def one(self, kind: type[T], key: str, scope: Scope) -> T:
        found = self.seen(kind, key, scope)
        if found is None:
            raise Missing
        return found

    def seen(self, kind: type[T], key: str, scope: Scope) -> T | None:
        known: dict[str, T | None] = self._met(kind, scope)
        if key in known:
            return known[key]
        own: Any = kind
        reads = self._reads
        query = worded(
            lambda key: _held(select(own).where(own.id == key, visible(own, scope)), own, reads), key=key
        )
        return self.session.scalars(*query).one_or_none() if scope.paths else None

    def seen_all(self, kind: type[T], keys: Collection[str], scope: Scope) -> dict[str, T]:
        own: Any = kind
        reads = self._reads
        known: dict[str, T | None] = self._met(kind, scope)
        asked = sorted({*keys} - known.keys())
        known.update(dict.fromkeys(asked))
        query = worded(
            lambda keys: _held(select(own).where(own.id.in_(keys), visible(own, scope)).order_by(own.id), own, reads),
            keys=asked,
        )
        if asked and scope.paths:
            known.update((one.id, one) for one in self.session.scalars(*query))
        return {key: one for key in sorted(keys) if (one := known.get(key)) is not None}

    def some(self, kind: type[T], scope: Scope, **equal: object) -> list[T]:
        own: Any = kind
        nothing = tuple(name for name, value in equal.items() if value is None)
        query = worded(
            lambda **same: select(own).where(visible(own, scope))
            .filter_by(**same, **dict.fromkeys(nothing)).order_by(own.id),
            **{name: value for name, value in equal.items() if value is not None},
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def find(self, kind: type[T], key: str) -> T | None:
        return self.session.get(kind, key)

    def add(self, thing: object) -> None:
        self._forget_staff(thing)
        self._note_raised(thing)
        self.session.add(thing)

    def remove(self, thing: object) -> None:
        self._forget_staff(thing)
        self.session.delete(thing)

    def _forget_staff(self, thing: object) -> None:
        """Look up anew who holds which role, once that has changed in this deed."""
        if isinstance(thing, Assignment):
            self.session.info.pop("staff", None)

    def _note_raised(self, thing: object) -> None:
        """Remember who is kept from a flag that is raised in this deed: nobody else knows of it yet."""
        raised: dict[str, list[Recusal]] = self.session.info.setdefault("raised", {})
        if isinstance(thing, Flag):
            raised[thing.id] = []
        elif isinstance(thing, Recusal) and thing.flag_id in raised:
            raised[thing.flag_id].append(thing)

    def ring(self) -> Ring:
        """The keys; as long as a deed goes on nobody drops one of them."""
        if not self.session.info.get("reading"):
            self.hold_keys(alone=False)
        return keyring.ring()

    def witness(self) -> Witness | None:
        engine = self.session.get_bind()
        return witness.read(witness.file_of(engine)) if isinstance(engine, Engine) else None

    def put_draft(self, person_id: str, form: str, fields: dict[str, object], today: date) -> None:
        kept = self.session.get(Draft, (person_id, form))
        if kept is None:
            self.session.add(Draft(person_id, form, fields, today))
        else:
            kept.fields, kept.saved_on = fields, today

    def draft(self, person_id: str, form: str) -> dict[str, object]:
        kept = self.session.get(Draft, (person_id, form))
        return dict(kept.fields) if kept else {}

    def drop_draft(self, person_id: str, form: str) -> None:
        self.session.execute(delete(drafts_).where(drafts_.c.person_id == person_id, drafts_.c.form == form))
