"""Suggestions of entries: what people judged, and whether weights fitted to that would suggest better."""

import streamlit as st

from core.access import Permission
from core.alike import calibration, vocabulary
from core.alike.calibration import Figures, Outlook
from core.dates import today
from core.text import _
from pages.ui import deeds, gate, tables

gate.require(Permission.MATCHING_CALIBRATE)


def main() -> None:
    st.title(_("Suggestions of entries"))
    deeds.tell()
    st.markdown(
        _("When somebody speaks up, the likeliest entries of the register are suggested. How much each sign of "
          "likeness counts can be learned anew from what people here confirmed and rejected. Only numbers are kept "
          "for that, never words, and nothing is ever merged by itself.")
    )  # fmt: skip
    found = gate.ask(calibration.outlook)
    st.subheader(_("What people have judged"))
    tables.table(
        [_("Judgement"), _("Times")],
        [[_("The same matter"), found.same], [_("Another matter"), found.other],
         [_("Of these kept back for checking"), found.kept_back]],
    )  # fmt: skip
    if found.drawn:
        st.caption(_("There are more judgements. These were drawn at random, the same ones each time: further ones "
                     "hardly change the weights any more."))  # fmt: skip
    st.subheader(_("Weights"))
    st.markdown(_in_use(found))
    if found.before and found.after:
        _compared(found, found.before, found.after)
    else:
        st.info(
            _("At least {n} more judgements are needed before weights can be learned from them: {all} in all, with "
              "{each} of either kind.", n=found.missing, all=calibration.ENOUGH, each=calibration.ENOUGH_EACH)
        )  # fmt: skip
    if found.calibrated_on:
        _way_back()
    _words()


def _in_use(found: Outlook) -> str:
    if found.calibrated_on is None:
        return _("In use: the weights that come with the product.")
    return _("In use: weights learned here on {day}.", day=today(found.calibrated_on))


def _compared(found: Outlook, before: Figures, after: Figures) -> None:
    """Both sets of weights on what was kept back, and the deed where it helps."""
    tables.table(
        [_("On what was kept back"), _("In use"), _("Newly learned")],
        [
            [_("Of the entries called very like, the right ones"), f"{before.precision:.0%}", f"{after.precision:.0%}"],
            [_("Of the right entries, those called very like"), f"{before.recall:.0%}", f"{after.recall:.0%}"],
            [_("How far the probabilities are off (0 is best)"), f"{before.loss:.3f}", f"{after.loss:.3f}"],
        ],
    )
    if not found.is_better:
        st.info(_("The newly learned weights would do worse on what was kept back, so those in use stay."))
        return
    consequence = _("From now on entries are suggested by the newly learned weights. This can be taken back.")
    agreed = deeds.sure(_("Use the newly learned weights"), consequence, _("Use them"), "calibrate")
    if agreed and gate.do(calibration.recalibrate):
        deeds.done(_("The newly learned weights are in use."))


def _way_back() -> None:
    consequence = _("Entries are suggested again by the weights that were in use before.")
    agreed = deeds.sure(_("Return to the weights before"), consequence, _("Return"), "calibrate:back")
    if agreed and gate.do(calibration.return_to_before):
        deeds.done(_("The weights before are in use again."))


def _words() -> None:
    st.subheader(_("Vocabulary"))
    kept = gate.ask(vocabulary.standing)
    if kept is None:
        st.markdown(_("What is rare was counted in texts of the field. This site's own flags are counted once a day."))
    else:
        st.markdown(_("What is rare was counted in texts of the field and, on {day}, in {n} flags of this site. It is "
                      "counted once a day.", day=kept.made_on, n=kept.texts))  # fmt: skip


main()
