"""Checks on power items, the board, disclosure, decisions and rounds, against the register."""

from collections.abc import Iterator
from datetime import date, timedelta

from core import dates
from core.consistency.checked import Checked, EntryFact, ItemFact
from core.consistency.checking import Check, Comes, Record, Seen, Severity, of_entry
from core.ledgers.doubts import disordered
from core.organisation.recusal import naming
from core.text import N_, _
from core.words import DisclosureClass, RiskStatus

RUN_OUT = 15
"""Calendar days after the end of a public notice, or of a round, within which the next step is taken."""


def _item_missing(seen: Checked, _today: date) -> Iterator[Seen]:
    bare = (one for one in seen.entries if one.is_open and one.item_id is None)
    return (of_entry(one) for one in bare if one.status is not RiskStatus.UNRATED)


def _with_items(seen: Checked) -> Iterator[tuple[EntryFact, ItemFact]]:
    for entry in seen.entries:
        item = seen.item.get(entry.item_id or "")
        if item and entry.is_open:
            yield entry, item


def _item_retired(seen: Checked, _today: date) -> Iterator[Seen]:
    return (of_entry(entry, item.id, about=(item.name,)) for entry, item in _with_items(seen) if item.retired)


def _item_without_post(seen: Checked, _today: date) -> Iterator[Seen]:
    used = {item.id for _entry, item in _with_items(seen)}
    for item in seen.items:
        if item.id in used and not item.retired and item.post_id is None:
            yield Seen(item.id, about=(item.name,))


def _dimension_differs(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry, item in _with_items(seen):
        if entry.dimension is not item.dimension:
            told = f"{entry.dimension.label} / {item.dimension.label}"
            yield of_entry(entry, entry.dimension, item.dimension, about=(told,))


def _secret_item_public(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry, item in _with_items(seen):
        if entry.id in seen.page and item.disclosure_class is DisclosureClass.NONE:
            yield of_entry(entry, item.id, about=(item.name,))


def _secret_on_board(seen: Checked, _today: date) -> Iterator[Seen]:
    secret = (one for one in seen.entries if one.disclosure_class is DisclosureClass.NONE)
    return (of_entry(one) for one in secret if one.id in seen.page)


def _wording_outdated(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        shown, described = entry.announced_on, entry.described_on
        if entry.id in seen.page and shown and described and described > shown:
            told = _("on the board since {day}, described anew on {later}", day=shown, later=described)
            yield of_entry(entry, shown, described, about=(told,))


def _board_differs(seen: Checked, _today: date) -> Iterator[Seen]:
    for page in seen.pages:
        entry = seen.entry[page.risk_id]
        item = seen.item.get(entry.item_id or "")
        pairs = (
            (N_("Public wording"), page.wording, entry.wording),
            (N_("Power item"), page.item, item.name if item else ""),
            (N_("Level"), page.level, entry.level), (N_("State"), page.status, entry.status),
        )  # fmt: skip
        if changed := [word for word, there, here in pairs if there != here]:
            yield of_entry(entry, *(one for pair in pairs for one in pair), about=tuple(map(_, changed)))


def _names_somebody(seen: Checked, _today: date) -> Iterator[Seen]:
    texts = {page.risk_id: _PAUSE.join((page.wording, *page.measures)) for page in seen.pages}
    if not naming(_PAUSE.join(texts.values()), seen.known):
        return
    for risk_id, text in texts.items():
        if hit := naming(text, seen.known):
            yield of_entry(seen.entry[risk_id], hit, text, about=(_("“{hit}”", hit=hit),))


_PAUSE = "\n。\n。\n"
"""Between texts, so that no name reaches from one into the next."""


def _notice_run_out(seen: Checked, today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        until = entry.announced_on + timedelta(days=dates.PUBLIC_NOTICE) if entry.announced_on else today
        if entry.status is RiskStatus.ANNOUNCED and (today - until).days > RUN_OUT:
            yield of_entry(entry, until, about=(_("the notice ran until {day}", day=until),))


def _major_undecided(seen: Checked, _today: date) -> Iterator[Seen]:
    used, decided = {item.id for _entry, item in _with_items(seen)}, {one.item_id for one in seen.decisions}
    for item in seen.items:
        if item.major and not item.retired and item.id in used and item.id not in decided:
            yield Seen(item.id, about=(item.name,))


def _steps_disordered(seen: Checked, _today: date) -> Iterator[Seen]:
    for decision in seen.decisions:
        if early := disordered(decision.steps):
            told = tuple(_("“{step}” ({day}) before “{other}” ({before})", step=one.step, day=one.held_on,
                           other=one.other, before=one.before) for one in early)  # fmt: skip
            yield Seen(decision.id, about=(decision.title, *told), facts=tuple(map(str, early)))


def _listed_not_open(seen: Checked, _today: date) -> Iterator[Seen]:
    for subject in seen.subjects:
        item = seen.item.get(subject.item_id or "")
        if item and (item.retired or item.disclosure_class is DisclosureClass.NONE):
            yield Seen(subject.id, about=(subject.name,), facts=(item.id,))


def _open_not_listed(seen: Checked, _today: date) -> Iterator[Seen]:
    """Where a catalogue has been begun; an empty one is told on its own page."""
    listed = {one.item_id for one in seen.subjects}
    for item in seen.items if seen.subjects else ():
        if not item.retired and item.disclosure_class is not DisclosureClass.NONE and item.id not in listed:
            yield Seen(item.id, about=(item.name,))


def _round_over(seen: Checked, today: date) -> Iterator[Seen]:
    for one in seen.rounds:
        if (today - one.ends_on).days > RUN_OUT:
            yield Seen(one.id, about=(one.title, _("ended on {day}", day=one.ends_on)), facts=(one.ends_on,))


W, G, O, R = Severity.WRONG, Severity.GAP, Severity.ODD, Record  # noqa: E741 - severities stand in a table
CHECKS = (
    Check("item_missing", G, _item_missing, (R.ENTRY, R.ITEM),
          N_("A rated entry hangs on no power item."),
          N_("Without a power item it has no post, and nobody is kept from judging their own power."),
          N_("Name the power item, or take it into the catalogue first.")),
    Check("item_retired", O, _item_retired, (R.ENTRY, R.ITEM),
          N_("An open entry hangs on a power item that is retired."),
          N_("Either the power is still used, or the risk is gone with it."),
          N_("Name the power item in use, or bring the entry to its end.")),
    Check("item_without_post", G, _item_without_post, (R.ITEM, R.ENTRY, R.POST),
          N_("A power item with open entries names no post in charge."),
          N_("Nobody inspects it in a round, and nobody is kept from judging it."),
          N_("Name the post in the catalogue of power items."), where="catalogue"),
    Check("dimension_differs", O, _dimension_differs, (R.ENTRY, R.ITEM),
          N_("An entry stands under another dimension than its power item."),
          N_("It is counted in one place and looked for in the other."),
          N_("Choose one dimension for both, or leave it where the risk really lies elsewhere.")),
    Check("secret_item_public", O, _secret_item_public, (R.ENTRY, R.ITEM, R.BOARD),
          N_("The power item is not disclosed, and an entry about it stands on the board."),
          N_("Of the two decisions one was made without the other in mind."),
          N_("Look whether the power item may be disclosed; if not, the next entry is filed without notice.")),
    Check("secret_on_board", W, _secret_on_board, (R.ENTRY, R.BOARD),
          N_("An entry that is not disclosed stands on the public board."),
          N_("What must not be public is read by everybody."),
          N_("The site's keeper takes the row off the board at once."), comes=Comes.ROWS),
    Check("wording_outdated", O, _wording_outdated, (R.ENTRY, R.BOARD),
          N_("An entry was described anew after its public wording was put on the board."),
          N_("Residents read what the register no longer says."),
          N_("Compare the two, and change the public wording at the entry where it no longer fits.")),
    Check("board_differs", W, _board_differs, (R.ENTRY, R.BOARD, R.ITEM),
          N_("The board shows something else of an entry than the register says."),
          N_("Residents trust what stands there."),
          N_("The next step of the entry or of a measure brings the board up to date; until then, say so if asked.")),
    Check("wording_names_somebody", W, _names_somebody, (R.BOARD, R.PERSON, R.POST),
          N_("What stands on the board names somebody who is or was put in a post here."),
          N_("A risk is a condition of a post, never a person; they may have come after it was published."),
          N_("Say it otherwise at the entry: its public wording, or the words of the measure.")),
    Check("notice_run_out", G, _notice_run_out, (R.ENTRY,),
          N_("A public notice has been over for more than 15 days, and the entry is not filed."),
          N_("What residents were asked about is not put to use."),
          N_("A supervisor files it, or rates it anew."), comes=Comes.TIME),
    Check("major_undecided", G, _major_undecided, (R.ITEM, R.ENTRY, R.DECISION),
          N_("A power item marked as major has open entries, and no decision in six steps is kept on it."),
          N_("Major matters are decided by those concerned, step by step; otherwise the risk lies there."),
          N_("Enter the decision, or take the mark off where it is none."), where="decisions"),
    Check("steps_disordered", W, _steps_disordered, (R.DECISION, R.DECISION),
          N_("A step of a decision has a day before that of the step that comes first."),
          N_("Either a day is wrong, or it was decided before it was discussed."),
          N_("Mend the day, or raise it as a flag."), where="decisions"),
    Check("listed_not_open", O, _listed_not_open, (R.SUBJECT, R.ITEM),
          N_("The catalogue of disclosures lists something whose power item is retired or not disclosed."),
          N_("It falls due again and again, and nobody may or can publish it."),
          N_("Retire it in the catalogue, or mend the power item."), where="disclosure"),
    Check("open_not_listed", G, _open_not_listed, (R.ITEM, R.SUBJECT),
          N_("A power item is to be disclosed and is missing in the catalogue of disclosures."),
          N_("Nothing reminds of it, so it is forgotten."),
          N_("Take it into the catalogue."), where="disclosure"),
    Check("round_over", G, _round_over, (R.ROUND,),
          N_("A round has been over for more than 15 days and is not closed."),
          N_("Its register is not frozen, so next year has nothing to be compared with."),
          N_("Close the round."), comes=Comes.TIME, where="rounds"),
)  # fmt: skip
