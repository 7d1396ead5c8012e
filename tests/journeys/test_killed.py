"""What has been acknowledged is kept, whatever is killed when."""

import re
import signal
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from core.access import RESIDENT
from core.voices import followup
from tests.journeys.conftest import Server
from tests.makers import Place

CODE = re.compile(r"(?:\d{4}[\s ]+){8}\d{4}")


def _speak(server: Server, place: Place, n: int) -> str | None:
    """Send one form as a browser does; the receipt code when it was acknowledged."""
    words = urllib.parse.urlencode({"text": f"第{n}件事：楼道公共收益一直没有公开"}).encode()
    address = f"{server.address}/r/{place.units['banyan'].code}"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, words), timeout=20) as answer:
            page = re.sub(r"<[^>]+>", " ", answer.read().decode())
    except (urllib.error.URLError, OSError):
        return None
    found = CODE.search(re.sub(r"\s+", " ", page))
    return found[0] if found else None


def test_no_acknowledged_words_are_lost_when_the_server_is_killed(served: tuple[Server, Place]) -> None:
    server, place = served
    kept: dict[int, str] = {}
    stop = threading.Event()

    def residents(start: int) -> None:
        for n in range(start, start + 40):
            if stop.is_set():
                return
            if code := _speak(server, place, n):
                kept[n] = code

    threads = [threading.Thread(target=residents, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    while len(kept) < 12 and any(thread.is_alive() for thread in threads):
        stop.wait(0.05)
    server.process.send_signal(signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()
    server.process.wait()
    assert len(kept) >= 12
    for n, code in kept.items():
        assert place.ask(RESIDENT, followup.follow, code).text.startswith(f"第{n}件事")
    again = Server(server.folder)
    server.process, server.port, server.address = again.process, again.port, again.address
    assert _speak(server, place, 999)


@pytest.mark.parametrize("way", ["twice in a row", "twice at once"])
def test_one_form_sent_twice_is_one_flag(served: tuple[Server, Place], way: str) -> None:
    server, place = served
    address = f"{server.address}/r/{place.units['river'].code}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        once = re.search(r'name="once" value="([0-9a-f]+)"', answer.read().decode())
    assert once
    words = urllib.parse.urlencode({"text": f"江畔的公示栏灯坏了很久：{way}", "once": once[1]}).encode()

    def send() -> None:
        with urllib.request.urlopen(urllib.request.Request(address, words), timeout=30) as answer:
            assert answer.status == 200

    if way == "twice in a row":
        send()
        send()
    else:
        both = [threading.Thread(target=send) for _n in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    from sqlalchemy import func, select

    from db.tables import flags_

    with place.engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(flags_).where(flags_.c.text.contains(way)))
    assert count == 1
