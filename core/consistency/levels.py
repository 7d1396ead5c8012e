"""Checks on levels, signatures, voices and second looks: what was decided, against what it was decided on."""

from collections.abc import Iterator
from datetime import date

from core import dates
from core.consistency.checked import Checked, EntryFact, grouped
from core.consistency.checking import Check, Comes, Record, Seen, Severity, of_entry
from core.entries.rating import spread
from core.entries.signed import wanted
from core.text import N_, _, day, folded
from core.words import Level, RatingStage, Source


def _above(one: Level | None, other: Level | None) -> bool:
    """Whether one level is decided and higher than another."""
    return one is not None and other is not None and _PLACE[one] < _PLACE[other]


_PLACE = {level: n for n, level in enumerate(Level)}


def _levels(*levels: Level | None) -> tuple[str, ...]:
    told = " → ".join(level.label if level else _("no level") for level in levels)
    return (told,)


def _level_without_reason(seen: Checked, _today: date) -> Iterator[Seen]:
    for one in seen.ratings:
        if one.level is not one.computed and len(one.reason.strip()) < 2:
            yield of_entry(seen.entry[one.risk_id], one.stage, one.level, about=_levels(one.computed, one.level))


def _level_not_rated(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        for stage, level in ((RatingStage.INITIAL, entry.level), (RatingStage.EXPECTED, entry.expected)):
            rating = seen.rating.get((entry.id, stage))
            if level is not (rating.level if rating else None):
                yield of_entry(entry, stage, level, about=_levels(rating.level if rating else None, level))


def _expected_above(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        if _above(entry.expected, entry.level):
            yield of_entry(entry, entry.level, entry.expected, about=_levels(entry.level, entry.expected))


def _verified_above_expected(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        if _above(entry.verified, entry.expected):
            yield of_entry(entry, entry.expected, entry.verified, about=_levels(entry.expected, entry.verified))


def _verified_without_measure(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        lower = _above(entry.expected or entry.level, entry.verified)
        if lower and not any(measure.is_verified for measure in seen.measures_of[entry.id]):
            yield of_entry(entry, entry.verified, about=_levels(entry.expected or entry.level, entry.verified))


def _voice_after_rating(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open and one.level, seen.entries):
        rating = seen.rating.get((entry.id, RatingStage.INITIAL))
        later = [one for one in seen.voices_of[entry.id] if rating and one.linked_at > rating.rated_at]
        if later:
            sources = [source.label for source in Source if source in {one.source for one in later}]
            yield of_entry(entry, *sorted(one.flag_id for one in later), about=(*sources, _rated(seen, entry)))


def _rated(seen: Checked, entry: EntryFact) -> str:
    return _("rated on {day}", day=dates.today(seen.rating[entry.id, RatingStage.INITIAL].rated_at))


def _voices_rate_higher(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open and one.level, seen.entries):
        own = {one.source: one.level for one in seen.voices_of[entry.id] if one.level}
        if len(own) > 1 and all(_above(level, entry.level) for level in own.values()):
            told = tuple(_("{voice}: {level}", voice=source, level=own[source]) for source in Source if source in own)
            yield of_entry(entry, entry.level, *sorted(map(str, own.items())), about=told)


def _voices_far_apart(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open and one.level, seen.entries):
        rating = seen.rating.get((entry.id, RatingStage.INITIAL))
        own = {one.source: one.level for one in seen.voices_of[entry.id] if one.level}
        if rating and not rating.reason.strip() and spread(list(own.values())) > 1:
            told = tuple(_("{voice}: {level}", voice=source, level=own[source]) for source in Source if source in own)
            yield of_entry(entry, *sorted(map(str, own.items())), about=told)


def _voice_other_item(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open, seen.entries):
        others = sorted({
            one.item_id for one in seen.voices_of[entry.id] if one.item_id and one.item_id != entry.item_id
        })  # fmt: skip
        if others and entry.item_id:
            names = tuple(seen.item[one].name for one in (entry.item_id, *others) if one in seen.item)
            yield of_entry(entry, entry.item_id, *others, about=(" / ".join(names),))


def _signed_otherwise(seen: Checked, _today: date) -> Iterator[Seen]:
    for one in seen.signed:
        entry = seen.entry[one.risk_id]
        if one.stage is not wanted(entry.status):
            continue
        changed = [
            _(word) for word, then, now in (
                (N_("Risk point"), one.title, entry.title), (N_("Power item"), one.item_id, entry.item_id),
                (N_("Initial level"), one.level, entry.level),
                (N_("Level expected after measures"), one.expected, entry.expected),
            ) if then != now
        ]  # fmt: skip
        if changed:
            now = (entry.title, entry.item_id, entry.level, entry.expected)
            yield of_entry(entry, one.stage, *now, about=tuple(changed))


def _same_words(seen: Checked, _today: date) -> Iterator[Seen]:
    open_ones = [one for one in seen.entries if one.is_open]
    for same in grouped(open_ones, lambda one: folded(one.title)).values():
        first, *others = sorted(same, key=lambda one: one.number)
        for entry in others:
            yield of_entry(entry, first.id, folded(entry.title), about=(_("as no. {n}", n=first.number),))


def _look_by_concerned(seen: Checked, _today: date) -> Iterator[Seen]:
    for look in seen.looks:
        entry = seen.entry[look.risk_id]
        owners = {one.owner_id for one in seen.measures_of[entry.id]}
        if look.looked_by in {entry.closed_by, entry.owner_id, entry.leader_id, *owners}:
            yield of_entry(entry, look.id, look.looked_by, about=(seen.name(look.looked_by), day(look.looked_on)))


def _again_after_closing(seen: Checked, _today: date) -> Iterator[Seen]:
    looked = {one.risk_id: max(o.looked_on for o in seen.looks if o.risk_id == one.risk_id) for one in seen.looks}
    for risk_id, again in grouped(seen.again, lambda one: one.risk_id).items():
        last = max(one.raised_on for one in again)
        if looked.get(risk_id, date.min) < last:
            entry = seen.entry[risk_id]
            told = _("last on {day}", day=last)
            yield of_entry(entry, *sorted(one.flag_id for one in again), about=(told,))


W, G, O, R = Severity.WRONG, Severity.GAP, Severity.ODD, Record  # noqa: E741 - severities stand in a table
CHECKS = (
    Check("level_without_reason", W, _level_without_reason, (R.RATING,),
          N_("A level differs from the one its factors give, and no reason stands beside it."),
          N_("A decision against the factors convinces only with its reason."),
          N_("Rate it anew, with the reason."), comes=Comes.ROWS),
    Check("level_not_rated", W, _level_not_rated, (R.ENTRY, R.RATING),
          N_("The level of an entry is not the one that was last decided."),
          N_("Charts, warnings and the board go by a level that nobody decided."),
          N_("Rate it anew."), comes=Comes.ROWS),
    Check("expected_above", O, _expected_above, (R.ENTRY,),
          N_("The level expected after measures is higher than the initial one."),
          N_("Measures are there to lower a risk."),
          N_("One of the two levels was chosen by mistake, or the risk has grown and is rated anew.")),
    Check("verified_above_expected", O, _verified_above_expected, (R.ENTRY, R.LOOK),
          N_("At the second look the level is still higher than what the measures were to reach."),
          N_("The measures did not do what was expected of them."),
          N_("Look whether the entry has to be opened again with another measure.")),
    Check("verified_without_measure", W, _verified_without_measure, (R.ENTRY, R.MEASURE),
          N_("A verified level is lower than expected, and no measure was ever verified."),
          N_("A risk that nobody did anything about has not become smaller."),
          N_("Open it again and plan a measure."), comes=Comes.ROWS),
    Check("voice_after_rating", O, _voice_after_rating, (R.ENTRY, R.RATING, R.VOICE),
          N_("A voice came into an entry after it was rated."),
          N_("The rating does not know what that voice says."),
          N_("Read the voice and rate anew, with the same level where nothing changes.")),
    Check("voices_rate_higher", O, _voices_rate_higher, (R.ENTRY, R.VOICE, R.VOICE),
          N_("Several voices give a level of their own, and all are higher than the decided one."),
          N_("Where all who speak see more danger than who decides, one of them overlooks something."),
          N_("Look at their reasons, and rate anew or say why the level stays.")),
    Check("voices_far_apart", O, _voices_far_apart, (R.ENTRY, R.VOICE, R.VOICE),
          N_("Two voices rate an entry as far apart as low and high, and the rating gives no reason."),
          N_("Such a difference tells something that should be known before deciding."),
          N_("Ask both sides, and put down the reason with the rating.")),
    Check("voice_other_item", O, _voice_other_item, (R.ENTRY, R.VOICE, R.ITEM),
          N_("A voice in an entry is about another power item than the entry."),
          N_("It may be a matter of its own, with another post and other measures."),
          N_("Take the voice out or split the entry, or leave it where the power item was only guessed.")),
    Check("signed_otherwise", G, _signed_otherwise, (R.ENTRY, R.SIGNATURE),
          N_("What was signed of an entry reads otherwise today."),
          N_("A signature holds for exactly what stood there."),
          N_("Somebody who may decide reads what was changed and signs again.")),
    Check("same_words", O, _same_words, (R.ENTRY, R.ENTRY),
          N_("Two open entries say the same."),
          N_("Voices, measures and limits of one matter are kept in two places."),
          N_("Move the voices into one of them, or describe where they differ.")),
    Check("look_by_concerned", W, _look_by_concerned, (R.LOOK, R.ENTRY, R.MEASURE),
          N_("A second look was made by who closed the entry, answers for it or carried something out."),
          N_("Whoever had a part in it does not see it afresh."),
          N_("Somebody without a part in it looks again."), comes=Comes.ROWS),
    Check("again_after_closing", O, _again_after_closing, (R.ENTRY, R.VOICE, R.LOOK),
          N_("Since the closing residents have spoken about the same power item, and nobody has looked again since."),
          N_("What was held for solved may not be."),
          N_("Look at it again; if they are right, open it again."), raw=True),
)  # fmt: skip
