"""Who saw which entries, who missed what, and what may still be unseen."""

from functools import partial

import streamlit as st

from core.insight import blindspots, figures
from core.insight.blindspots import Asked, WhoSaw
from core.insight.chance import Share
from core.text import _
from core.words import Source
from pages.ui import charts, figure, gate, marks, shell, tables


def show(asked: Asked, here: dict[str, str], note: str) -> None:
    found = gate.ask(blindspots.who_saw, asked)
    if not found.total:
        teach()
        return
    _named(found, here)
    _sets(found, here, note)
    st.subheader(_("Who missed what"))
    _missed(found)
    st.subheader(_("What neither cadres nor residents have seen yet"))
    st.markdown(_unseen(found))
    st.caption(_("Supposes that each voice came upon a risk by itself and that the same risk is one entry. Voices are "
                 "likelier to see the same striking risks, so there is more rather than less."))  # fmt: skip


def teach() -> None:
    """What will stand here, and the next thing to do."""
    st.info(
        _("No entry fits this choice yet. As soon as flags of cadres, superiors and residents are merged or opened as "
          "entries, you see here who saw what and who missed it.")
    )  # fmt: skip
    shell.next_step()


def _named(found: WhoSaw, here: dict[str, str]) -> None:
    """The three sets that have a name, each with the way to its entries."""
    seen = figures.blind_spots(found.overlap)
    named = (
        (_("Blind spot"), seen.only_residents, frozenset({Source.RESIDENT}),
         _("Only residents raised it. Cadres and superiors did not see it.")),
        (_("Hidden inside"), seen.only_cadres, frozenset({Source.SELF}),
         _("Only cadres know of it. Do residents notice, and does the superior know?")),
        (_("Consensus"), seen.all_three, frozenset(Source),
         _("All three raised it. It can hardly be disputed.")),
    )  # fmt: skip
    for column, (name, n, voices, meaning) in zip(st.columns(3, gap="small"), named, strict=True):
        with column, st.container(border=True):
            words = _("{name}: {n} of {total} entries", name=name, n=n, total=found.total)
            if n:
                shell.link("register", f"**{words}**", **here, voices=charts.voices_key(voices))
            else:
                st.markdown(f"**{words}**")
            st.caption(meaning)


def _sets(found: WhoSaw, here: dict[str, str], note: str) -> None:
    rows: list[list[tables.Cell]] = []
    for voices in sorted(found.overlap, key=lambda voices: -found.overlap[voices]):
        n, query = found.overlap[voices], here | {"voices": charts.voices_key(voices)}
        rows.append([
            tables.Mark(marks.voices_mark(voices)), charts.voices_in_words(voices),
            tables.Link(n, "register", query) if n else n,
        ])  # fmt: skip
    head = figure.Head("voices:sets", _("Who saw it"), _seen(found), note)
    heads = [_("Voices"), _("Who spoke"), _("Entries")]
    for chosen in figure.pair(head, partial(charts.overlap, found.overlap), heads, rows):
        shell.go("register", **here, voices=chosen["voices"])


def _seen(found: WhoSaw) -> str:
    """The named sets in one sentence, for a picture that stands alone."""
    seen = figures.blind_spots(found.overlap)
    return _("Of {total} entries, residents alone saw {residents}, cadres alone {cadres}, superiors alone {superiors}; "
             "all three saw {all}.", total=found.total, residents=seen.only_residents, cadres=seen.only_cadres,
             superiors=seen.only_superiors, all=seen.all_three)  # fmt: skip


def _missed(found: WhoSaw) -> None:
    by_cadres = next(one for one in found.missed if one.silent is Source.SELF)
    share = by_cadres.by[Source.RESIDENT]
    if share.whole:
        st.markdown(
            _("Of {whole} entries that cadres missed, residents raised {part}. {sure}", part=share.part,
              whole=share.whole, sure=sure(share))
        )  # fmt: skip
    else:
        st.markdown(_("Cadres missed none of the entries that are known."))
    rows: list[list[tables.Cell]] = [
        [_("Not raised by {voice}", voice=one.silent), sum(found.overlap.values()) - _spoke(found, one.silent),
         *(_share(one.by[s]) if s in one.by else "—" for s in Source)]
        for one in found.missed
    ]  # fmt: skip
    tables.table([_("Entries"), _("How many"), *(_("Of them {voice}", voice=s) for s in Source)], rows)
    st.caption(_("Counted among the entries that are known: what nobody raised is in none of these numbers."))


def _spoke(found: WhoSaw, source: Source) -> int:
    return sum(n for voices, n in found.overlap.items() if source in voices)


def _share(share: Share) -> str:
    if share.whole < blindspots.SOME:
        return str(share.part)
    return _("{n} (may be {least} to {most})", n=share.part, least=share.least, most=share.most)


def between(share: Share) -> str:
    """The interval in as many as there are."""
    return _("{least} to {most} of {whole}", least=share.least, most=share.most, whole=share.whole)


def sure(share: Share) -> str:
    """How sure a share of few is, as a sentence."""
    if share.whole < blindspots.SOME:
        return _("With {whole} entries nothing can be said beyond that.", whole=share.whole)
    return _("With {whole} entries this could be anything between {least} and {most}.", whole=share.whole,
             least=share.least, most=share.most)  # fmt: skip


def _unseen(found: WhoSaw) -> str:
    if found.unseen is None:
        return _("Cadres and residents have too few entries in common to estimate it. Entries that only superiors "
                 "raised: {n}.", n=found.only_superiors)  # fmt: skip
    return _("About {likely} risks, with so few entries anything between {low} and {high}, judging by how often both "
             "raised the same. Superiors alone raised {n} of these.", likely=found.unseen.likely,
             low=found.unseen.low, high=found.unseen.high, n=found.only_superiors)  # fmt: skip
