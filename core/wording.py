"""What is meant for the public holds no people (domain rule 5.5): their names and numbers are found and refused."""

import re

from core.errors import Invalid
from core.recusal import naming
from core.store import Work
from core.text import _

_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\dxX]?")


def without_people(work: Work, unit_id: str, **texts: str) -> None:
    """Refuse texts that name somebody up the unit tree or hold a personal number, with the place in the text."""
    known = work.store.known_people(unit_id)
    found: dict[str, str] = {}
    for field, text in texts.items():
        if hit := number_in(text):
            found[field] = _("“{hit}” may be a personal number. Please leave it out.", hit=hit)
        elif hit := naming(text, known):
            found[field] = _("This names a person: “{name}”. Please describe the matter without people.", name=hit)
    if found:
        raise Invalid(**found)


def number_in(text: str) -> str:
    """The first run of seven or more digits, as telephones, cards and identity numbers have them."""
    hit = _NUMBER.search(text)
    return hit.group().strip() if hit else ""
