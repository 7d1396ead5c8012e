"""The disclosure catalogue (公开目录): what a community makes public, on what basis, how often, where and for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Missing, Refused, Stale
from core.events import Event
from core.items import Item
from core.openness import dues
from core.openness.showing import ShownDue
from core.organisation.recusal import Known
from core.organisation.units import Unit, is_community, new_id
from core.privacy.wording import without_known, without_people
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import DisclosureClass, DisclosureWhen


@dataclass(eq=False)
class Subject:
    """One thing that is made public. `heading` is 一级事项, `name` 二级事项, `elements` 要素, `tier` 层级.

    Its dues count from `counts_from`; `item_version` is that of its power item when it was last compared.
    """

    id: str
    unit_id: str
    item_id: str | None
    heading: str
    name: str
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen
    counts_from: date
    elements: str = ""
    basis: str = ""
    body: str = ""
    channel: str = ""
    audience: str = ""
    manner: str = ""
    tier: str = ""
    masked: bool = False
    item_version: int = 0
    retired_on: date | None = None


class SubjectForm(BaseModel):
    """What the catalogue says of one disclosure item."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    heading: str = Field(title=N_("First-level item"), min_length=2, max_length=60)
    name: str = Field(title=N_("Second-level item"), min_length=2, max_length=80)
    elements: str = Field("", title=N_("What it holds"), max_length=500, json_schema_extra={"long": True})
    basis: str = Field("", title=N_("Basis"), max_length=300)
    disclosure_class: DisclosureClass = Field(title=N_("Class"))
    disclosure_when: DisclosureWhen = Field(title=N_("How often"))
    body: str = Field("", title=N_("Who discloses"), max_length=120)
    channel: str = Field("", title=N_("Where it is disclosed"), max_length=120)
    audience: str = Field("", title=N_("For whom"), max_length=120)
    manner: str = Field("", title=N_("Of its own accord or on request"), max_length=60)
    tier: str = Field("", title=N_("Level of the administration"), max_length=60)
    masked: bool = Field(False, title=N_("Personal data masked when disclosed"))


@dataclass(frozen=True)
class SubjectRow:
    """A disclosure item as it is listed, with its power item and the nearest day on which it is due."""

    id: str
    unit_id: str
    item: str
    heading: str
    name: str
    elements: str
    basis: str
    body: str
    channel: str
    audience: str
    manner: str
    tier: str
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen
    masked: bool
    next_due: date | None


def catalogue(work: Work, unit_id: str) -> list[SubjectRow]:
    """What one community makes public, in the order of its first-level items."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    return work.store.subject_rows(scope, unit_id)


def listed(work: Work, unit_id: str, turn: Turn = START) -> Listed[SubjectRow]:
    """A page of the catalogue of one community."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    return work.store.subject_page(scope, unit_id, turn)


def left_to_fill(work: Work, unit_id: str) -> int:
    """How many power items with a disclosure class are not in the catalogue yet."""
    work.actor.require(Permission.DISCLOSURE_EDIT)
    return len(_missing(work, _community(work, unit_id)))


def fill(work: Work, unit_id: str) -> int:
    """Take the power items that have a disclosure class into the catalogue; those in it already are left alone."""
    work.actor.require(Permission.DISCLOSURE_EDIT)
    unit = _community(work, unit_id)
    missing = _missing(work, unit)
    for item in missing:
        form = SubjectForm(
            heading=item.disclosure_class.label, name=item.name, elements="", basis=item.basis[:300], body=item.body,
            disclosure_class=item.disclosure_class, disclosure_when=item.disclosure_when or DisclosureWhen.PERMANENT,
            masked=item.masked, channel=_("Notice board and public board"), audience=_("All residents"),
            manner=_("Of its own accord"), tier=_("Community"),
        )  # fmt: skip
        _take_in(work, unit, form, item)
    return len(missing)


def add(work: Work, unit_id: str, form: SubjectForm) -> str:
    """Add something that no power item stands for."""
    work.actor.require(Permission.DISCLOSURE_EDIT)
    return add_all(work, unit_id, [form])[0]


def add_all(work: Work, unit_id: str, forms: Sequence[SubjectForm]) -> list[str]:
    """Add several such things, all of them or none; gives their ids."""
    work.actor.require(Permission.DISCLOSURE_EDIT)
    unit = _community(work, unit_id)
    known, taken = work.store.known_people(unit.id), _names(work, unit.id, None)
    added = []
    for form in forms:
        check(form, taken, known)
        taken.add(form.name)
        added.append(_take_in(work, unit, form, None).id)
    return added


def change(work: Work, subject_id: str, form: SubjectForm) -> None:
    """Change what the catalogue says; another rhythm counts from today, and what is permanent is owed anew."""
    scope = work.actor.require(Permission.DISCLOSURE_EDIT)
    subject = _standing(work.store.one(Subject, subject_id, scope))
    check(form, _names(work, subject.unit_id, subject), work.store.known_people(subject.unit_id))
    dues.fresh(work, subject, work.today)  # by the old rhythm, what the sweep has not got to yet
    before = {name: getattr(subject, name) for name in SubjectForm.model_fields}
    rhythm = subject.disclosure_when
    _write(subject, form)
    changed = sorted(name for name, value in before.items() if getattr(subject, name) != value)
    if not changed:
        raise Refused(N_("Nothing was changed."))
    if subject.disclosure_when is not rhythm or subject.disclosure_when is DisclosureWhen.PERMANENT:
        dues.drop_ahead(work, subject, work.today)
        subject.counts_from = work.today
    for due in work.store.dues_of(subject.id):
        if due.published_on is None and (shown := work.store.find(ShownDue, due.id)):
            shown.subject, shown.disclosure_class = subject.name, subject.disclosure_class
    dues.fresh(work, subject, work.today)
    work.record(Event.SUBJECT_CHANGED, subject.id, chain=subject.unit_id, changed=changed)


def retire(work: Work, subject_id: str) -> None:
    """Take something out of the catalogue: nothing more falls due; what is overdue stays so, what was published too."""
    scope = work.actor.require(Permission.DISCLOSURE_EDIT)
    subject = _standing(work.store.one(Subject, subject_id, scope))
    dues.fresh(work, subject, work.today)  # what the sweep has not got to yet
    dues.drop_ahead(work, subject, work.today)
    subject.retired_on = work.today
    work.record(Event.SUBJECT_RETIRED, subject.id, chain=subject.unit_id, name=subject.name)


def _take_in(work: Work, unit: Unit, form: SubjectForm, item: Item | None) -> Subject:
    subject = Subject(
        new_id(), unit.id, item.id if item else None, form.heading, form.name, form.disclosure_class,
        form.disclosure_when, work.today, item_version=item.version if item else 0,
    )  # fmt: skip
    _write(subject, form)
    work.store.add(subject)
    dues.fresh(work, subject, work.today)
    work.record(Event.SUBJECT_ADDED, subject.id, chain=unit.id, name=subject.name)
    return subject


def _missing(work: Work, unit: Unit) -> list[Item]:
    """Power items to be made public that no subject stands for; one whose name names a person is left to be mended."""
    scope = work.actor.scope(Permission.DISCLOSURE_EDIT)
    standing = [one for one in work.store.some(Subject, scope, unit_id=unit.id) if one.retired_on is None]
    have = {one.item_id for one in standing} | {one.name for one in standing}
    found = []
    for item in work.store.some(Item, scope, unit_id=unit.id, retired=False):
        if item.disclosure_class is DisclosureClass.NONE or {item.id, item.name} & have:
            continue
        try:
            without_people(work, unit.id, name=item.name)
        except Invalid:
            continue
        found.append(item)
    return sorted(found, key=lambda item: item.name)


def _community(work: Work, unit_id: str) -> Unit:
    unit = work.store.one(Unit, unit_id, work.actor.scope(Permission.DISCLOSURE_EDIT))
    if not is_community(unit, work):
        raise Missing
    return unit


def _standing(subject: Subject) -> Subject:
    if subject.retired_on is not None:
        raise Stale(N_("This disclosure item is retired already."))
    return subject


def _names(work: Work, unit_id: str, own: Subject | None) -> set[str]:
    """The names of what a community makes public, but for one's own."""
    others = work.store.some(Subject, work.actor.scope(Permission.DISCLOSURE_EDIT), unit_id=unit_id, retired_on=None)
    return {other.name for other in others if other is not own}


def check(form: SubjectForm, taken: Collection[str], known: Sequence[Known]) -> None:
    """Refuse what is not disclosed, a name another one has, and words that name somebody."""
    if form.disclosure_class is DisclosureClass.NONE:
        raise Invalid(disclosure_class=_("What is not disclosed does not stand in this catalogue."))
    if form.name in taken:
        raise Invalid(name=_("There is a disclosure item with this name already."))
    without_known(known, **{name: getattr(form, name) for name in ("heading", "name", "elements", "channel")})


def _write(subject: Subject, form: SubjectForm) -> None:
    for name in SubjectForm.model_fields:
        value = getattr(form, name)
        setattr(subject, name, clean(value) if type(value) is str else value)
