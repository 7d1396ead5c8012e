"""Whoever may not know of a matter gets from every question of the store the answer they would get without it.

A site with something of everything is copied, a hidden matter put into the copy, and both are asked the same.
"""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core import dates, home
from core.access import EVERYWHERE, FOUNDER, Scope
from core.alike.pieces import Said
from core.entries import register as registers
from core.entries.escalation import Passing
from core.entries.risks import Risk
from core.entries.searching import Found, search, sought
from core.errors import Missing
from core.home import Chore
from core.insight.blindspots import Sight
from core.ledgers.commitments import counted_since
from core.organisation.places import Reach
from core.prevention.measures import Measure
from core.store import Store, Work
from core.turning import START, Listed
from core.voices.attachments import Attachment
from core.voices.contacts import Contact
from core.voices.flags import Flag
from core.voices.openings import Ground, Opening, Part
from core.voices.retention import Hold
from core.words import Role, RunKind, SignedStage, Source, WarningLevel
from db.engine import connect
from tests.bunching import plainly  # noqa: F401
from tests.db.test_scoping import arguments
from tests.hidden import HAPPENED, HIDING, MARK, ON_BOARD, Hidden, ids, lived
from tests.makers import Place, copy_of

pytestmark = [pytest.mark.privacy, pytest.mark.usefixtures("plainly")]

QUESTIONS = {
    name: question for name, question in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")
}  # fmt: skip
SCOPED = {name for name, question in QUESTIONS.items() if "scope" in inspect.signature(question).parameters}
DEEDS = "changes what is kept"
LOADED = "asked for a flag or an entry that its use case has loaded within a scope, or was given a receipt for"
OWN = "the program's own bookkeeping, which shows nobody what it finds"
NO_FLAG = "about units, people, posts, items, rounds, measures, keys or sessions: no flag has part in it"
NOTICES = "one's own notices within the reach of each kind; not yet held here against a site without the matter"
LOG = "the auditor's log, which tells of every deed by id; that no word is in it is tested below"
RECUSED = "leaves entries that name its reader out on purpose, and so tells them that something does, not what"
NOT_ASKED: dict[str, str] = {
    "agenda_choice": RECUSED, "agenda_entries": RECUSED,
    **dict.fromkeys((
        "add", "append", "beat_run", "claim_run", "close_door", "count_wrong", "forget_old_doors", "forget_wrong",
        "drop_attachment", "drop_draft", "drop_original", "each_sealed", "end_clock",
        "end_sessions", "forget_rows", "give_lease", "hold_keys", "keep_file", "keep_lease", "keep_sums", "put_draft",
        "put_mark", "release_run", "remove", "take_lease", "touch", "trust_marks",
    ), DEEDS),
    **dict.fromkeys((
        "barred", "declarations", "declarations_of", "kin", "places_of", "with_kin",
    ), NO_FLAG),
    **dict.fromkeys(("concerning_somebody", "naming", "requests_near"), OWN),
    **dict.fromkeys((
        "apart", "clock_before", "count_messages",
        "distinctions", "done_openings", "entry_of", "file", "has_reading", "is_concerned",
        "judgement", "kept_away", "kept_away_from", "last_clock", "links_in", "links_of", "links_of_deed",
        "look_files", "looks_of", "messages", "moves", "newest_ratings", "readings", "readings_on", "receipt",
        "recusals_of", "recused",
        "running_clock", "suggested", "verdicts_on",
    ), LOADED),
    **dict.fromkeys((
        "came_in", "closed_until", "failed_intakes", "find", "has_dues_on", "is_told", "is_unsummed", "judged",
        "known_people", "nameable", "lapsed", "lapsed_requests",
        "lock_chain", "mark", "marks",
        "next_number", "next_run", "running_warnings", "sample", "stale_drafts", "sums_now",
        "unpublished_resolutions", "vocabulary", "vocabulary_made", "waiting", "watched",
        "weights", "words_near",
    ), OWN),
    **dict.fromkeys((
        "assignments", "calendar", "clock", "doers", "draft", "evidence_of", "grants", "heads", "inspection",
        "is_founded", "item_name", "item_unit", "kind", "kinds", "measure_states", "measures_of", "name_of", "names_of",
        "open_work", "owners", "person", "person_named", "register_of", "register_unit", "ring", "roles_at",
        "round_at", "round_during", "sign_in", "signed_in",
        "special_days", "standing_signatures", "supervised_above", "top_unit",
        "unit_by_code", "units_at", "witness",
    ), NO_FLAG),
    **dict.fromkeys((
        "drop_address", "drop_old_deliveries", "drop_old_notices", "keep_versions", "put_notices", "read_notices",
        "take_red_unsent",
    ), DEEDS),
    **dict.fromkeys((
        "addresses_due", "count_old_deliveries", "count_old_notices", "desk", "due_deliveries", "has_red_unsent",
        "looks_due", "outlets", "staff_below",
    ), OWN),
    **dict.fromkeys((
        "attached_to", "dues_of", "has_entries", "proofs_of", "public_subjects", "public_versions", "reason_given",
        "shown_answers", "shown_decisions", "shown_dues", "steps_of",
    ), NO_FLAG),
    **dict.fromkeys(("default_view", "has_entries", "packs_for"), NO_FLAG),
    **dict.fromkeys(("forget_defaults", "put_default_view"), DEEDS),
    **dict.fromkeys(("count_notices", "last_deliveries", "notice_page"), NOTICES),
    **dict.fromkeys(("chains", "entries_of_chain", "read_chain"), LOG),
}  # fmt: skip
"""Questions that are not asked here, with the reason."""
TELLING = ("attention", "to_verify", "what_waits")
"""Questions that leave out what its reader is kept from by words that name them or a relative, as the deeds do: so they
tell that something does, not what."""
OPEN = {
    "communities", "places", "public_items", "published", "publication", "board_page", "board_counts", "supports_of",
    "ratings_of", "count_supports", "worked", "answers_page", "decisions_page",
}  # fmt: skip
"""Questions without a scope that stand behind the pages anybody opens."""


def test_every_question_is_asked_here_or_named_with_a_reason() -> None:
    """A new question fails here until somebody has thought of what it may tell."""
    assert (SCOPED | OPEN | set(NOT_ASKED)) - set(QUESTIONS) == set()
    assert set(QUESTIONS) - SCOPED - OPEN - set(NOT_ASKED) == set()
    assert OPEN & set(NOT_ASKED) == set()


KINDS = (Flag, Attachment, Contact, Opening, Hold, Risk, Measure)


@dataclass(frozen=True)
class Asking:
    """What each parameter of a question stands for, once; ids of the hidden matter are among them."""

    facts: Mapping[str, Any]

    def of(self, name: str, scope: Scope) -> list[dict[str, Any]]:
        """The arguments to ask a question with: once, or by kind of entity and key."""
        facts = {**self.facts, "raw": scope, "kin": scope, "answering": scope, "viewer": scope.viewer}
        if name in ("attention", "what_waits", "deserted_first", "to_verify"):
            facts["person_id"] = scope.viewer
        question = QUESTIONS[name]
        given = arguments(question, facts)
        wanted = inspect.signature(question).parameters
        if any(given.get(name, 0) is None and "None" not in str(wanted[name].annotation) for name in ("row", "round_")):
            return []  # about a round, where there is none
        if name in ("one", "seen"):
            kinds = KINDS if name == "seen" else (Flag,)
            return [given | {"kind": kind, "key": key} for kind in kinds for key in facts["keys"]]
        return [given | {"kind": kind} for kind in KINDS] if name in ("some", "seen_all") else [given]


def askings(place: Place, hidden: Hidden) -> list[Asking]:
    """Arguments round every entry, the first run and the hidden matter."""
    files = ids(place, "attachments")
    keys = [hidden.flag_id, *files, *ids(place, "contacts"), *ids(place, "openings"), *ids(place, "holds")]
    runs, groups = [*ids(place, "runs"), "none"], [*ids(place, "groups"), "none"]
    risks, measures = ids(place, "risks"), [*ids(place, "measures"), "none"]
    near = Said("", f"{ON_BOARD} {MARK} 低保名单没见贴出来", "", "低保和特困人员初核")
    clerk, found = place.people["clerk"].person_id, place.ask(FOUNDER, _round, place)
    common: dict[str, Any] = {
        "key": hidden.flag_id, "keys": keys, "overdue": False,
        "ids": [*risks, *measures, hidden.flag_id, clerk, *(unit.id for unit in place.units.values())],
        "units": [place.units[unit] for unit in ("banyan", "river")],
        "today": place.today, "day": place.today, "since": place.today - timedelta(days=300), "first": place.today,
        "last": place.today, "until": place.today, "flag_id": hidden.flag_id, "person_id": clerk,
        "people": [clerk], "reach": Reach.REGISTERS, "at": None, "of": None,
        "before": place.today + timedelta(days=400),
        "most": 10_000,
        "roles": list(Role), "risk_ids": risks, "stage": SignedStage.RATING, "view": "due", "below": None, "limit": 500,
        "passing": Passing.CAME_UP, "counted": counted_since(place.today), "state": None,
        "round_id": found.id if found else "none", "round_": found, "round_ids": [found.id] if found else [],
        "closed_since": place.today, "begun_until": place.today,
        "verified": False, "status": None, "mine": None, "skip": 0, "turn": START,
        "undone": True,
        "post_id": place.posts["relief"], "near": near, "row": place.ask(FOUNDER, _round_row, place),
        "kind": RunKind.INTAKE, "source": Source.SUPERIOR, "item": "低保和特困人员初核", "dimension": "clean_affairs",
        "risk_type": "process",
        "unit_ids": [place.units[unit].id for unit in ("banyan", "river")],
        "kinds": list(Found), "found": Found.ENTRY, "sources": list(Source), "colour": WarningLevel.RED,
        "awaited": [*home.BY_RIGHT, *home.STEPS, Chore.DESERTED],
        "answered": None, "open_only": False, "number": 1, "words": "", "part": Part.PAST, "ground": Ground.SEALED,
        "agreed_since": dates.now(), "statuses": None,
        "said": {(risk, source.value) for risk in risks for source in Source},
    }  # fmt: skip
    wanted = (registers.Filter(), registers.Filter(text=MARK), registers.Filter(sort=registers.Sort.DUE))
    return [
        Asking(common | {
            "unit_id": place.units[unit].id, "unit": place.units[unit], "community_id": place.units[unit].id,
            "chain": place.units[unit].id, "path": place.units[unit].path, "item_id": place.items[item],
            "risk_id": risks[n % len(risks)], "measure_id": measures[n % len(measures)], "wanted": wanted[n],
            "run_id": runs[n % len(runs)], "group_id": groups[n % len(groups)],
            "group_ids": groups, "warning_id": [*ids(place, "early_warnings"), "none"][0],
            "only": risks[n % len(risks)] if n else None, "sought": sought((MARK, "名单", "周")[n]),
            "sight": Sight(None, "", None, None, None, None),
        })
        for n, (unit, item) in enumerate((("banyan", "relief"), ("river", "seal"), ("street", "relief")))
    ]  # fmt: skip


def _round(work: Work, place: Place) -> Any:
    return work.store.round_at(place.units["banyan"], work.today)


def _round_row(work: Work, place: Place) -> Any:
    found = _round(work, place)
    return work.store.round_row(Scope((EVERYWHERE,)), found.id) if found else None


KEPT = ("certainty", "likely_number", "lapsed", "stale_on")
"""What an inbox row takes from a kept suggestion; and that signatures have lapsed, as they do by any new voice."""


def answers(work: Work, scope: Scope, asked: Asking) -> dict[str, str]:
    """What every question tells, by its name. Left open: suggestions that are kept weigh every voice of an entry, so
    which there is, how sure it is, and the order of the inbox by it may come from what its reader may not hear."""
    found = {}
    for name in sorted((SCOPED | OPEN) - set(NOT_ASKED)):
        told = []
        for n, wanted in enumerate(asked.of(name, scope)):
            limit = {"scope": scope} if name in SCOPED else {}
            try:
                told.append((n, plain(getattr(work.store, name)(**limit, **wanted))))
            except Missing:
                continue
        found[name] = str(told if name != "inbox" else sorted(str(row) for _n, rows in told for row in rows))
    return found


def plain(answer: Any) -> Any:
    """An answer with all it holds, in an order of its own."""
    if isinstance(answer, str | int | float | None | bytes):
        return answer
    if isinstance(answer, Mapping):
        return sorted((str(plain(key)), plain(value)) for key, value in answer.items())
    if isinstance(answer, set | frozenset):
        return sorted(str(plain(part)) for part in answer)
    if isinstance(answer, Listed):
        return [*map(plain, answer), answer.total, plain(answer.turned)]
    if isinstance(answer, list | tuple | Iterator):
        return [plain(part) for part in answer]
    held = getattr(answer, "__dict__", None)
    if held is None:
        return str(answer)
    return {name: plain(value) for name, value in sorted(held.items()) if name[0] != "_" and name not in KEPT}


def scopes(place: Place, hidden: Hidden) -> Iterator[tuple[str, Scope]]:
    """Everybody the matter is hidden from, where each of them may look."""
    for who in hidden.from_:
        person = place.people[who]
        paths = tuple(sorted({grant.path for grant in person.grants}))
        yield who, Scope(paths, person.person_id)
        if who == "discipline" and hidden.desk:
            yield f"{who} with seals", Scope(paths, person.person_id, sealed=True)
        if who != "discipline" and len(hidden.from_) == 1:
            yield f"{who} with seals", Scope(paths, person.person_id, sealed=True)


@pytest.fixture
def two() -> Iterator[tuple[Engine, Engine]]:
    engines = connect("sqlite://"), connect("sqlite://")
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.mark.costly
@settings(max_examples=6, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    happened=st.lists(st.sampled_from(sorted(HAPPENED)), max_size=5), hiding=st.sampled_from(sorted(HIDING)),
    turn=st.integers(0, 3),
)  # fmt: skip
def test_no_question_tells_of_a_hidden_matter_to_whom_it_is_hidden_from(
    made: Place, two: tuple[Engine, Engine], happened: list[str], hiding: str, turn: int
) -> None:
    """Neither by a word nor by an id, a count, an order or a date. Every fourth viewer is asked for in one example."""
    one = lived(copy_of(made, two[0]), happened)
    other = replace(copy_of(one, two[1]), now=one.now)
    hidden = HIDING[hiding](other)
    viewers = list(scopes(other, hidden))
    for (who, scope), asked in zip(viewers[turn % len(viewers) :: 4], cycle(askings(other, hidden)), strict=False):
        before = one.ask(FOUNDER, answers, scope, asked)
        after = other.ask(FOUNDER, answers, scope, asked)
        unlike = {name for name in before if before[name] != after[name]}
        assert sorted(unlike - set(TELLING if hidden.recusal else ())) == [], who
        assert [name for name, told in after.items() if MARK in told] == [], who


@pytest.mark.costly
@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    hiding=st.sampled_from(sorted(HIDING)), start=st.integers(0, 30), length=st.integers(1, 12),
    happened=st.lists(st.sampled_from(sorted(HAPPENED)), max_size=2),
)  # fmt: skip
def test_no_piece_of_its_own_words_finds_a_hidden_matter_for_whom_it_is_hidden_from(
    made: Place, two: tuple[Engine, Engine], hiding: str, start: int, length: int, happened: list[str]
) -> None:
    """Nor changes what else is found, how much there is, and in which order."""
    one = lived(copy_of(made, two[0]), happened)
    other = replace(copy_of(one, two[1]), now=one.now)
    hidden = HIDING[hiding](other)
    [words] = ids(other, f"flags where id = '{hidden.flag_id}'", "text")
    for piece in (words[start % len(words) :][:length], words, words[:3], MARK):
        for who in hidden.from_:
            assert one.ask(who, search, piece) == other.ask(who, search, piece), (who, piece)
    if len(hidden.from_) == 1:
        finders = [other.ask(who, search, MARK) for who in ("watchdog2", "supervisor") if who not in hidden.from_]
        assert all(group.hits for found in finders for group in found)
        assert any(finders)


@pytest.mark.parametrize("hiding", sorted(HIDING))
def test_the_log_never_holds_a_word_of_it(place: Place, hiding: str) -> None:
    lived(place, ["controlled"])
    HIDING[hiding](place)
    with place.engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from audit_entries").all()
    assert rows
    assert MARK not in str(rows)


@pytest.mark.costly
@pytest.mark.parametrize("hiding", sorted(HIDING))
def test_whom_it_is_not_hidden_from_is_told(place: Place, hiding: str) -> None:
    """The same questions do tell of it where they should: else the test above would prove nothing."""
    lived(place, [])
    hidden = HIDING[hiding](place)
    sealed = hiding.startswith("sealed") or hidden.desk
    if hidden.desk:
        return
    who = place.people["discipline" if sealed else "watchdog2"]
    scope = Scope((place.units["street"].path,), who.person_id, sealed)
    told = [place.ask(FOUNDER, answers, scope, one) for one in askings(place, hidden)]
    assert any(hidden.flag_id in words for answer in told for words in answer.values())
