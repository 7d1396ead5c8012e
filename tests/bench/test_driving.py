"""The benches that drive a server: their client, their floors and their figures, on the demo's place. No time is
measured here."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import floor, pages, served, sessions, visitors
from bench.pages import Line
from bench.protocol import Ran, Tab
from bench.visitors import Visitor
from core.access import GRANTS
from core.words import Role

pytestmark = pytest.mark.costly


@given(st.lists(st.floats(0, 1e3), min_size=1), st.floats(0, 1))
def test_a_part_lies_between_the_smallest_and_the_largest_and_grows_with_the_share(
    values: Sequence[float], share: float
) -> None:
    found = pages.part(values, share)
    assert min(values) <= found <= max(values)
    assert found <= pages.part(values, 1) + 1e-9
    assert pages.part(values, 0) == min(values)


def test_parts_are_what_one_counts_by_hand() -> None:
    assert pages.part([4, 1, 3, 2, 5], 0.5) == 3
    assert pages.part([0, 10], 0.95) == pytest.approx(9.5)


def _line(page: str, ours: float, bare: float) -> Line:
    return Line("cadre, community", page, [ours] * 3, [bare] * 3)


def test_the_summary_counts_who_keeps_the_goal_and_growth_is_told_in_times_of_the_floor() -> None:
    small, large = [_line("home", 0.01, 0.01), _line("register", 0.03, 0.01)], [_line("register", 0.09, 0.01)]
    assert "1 of 2" in " ".join(pages.summary(small))
    assert "3.0 × (register" in " ".join(pages.summary(small))
    assert "3.0 × (register" in " ".join(pages.growth(small, large))
    assert list(pages.growth(small, [_line("inbox", 1, 1)])) == []


def test_sessions_are_counted_until_the_p95_has_doubled() -> None:
    rows = [sessions.Row(1, 0.01, 0.02), sessions.Row(10, 0.01, 0.03)]
    kind = sessions.Kind("hello", lambda: served.bare(Path(), ""), ("",), rows=rows)
    assert not kind.is_over()
    assert kind.most == 10
    kind.rows.append(sessions.Row(30, 0.02, 0.05))
    assert kind.is_over()
    assert kind.most == pytest.approx(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[served.Served, list[Visitor]]]:
    """A running product with the demo's people signed in."""
    folder = tmp_path_factory.mktemp("site")
    with (
        visitors.opened(folder) as engine, visitors.signed_in(engine) as everybody,
        served.product(folder, {"QINGYUAN_WORKER": "outside"}) as product,
    ):
        yield product, everybody


def test_there_is_somebody_of_every_role_each_with_their_pages(
    site: tuple[served.Served, list[Visitor]]
) -> None:
    everybody = site[1]
    assert {one.role for one in everybody} == set(GRANTS)
    assert [one.token for one in everybody if one.role is Role.RESIDENT] == [""]
    assert all(one.pages() for one in everybody)


def _kinds(messages: Iterable[ForwardMsg]) -> Counter[str]:
    """How many elements of each kind a page sent."""
    found: Counter[str] = Counter()
    for message in messages:
        if message.WhichOneof("type") == "delta":
            kind = message.delta.WhichOneof("type") or ""
            found[f"{kind} {getattr(message.delta, kind).WhichOneof('type')}"] += 1
    return found


def test_a_floor_draws_the_same_elements_as_its_page(
    site: tuple[served.Served, list[Visitor]], tmp_path: Path
) -> None:
    product, everybody = site
    cadre = next(one for one in everybody if one.role is Role.CADRE)
    (tmp_path / "floor.py").write_text(floor.SCRIPT, encoding="utf-8")

    async def compared(page: str, bare: served.Served) -> None:
        async with Tab(product.port, page, token=cadre.token) as tab:
            ran = await tab.run()
            again = await tab.run()
        drawn = floor.floor_of(ran.messages())
        assert drawn.unknown == []
        assert sum(drawn.counts().values()) > 10
        floor.write(tmp_path, page, drawn)
        async with Tab(bare.port, page, f"floor={page}") as below:
            told = await below.run()
        assert _kinds(told.messages()) == _kinds(ran.messages()), page
        assert [one["url_path"] for one in drawn.pages if one["default"]] == [""]
        assert again.seconds > 0

    async def all_of_them() -> None:
        with served.bare(tmp_path, "floor.py") as bare:
            for page in ("register", "occasion", "voices"):
                await compared(page, bare)

    asyncio.run(all_of_them())


def test_a_tab_is_somebody_and_says_what_was_shown_as_an_error(
    site: tuple[served.Served, list[Visitor]], tmp_path: Path
) -> None:
    product, everybody = site
    auditor = next(one for one in everybody if one.role is Role.AUDITOR)
    (tmp_path / "broken.py").write_text("raise SystemError\n", encoding="utf-8")

    async def run(port: int, page: str = "", token: str = "") -> Ran:
        async with Tab(port, page, token=token) as tab:
            return await tab.run()

    mine, nobodys = (asyncio.run(run(product.port, "audit", token)) for token in (auditor.token, ""))
    assert mine.size > nobodys.size > 0
    assert mine.errors() == nobodys.errors() == []
    with served.bare(tmp_path, "broken.py") as bare:
        assert len(asyncio.run(run(bare.port)).errors()) == 1
