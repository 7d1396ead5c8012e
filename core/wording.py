"""What is meant for the public holds no people (domain rule 5.5): their names and numbers are found and refused."""

import re

from core.errors import Invalid
from core.recusal import Known, surname
from core.store import Work
from core.text import _, folded

_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\dxX]?")
_BETWEEN = r"[·•.。\s]*"


def without_people(work: Work, unit_id: str, **texts: str) -> None:
    """Refuse texts that name somebody up the unit tree or hold a personal number, with the place in the text."""
    known = work.store.known_people(unit_id)
    found: dict[str, str] = {}
    for field, text in texts.items():
        if hit := number_in(text):
            found[field] = _("“{hit}” may be a personal number. Please leave it out.", hit=hit)
        elif hit := name_in(text, known):
            found[field] = _("This names a person: “{name}”. Please describe the matter without people.", name=hit)
    if found:
        raise Invalid(**found)


def number_in(text: str) -> str:
    """The first run of seven or more digits, as telephones, cards and identity numbers have them."""
    hit = _NUMBER.search(text)
    return hit.group().strip() if hit else ""


def name_in(text: str, known: list[Known]) -> str:
    """The first piece of a text that names one of the people, by full name or as “surname 某”. Posts may be named."""
    plain = folded(text)
    for person in known:
        name = folded(person.name)
        whole = _BETWEEN.join(map(re.escape, name))
        hidden = re.escape(surname(name)) + "某"
        if len(name) > 1 and (hit := re.search(f"{whole}|{hidden}", plain)):
            return hit.group()
    return ""
