"""A flood of words in one community while somebody speaks in its neighbour: `python -m bench.flood`.

A real server on a free port, two communities, many senders without pause in one of them; what is measured is how long
the form and its sending take in the other, before and during the flood.
"""

import argparse
import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.served import line
from bench.speaking import FORM
from bench.stand import founded, stand


@dataclass
class Measured:
    """Seconds for the form and for sending in the quiet community, and what the flood was answered, by status."""

    form: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    refused: int = 0

    def told(self) -> str:
        return f"form {_middle(self.form)}, sending {_middle(self.sent)}, refused {self.refused} of {len(self.sent)}"


def _middle(times: Sequence[float]) -> str:
    return f"median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms"


def ask(connection: http.client.HTTPConnection, method: str, path: str, **fields: str) -> int:
    """One request; its status."""
    connection.request(method, path, urlencode(fields) if fields else None, FORM if fields else {})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def speaking(port: int, code: str, times: int) -> Measured:
    """Somebody opens the form and sends, one after the other."""
    measured = Measured()
    with line(port) as connection:
        for n in range(times):
            begun = time.perf_counter()
            ask(connection, "GET", f"/r/{code}")
            opened = time.perf_counter()
            status = ask(connection, "POST", f"/r/{code}", text=f"第{n}个公告栏的账没有贴", do="all")
            measured.form.append(opened - begun)
            measured.sent.append(time.perf_counter() - opened)
            measured.refused += status != 200
    return measured


@contextmanager
def flood(port: int, code: str, senders: int) -> Iterator[Counter[int]]:
    """Senders without pause in one community; what they were answered."""
    answers: Counter[int] = Counter()
    over = threading.Event()

    def pour(mine: int) -> None:
        n = 0
        with line(port) as connection:
            while not over.is_set():
                n += 1
                answers[ask(connection, "POST", f"/r/{code}", text=f"第{mine}人第{n}次：公告栏的账没有贴")] += 1

    threads = [threading.Thread(target=pour, args=(n,)) for n in range(senders)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def measure(senders: int, times: int) -> tuple[Measured, Measured, Counter[int]]:
    """Before and during the flood, and the flood's answers."""
    with stand("sqlite") as here:
        engine = here.engine()
        flooded, quiet = founded(engine, 2).codes
        engine.dispose()
        with here.app() as app:
            speaking(app.port, quiet, 2)  # the first page of a process is slower than all others
            before = speaking(app.port, quiet, times)
            with flood(app.port, flooded, senders) as answers:
                during = speaking(app.port, quiet, times)
    return before, during, answers


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench.flood")
    reader.add_argument("--senders", type=int, default=8)
    reader.add_argument("--times", type=int, default=15)
    told = reader.parse_args()
    before, during, answers = measure(told.senders, told.times)
    print(f"quiet:    {before.told()}")
    print(f"flooded:  {during.told()}")
    for name in ("form", "sent"):
        ratio = statistics.median(getattr(during, name)) / statistics.median(getattr(before, name))
        print(f"{name}: {ratio:.1f} times as long")
    print("the flood was answered:", ", ".join(f"{n} × {status}" for status, n in sorted(answers.items())))


if __name__ == "__main__":
    main()
