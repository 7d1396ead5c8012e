"""Addresses outside: where whoever is here wants to be told, a test message to each, and how the last messages went."""

from html import escape

import streamlit as st

from core.access import Permission
from core.alerts import addresses, deliveries
from core.alerts.addresses import AddressForm, AddressRow, Outlet
from core.alerts.deliveries import DeliveryRow
from core.text import _, day
from pages.ui import deeds, gate, shell, tables
from pages.ui.forms import Form


def page() -> None:
    gate.require(Permission.NOTICE_READ)
    st.title(_("Be told outside as well"))
    deeds.tell()
    st.caption(
        _("A message says only how much waits for you, never a title, a name or a word of anybody. It comes once a day "
          "on working days at the hour you choose; red matters come at once if you want that. The address is kept "
          "encrypted.")
    )  # fmt: skip
    allowed, own = gate.ask(addresses.allowed), gate.ask(addresses.own)
    for one in own:
        _address(one)
    if allowed:
        _new({outlet: outlet.label for outlet in allowed}, first=not own)
    else:
        st.info(_("This site sends no messages to the outside. The system administrator can allow channels; until then "
                  "everything stands under notices."))  # fmt: skip
    shell.link("notices", _("Back to the notices"))
    _log()


def _address(one: AddressRow) -> None:
    with st.container(border=True, key=f"qyad_{one.id}"):
        red = _("red matters at once") if one.at_once else _("red matters with the rest")
        st.html(f"<p class='qy-item'>{escape(one.outlet.label)} <span class='qy-muted'>{escape(one.mask)}</span></p>")
        st.caption(_("Daily at {hour}:00 on working days, {red}", hour=one.hour, red=red))
        with st.container(horizontal=True):
            if st.button(_("Send a test message"), key=f"test:{one.id}") and gate.do(deliveries.try_out, one.id):
                deeds.done(_("A test message is on its way. How it went will stand below within a minute."))
            if deeds.sure(_("Delete"), _("No message will be sent there any more."), _("Delete this address"),
                          f"address:{one.id}") and gate.do(addresses.remove, one.id):  # fmt: skip
                deeds.done(_("The address is deleted."))


def _new(outlets: dict[Outlet, str], *, first: bool) -> None:
    with st.expander(_("Add an address"), expanded=first):
        hours = {hour: _("{hour}:00", hour=hour) for hour in range(7, 22)}
        form = Form("address", AddressForm, options={"outlet": outlets, "hour": hours}, draft=False)
        if form.send(_("Add this address"), addresses.add):
            deeds.done(_("The address is added. Send a test message to see whether it arrives."))


def _log() -> None:
    rows = gate.ask(deliveries.log)
    if not rows:
        return
    st.subheader(_("The last messages"))
    tables.table(
        [_("Day"), _("How"), _("What for"), _("State"), _("Tries")],
        [[day(row.made_on), row.outlet.label, row.purpose.label, _state(row), str(row.tries)] for row in rows],
    )


def _state(row: DeliveryRow) -> str:
    return f"{row.state.label} · {_(row.trouble)}" if row.trouble else row.state.label


page()
