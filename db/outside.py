"""The way out: what an operator allows by environment variables, and sending one message by Apprise.

Nothing is called by default. What may be called stands in `QINGYUAN_OUTSIDE`, for webhooks with their origins.
"""


from core.alerts.addresses import Outlet, Outlets
from core.alerts.deliveries import Outgoing
from core.settings import given

OUTSIDE, MAIL, SMS, ADDRESS = "QINGYUAN_OUTSIDE", "QINGYUAN_MAIL", "QINGYUAN_SMS", "QINGYUAN_ADDRESS"
"""Variables: the channels that are allowed; the mail server and the text-message gateway as addresses of Apprise, the
latter with `{to}` where the number stands; and where people sign in."""


def outlets() -> Outlets:
    """What is allowed now; a channel without its server is not."""
    found = Outlets.read(given(OUTSIDE))
    missing = {outlet for outlet, name in ((Outlet.MAIL, MAIL), (Outlet.SMS, SMS)) if not given(name)}
    return Outlets(found.kinds - missing, found.origins)


def send(message: Outgoing) -> bool:
    """Send one message; whether the other side took it."""
    from db.channels import channel  # Apprise takes half a second and is seldom needed

    address = given(ADDRESS)
    servers = {Outlet.MAIL: given(MAIL), Outlet.SMS: given(SMS)}
    try:
        found = channel(message, servers.get(message.outlet, ""))
        return bool(found and found.notify(body=f"{message.text} {address}".strip(), title="", notify_type="info"))
    except Exception:  # whatever a library and a network can do: its text may hold an address, so it goes no further
        return False
