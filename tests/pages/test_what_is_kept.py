"""The file of the database after a whole journey: nothing in it, journal and free pages included, tells who spoke."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.review import triage
from core.voices import flags, receipts
from db import jobs
from tests import makers
from tests.core.privacy.test_cleaning import SECRET, told
from tests.makers import Place
from tests.pages.test_files import NAME
from tests.pages.test_resident import address, digits, once, web

pytestmark = pytest.mark.privacy
__all__ = ["web"]
DEVICE = {"user-agent": "Telltale/7.7", "x-forwarded-for": "203.0.113.77", "accept-language": "tlh-Telltale"}
PHONE, CARD, REACH = "13812345678", "6222020200112233445", "微信 wang-ayi-77"
WORRY, GONE = f"停车费收了钱，账从来没有贴出来过，问{PHONE}", "垃圾清运的合同是谁签的，没有人说得清"
RESIDENTS = ("flags", "messages", "receipts", "readings", "recusals", "supports", "contacts", "attachments")


class Journey:
    """One resident's phone, and everything it was given or sent that nobody else may have."""

    def __init__(self, web: TestClient, site: Place) -> None:
        self.web, self.site, self.secrets = web, site, list[str]()

    def post(self, path: str, files: dict[str, tuple[str, bytes, str]] | None = None, **fields: str) -> str:
        answer = self.web.post(path, data=fields, files=files, headers=DEVICE)
        assert answer.status_code in (200, 404, 429), answer.text
        return answer.text

    def sent(self, **fields: str) -> str:
        """A form that is opened and sent; its receipt code."""
        token = once(self.web.get(address(self.site), headers=DEVICE).text)
        code = digits(self.post(address(self.site), once=token, **fields))
        self.secrets += [token, code, code[9:34], receipts.grouped(code)]
        return code


@pytest.mark.costly
def test_no_byte_of_the_file_tells_who_spoke_when_or_with_what(web: TestClient, site: Place, tmp_path: Path) -> None:
    makers.controlled(site)
    phone = Journey(web, site)
    code = _spoken(phone, site)
    _joined_and_left(phone)
    _taken_back(phone, site)
    for n in range(7):
        wrong = code[:9] + f"{n}".zfill(25)
        phone.post("/receipt", code=wrong + receipts.check_digits(wrong))
    web.post("/r/look", data={"text": f"想问{CARD}", "unit": site.units["banyan"].code}, headers=DEVICE)
    jobs.clear(site.engine)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "停车费收了钱".encode() in kept, "it is this file that is looked at"
    device = ("Telltale", "203.0.113.77", "testclient", SECRET.decode(), NAME)
    for secret in (*phone.secrets, *device, PHONE, CARD, REACH, "wang-ayi", GONE):
        assert secret.encode() not in kept, secret
    _without_hours(site)


def _spoken(phone: Journey, site: Place) -> str:
    """Words with a number in them, a file, a contact, an answer, a proof, a rating of the answer."""
    code = phone.sent(text=WORRY, do="all")
    picture = {"file": (NAME, told(), "image/jpeg")}
    phone.post("/receipt/file", files=picture, code=code, do="add", unit=site.units["building"].code)
    phone.post("/receipt", code=code, do="leave_contact", contact=REACH)
    row = next(row for row in makers.inbox(site) if "停车费" in row.text)
    site.do("watchdog", flags.note_reading, row.id)
    site.do("watchdog", triage.ask_sender, row.id, "是哪个小区？")
    phone.post("/receipt", code=code, do="answer", answer=f"三期，卡号{CARD}")
    for wish in ("open", "proof", "export", "keep", "contact"):
        phone.post("/receipt", code=code, do=wish)
    site.do("watchdog", triage.decline, row.id, "已转物业公开")
    phone.post("/receipt", code=code, do="rate", response="4")
    phone.post("/receipt", code=code, do="again", again="还是没有贴")
    return code


def _joined_and_left(phone: Journey) -> None:
    phone.sent(text="救助名单到现在也没有贴出来", do="join1")
    left = phone.sent(text="救助名单到现在也没有贴出来", do="join1")
    phone.post("/receipt", code=left, do="take_back_now")


def _taken_back(phone: Journey, site: Place) -> None:
    """Words that their sender deletes, with a file and a contact."""
    code = phone.sent(text=GONE, do="all")
    phone.post("/receipt/file", files={"file": (NAME, told(), "image/jpeg")}, code=code, do="add")
    phone.post("/receipt", code=code, do="leave_contact", contact=REACH)
    phone.post("/receipt", code=code, do="answer", answer=GONE[:9])
    phone.post("/receipt", code=code, do="take_back_now")


def _without_hours(site: Place) -> None:
    """No row that a resident made has a time of day, and no audit line of the residents' chain."""
    with site.engine.connect() as connection:
        rows = {table: connection.exec_driver_sql(f"select * from {table}").all() for table in RESIDENTS}
        query = "select chain, at, facts from audit_entries where chain like '%:residents'"
        log = connection.exec_driver_sql(query).all()
    assert all(rows.values()) or [table for table in RESIDENTS if not rows[table]] == ["recusals"]
    assert len(log) > 10
    told = [re.sub(r"b'.*?'(?=[,)])", "", str(tuple(row))) for found in rows.values() for row in found]
    told += [f"{row.at} {row.facts}" for row in log]
    assert [row for row in told if re.search(r"\d\d:\d\d|\dT\d\d|datetime\.datetime", row)] == []
