"""What a merge, a move or a split will change, in sentences that stand before the button."""

from collections.abc import Sequence

import streamlit as st

from core.review.previewing import Change, Preview
from core.text import N_, _
from core.words import RiskStatus, Source

APART = (N_("agree"), N_("one level apart"), N_("two levels apart"))


def merge(preview: Preview) -> bool:
    """What merging will change; whether it may be done."""
    if preview.ended:
        st.warning(_("A closed entry is not changed. Reopen it first."))
        return False
    if preview.own:
        st.warning(_("You or a relative of yours answers for this power item, so somebody else decides about this."))
        return False
    told = sentences(preview.change)
    if preview.source is Source.RESIDENT:
        told.append(_("The sender reads with the receipt: joined to entry No. {n}.", n=preview.change.number))
    listed(told)
    return True


def listed(told: Sequence[str]) -> None:
    """Sentences under one heading."""
    st.markdown(_("What will change:") + "\n" + "\n".join(f"- {sentence}" for sentence in told))


def sentences(change: Change) -> list[str]:
    """How the voices of an entry change, and what does not."""
    counts = "、".join(
        _("{source} {before} → {after}", source=source, before=before, after=after) if before != after
        else _("{source} {n} as before", source=source, n=after)
        for source, (before, after) in change.counts.items()
    )  # fmt: skip
    if change.number is None:
        return [_("Voices of the new entry: {counts}. It begins without a level.", counts=counts)]
    told = [_("Voices of No. {n}: {counts}.", n=change.number, counts=counts)]
    told += [_("{source}: speaks here for the first time.", source=source) for source in change.new_sources]
    told += [_("{source}: no longer speaks here.", source=source) for source in change.silenced]
    if not change.after:
        told.append(_("No voice is left in No. {n}, so it is withdrawn.", n=change.number))
    return told + _ratings(change) + _standing(change)


def _ratings(change: Change) -> list[str]:
    before, after = change.spreads
    if before == after:
        return []
    words = [_("not to be compared") if spread is None else _(APART[spread]) for spread in (before, after)]
    return [_("Own ratings: {before} → {after}.", before=words[0], after=words[1])]


def _standing(change: Change) -> list[str]:
    """What stays as it is although the voices change."""
    told = []
    if change.level is not None:
        told.append(
            _("The level “{level}” was decided on {n} voices and stays; a supervisor can rate again.",
              level=change.level, n=len(change.before))
        )  # fmt: skip
    if change.status is RiskStatus.ANNOUNCED:
        told.append(_("The public notice that runs goes on."))
    if change.public:
        told.append(_("What the public reads does not change."))
    return told
