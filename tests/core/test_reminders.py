"""What the day alone tells: disclosures and resolutions that come near or are late, to whom, and how often."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from core.access import FOUNDER
from core.alerts import deliveries, notices
from core.alerts.notices import Kind
from core.ledgers import decisions, steps
from core.ledgers.decisions import DecisionForm
from core.ledgers.doubts import PUBLISH_WITHIN
from core.ledgers.steps import StepForm
from core.openness import disclosure
from core.openness.disclosure import Occasion
from core.orders import Reason
from core.organisation import people
from core.words import DecisionStep, DisclosureWhen, Role
from db import jobs
from db.tables.message_tables import notices_
from tests.core.alerts.test_deliveries import SAID, Web, hook, swept, web  # noqa: F401 - a fixture
from tests.core.alerts.test_notices import fresh, told
from tests.core.openness.test_disclosure import PHOTO, added, owed, publishing
from tests.makers import Place


@pytest.fixture
def place(place: Place) -> Place:
    """The small place, with nobody told anything yet and the sweep done for today."""
    jobs.sweep(place.engine, now=lambda: place.now)
    with place.engine.begin() as rows:
        rows.execute(delete(notices_))
    return place


def days_on(place: Place, days: int) -> None:
    """So many days later, with the sweep of that day alone."""
    place.later(days)
    jobs.sweep(place.engine, now=lambda: place.now)


def up_to(place: Place, day: date) -> None:
    days_on(place, (day - place.today).days)


def who(place: Place, kind: Kind) -> list[str]:
    return [one for one in place.people if kind in told(place, one)]


def read(place: Place) -> None:
    for one in place.people:
        place.do(one, notices.mark_read)


def decided(place: Place) -> str:
    form = DecisionForm(unit_id=place.units["banyan"].id, title="文化广场改造")
    return str(place.do("clerk", decisions.add, form))


def resolved(place: Place, held_on: date | None = None) -> tuple[str, date]:
    """A decision whose resolution is taken, and the last day to make it public."""
    decision_id, day = decided(place), held_on or place.today
    place.do("clerk", steps.take, decision_id, DecisionStep.RESOLVED, StepForm(held_on=day))
    return decision_id, place.ask("clerk", lambda work: work.calendar.after(day, PUBLISH_WITHIN))


def published(place: Place, decision_id: str) -> None:
    place.do("clerk", steps.take, decision_id, DecisionStep.RESOLUTION_PUBLISHED, StepForm(held_on=place.today))


def test_a_skipped_step_is_told_to_who_watches_and_to_nobody_else(place: Place) -> None:
    decision_id = decided(place)
    place.do("clerk", steps.skip, decision_id, DecisionStep.REVIEWED, Reason(reason="时间来不及"))
    assert who(place, Kind.STEP_SKIPPED) == ["watchdog", "watchdog2"]
    [row] = [row for row in place.ask("watchdog", notices.mine) if row.kind is Kind.STEP_SKIPPED]
    assert (row.unit, row.title, row.subject) == ("榕树社区", "文化广场改造", decision_id)


def test_where_nobody_watches_the_level_above_is_told_of_a_skipped_step(place: Place) -> None:
    for watchdog in ("watchdog", "watchdog2"):
        place.do("system", people.close_account, place.people[watchdog].person_id)
    place.do("clerk", steps.skip, decided(place), DecisionStep.REVIEWED, Reason(reason="时间来不及"))
    assert who(place, Kind.STEP_SKIPPED) == ["supervisor"]


def test_a_resolution_is_told_of_before_its_last_day_and_once_after_it(place: Place) -> None:
    decision_id, limit = resolved(place)
    up_to(place, limit - timedelta(days=4))
    assert who(place, Kind.RESOLUTION_DUE) == []
    days_on(place, 1)
    assert who(place, Kind.RESOLUTION_DUE) == ["secretary", "clerk"]
    read(place)
    up_to(place, limit)
    assert not {Kind.RESOLUTION_DUE, Kind.RESOLUTION_LATE} & fresh(place, "clerk")
    days_on(place, 1)
    assert who(place, Kind.RESOLUTION_LATE) == ["secretary", "clerk", "watchdog", "watchdog2"]
    read(place)
    days_on(place, 1)
    days_on(place, 5)
    assert all(Kind.RESOLUTION_LATE not in fresh(place, one) for one in place.people)
    assert decision_id


def test_of_a_resolution_that_was_made_public_or_skipped_nothing_is_told(place: Place) -> None:
    first, _limit = resolved(place)
    published(place, first)
    second, limit = resolved(place)
    place.do("clerk", steps.skip, second, DecisionStep.RESOLUTION_PUBLISHED, Reason(reason="不需要公开"))
    up_to(place, limit + timedelta(days=1))
    assert who(place, Kind.RESOLUTION_DUE) == who(place, Kind.RESOLUTION_LATE) == []


def test_a_resolution_entered_long_after_its_day_is_told_of_too_and_once(place: Place) -> None:
    place.later(30)
    resolved(place, place.today - timedelta(days=30))
    days_on(place, 1)
    assert who(place, Kind.RESOLUTION_LATE) == ["secretary", "clerk", "watchdog", "watchdog2"]
    assert who(place, Kind.RESOLUTION_DUE) == []
    read(place)
    days_on(place, 1)
    assert Kind.RESOLUTION_LATE not in fresh(place, "watchdog")


def test_a_disclosure_is_told_of_three_days_before_and_on_its_day_to_who_discloses(place: Place) -> None:
    added(place)
    [due] = owed(place)
    up_to(place, due.due_on - timedelta(days=4))
    assert who(place, Kind.DISCLOSURE_DUE) == []
    days_on(place, 1)
    assert who(place, Kind.DISCLOSURE_DUE) == ["secretary", "clerk"]
    [row] = [row for row in place.ask("clerk", notices.mine) if row.kind is Kind.DISCLOSURE_DUE]
    assert (row.unit, row.title) == ("榕树社区", "")
    read(place)
    days_on(place, 1)
    assert Kind.DISCLOSURE_DUE not in fresh(place, "clerk")
    up_to(place, due.due_on)
    assert Kind.DISCLOSURE_DUE in fresh(place, "clerk")


def test_a_disclosure_that_was_missed_by_the_sweep_is_told_of_when_it_comes_back(place: Place) -> None:
    added(place)
    [due] = owed(place)
    up_to(place, due.due_on - timedelta(days=8))
    up_to(place, due.due_on - timedelta(days=1))
    assert who(place, Kind.DISCLOSURE_DUE) == ["secretary", "clerk"]


@pytest.mark.costly
def test_a_late_disclosure_is_told_as_a_warning_until_it_is_published(place: Place) -> None:
    added(place)
    [due] = owed(place)
    up_to(place, due.due_on - timedelta(days=3))
    up_to(place, due.due_on + timedelta(days=1))
    assert "clerk" in who(place, Kind.WARNING)
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    days_on(place, 1)
    assert who(place, Kind.WARNING) == []


def test_of_what_was_published_in_time_nothing_is_told_and_the_notice_is_gone(place: Place) -> None:
    subject = added(place, DisclosureWhen.IMMEDIATE)
    form = Occasion(subject_id=subject, happened_on=place.today, occasion="门面招租结果")
    due_id = place.do("clerk", disclosure.note_occasion, form)
    [due] = owed(place)
    up_to(place, due.due_on - timedelta(days=3))
    assert who(place, Kind.DISCLOSURE_DUE) == ["secretary", "clerk"]
    place.do("clerk", disclosure.publish, due_id, publishing(place), PHOTO)
    assert who(place, Kind.DISCLOSURE_DUE) == []
    up_to(place, due.due_on)
    assert who(place, Kind.DISCLOSURE_DUE) == []


@pytest.mark.privacy
def test_neighbours_administrators_and_whoever_lost_the_role_are_told_nothing(place: Place) -> None:
    decision_id, limit = resolved(place)
    added(place)
    [held] = place.ask(FOUNDER, lambda work: work.store.assignments(place.people["secretary"].person_id))
    assert held.role is Role.CADRE
    place.do("security", people.revoke_role, held.id)
    up_to(place, limit + timedelta(days=1))
    kinds = (Kind.RESOLUTION_LATE, Kind.RESOLUTION_DUE, Kind.DISCLOSURE_DUE)
    with place.engine.connect() as rows:
        found = rows.execute(notices_.select().where(notices_.c.kind.in_(kinds))).all()
    names = {actor.person_id: key for key, actor in place.people.items()}
    assert {names[row.person_id] for row in found} == {"clerk", "watchdog", "watchdog2"}
    assert decision_id


@pytest.mark.privacy
def test_a_message_about_them_is_a_count_and_says_nothing(
    place: Place, web: Web, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    from db import outside

    monkeypatch.setenv(outside.OUTSIDE, f"hook={web.origin}")
    monkeypatch.setenv(outside.ADDRESS, "http://qingyuan.test")
    hook(place, web, who="watchdog")
    place.do("clerk", steps.skip, decided(place), DecisionStep.REVIEWED, Reason(reason="时间来不及"))
    assert place.ask("watchdog", notices.unread) == 1
    place.now += timedelta(hours=24)
    swept(place)
    assert web.words()
    assert all(SAID.fullmatch(words) and "广场" not in words for words in web.words())
    assert deliveries
