"""Residents as a server meets them: plain HTML forms sent over connections that stay open, by many at once."""

import http.client
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

RECEIPT = re.compile(r'name="code" value="(\d{36})"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MATTERS = (
    "门面房租给谁没有公示过，租金多少大家也不知道", "低保名单好几个月没有贴出来了，旧的还在墙上",
    "楼道公共收益的账一直看不到，问了几次都说在整理", "活动室的钥匙只有一个人有，谁能用全凭一句话",
    "停车位怎么分的没人说得清，先来的反而没有", "困难补助的材料交了两次，没有回音也没有收据",
    "小修小补总是同一家来做，价钱从来没有比过", "公章放在抽屉里，谁去盖都行，也没有登记本",
)  # fmt: skip


def words(n: int) -> str:
    """What is said the n-th time: never twice the same, of the length people write."""
    return f"{MATTERS[n % len(MATTERS)]}（第{n}件）"


class Resident:
    """One browser with one connection; `answers` counts what it was answered, by status."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.answers: Counter[int] = Counter()
        self.retry_after = ""

    def speak(self, code: str, said: str, once: str = "") -> str | None:
        """Send the form once; the receipt code, or None when it was not acknowledged.

        Where the page asks whether something on the board is the same, everything is sent on as it is.
        """
        fields = {"text": said, "once": once or secrets.token_hex(16)}
        found = None
        for wish in ("", "all"):
            status, page = self.ask("POST", f"/r/{code}", **fields, do=wish)
            found = RECEIPT.search(page)
            if found or status != 200:
                break
        return found[1] if found else None

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """One request; status and page. (0, "") where the connection broke off before the whole answer was there."""
        try:
            self._line.request(method, path, urlencode(fields) if fields else None, FORM if fields else {})
            answer = self._line.getresponse()
            status, page = answer.status, answer.read().decode()
            self.retry_after = answer.getheader("Retry-After", "")
        except (OSError, http.client.HTTPException):
            self._line.close()
            status, page = 0, ""
        self.answers[status] += 1
        return status, page

    def close(self) -> None:
        self._line.close()


@dataclass
class Heard:
    """What a crowd got: receipt codes with the words they are for, seconds each took, and how often there was none."""

    receipts: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def crowd(
    ports: Sequence[int], codes: Sequence[str], people: int, until: float, numbers: "count[int]",
    tell: Callable[[str, str], None] = lambda _code, _words: None,
) -> Heard:  # fmt: skip
    """So many residents, each sending one form after the other until a moment of `time.perf_counter`.

    They go round the communities, so that no community is crowded; `tell` is told each receipt at once.
    """
    heard, lock = Heard(), threading.Lock()

    def speaks(me: int) -> None:
        resident = Resident(ports[me % len(ports)])
        while time.perf_counter() < until:
            with lock:
                n = next(numbers)
            begun = time.perf_counter()
            code = resident.speak(codes[n % len(codes)], words(n))
            if code:
                tell(code, words(n))
            with lock:
                if code:
                    heard.receipts.append((code, words(n)))
                    heard.seconds.append(time.perf_counter() - begun)
                else:
                    heard.refused["not acknowledged"] += 1
        resident.close()

    together([lambda me=me: speaks(me) for me in range(people)])  # type: ignore[misc]
    return heard


def together(deeds: Sequence[Callable[[], object]]) -> None:
    """All of them at once; back when the last is done."""
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
