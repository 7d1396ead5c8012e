"""What must be warned about, worked out again from raw rows: rule, subject and addressee of every cause of a day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.years.rows import OVER, Row, Rows


def causes(rows: Rows, today: date) -> Iterator[tuple[str, str, str]]:
    """Rule, subject and addressee of everything that must be warned about on a day."""
    risks = {risk["id"]: risk for risk in rows.all("risks") if risk["status"] not in OVER}
    measures, planned = rows.all("measures"), defaultdict(int)
    for measure in measures:
        planned[measure["risk_id"]] += 1
    above = rows.above
    for measure in measures:
        risk = risks.get(measure["risk_id"])
        if risk is None or measure["status"] in ("verified", "verifying"):
            continue
        late = (today - date.fromisoformat(measure["due_on"])).days
        leads = risk["leader_id"] or measure["owner_id"]
        to = {"_due_soon": measure["owner_id"], "_late": leads, "_very_late": above[measure["unit_id"]]}
        for suffix in _limit(late):
            yield f"measure{suffix}", measure["id"], to[suffix]
    yield from _of_entries(rows, today, risks, planned, above)
    yield from _of_flags(rows, today, above)
    yield from _of_posts(rows, today, above)
    yield from _of_dues(rows, today, above)
    yield from _left_behind(rows, risks)


def _of_dues(rows: Rows, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for due in rows.where("dues", "published_on IS NULL"):
        late = (today - date.fromisoformat(due["due_on"])).days
        if late > 0:
            suffix = "just_late" if late <= 7 else "late" if late <= 15 else "very_late"
            yield f"disclosure_{suffix}", due["id"], above[due["unit_id"]] if late > 15 else due["unit_id"]
    for request in rows.all("requests"):
        for suffix in _limit((today - date.fromisoformat(request["due_on"])).days):
            if request["answered_on"] is None and suffix != "_due_soon":
                to = above[request["unit_id"]] if suffix == "_very_late" else request["unit_id"]
                yield f"request{suffix}", request["id"], to
    yield from _of_looks(rows, today, above)


def _of_looks(rows: Rows, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    closed = {risk["id"] for risk in rows.all("risks") if risk["status"] == "closed"}
    for look in rows.all("second_looks"):
        if look["looked_on"] is None and look["risk_id"] in closed:
            for suffix in _limit((today - date.fromisoformat(look["due_on"])).days):
                if suffix != "_due_soon":
                    to = above[look["unit_id"]] if suffix == "_very_late" else look["unit_id"]
                    yield f"look{suffix}", look["id"], to


def _of_entries(rows: Rows, today: date, risks: dict[str, Row], planned: dict[str, int], above: dict[str, str]) -> Any:
    rated: dict[str, str] = {}
    for assessment in rows.all("assessments"):
        rated[assessment["risk_id"]] = max(rated.get(assessment["risk_id"], ""), assessment["rated_at"][:10])
    holders = {clock["risk_id"]: clock for clock in rows.where("clocks", "ended_on IS NULL")}
    doubts, orange = _doubts(rows), _orange(rows, today)
    for risk in risks.values():
        leads = risk["leader_id"] or risk["owner_id"] or risk["unit_id"]
        bare = risk["owner_id"] is None or not planned[risk["id"]]
        if risk["level"] == "high" and bare and (today - date.fromisoformat(rated[risk["id"]])).days >= 7:
            yield "high_unattended", risk["id"], leads
        if doubts[risk["id"]] >= 3:
            yield "not_done", risk["id"], leads
        if orange[risk["id"]] >= 2:
            yield "orange_twice", risk["id"], above[risk["unit_id"]]
        if risk["status"] == "reopened":
            yield "reopened", risk["id"], above[risk["unit_id"]]
        clock = holders.get(risk["id"])
        if clock:
            here = clock["holder_id"] == risk["unit_id"]
            for suffix in _limit((today - date.fromisoformat(clock["due_on"])).days):
                up = above[risk["unit_id"]] if here and suffix == "_very_late" else clock["holder_id"]
                yield f"clock{suffix}", risk["id"], up


def _doubts(rows: Rows) -> dict[str, int]:
    unsolved = {
        flag["id"] for flag in rows.all("flags")
        if flag["source"] == "resident" and flag["solved"] is not None and flag["solved"] <= 2
    }  # fmt: skip
    found: dict[str, int] = defaultdict(int)
    for link in rows.where("links", "undone_at IS NULL"):
        found[link["risk_id"]] += link["flag_id"] in unsolved
    return found


def _orange(rows: Rows, today: date) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for warning in rows.where("early_warnings", "colour = 'orange' AND risk_id IS NOT NULL"):
        age = (today - date.fromisoformat(warning["raised_on"])).days
        found[warning["risk_id"]] += 1 <= age <= 365
    return found


def _of_flags(rows: Rows, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    points = {point["id"]: point["unit_id"] for point in rows.all("points")}
    for flag in rows.all("flags"):
        if flag["status"] != "new" or flag["sealed"]:
            continue
        late = (today - date.fromisoformat(flag["due_on"])).days
        kind, up = ("point", points[flag["point_id"]]) if flag["point_id"] else ("review", above[flag["unit_id"]])
        for suffix in _limit(late):
            if suffix != "_due_soon":
                yield f"{kind}{suffix}", flag["id"], up if suffix == "_very_late" else flag["unit_id"]


def _of_posts(rows: Rows, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    used = {item["post_id"] for item in rows.all("items") if not item["retired"]}
    since: dict[str, str | None] = {}
    for holding in rows.all("holdings"):
        before, until = since.get(holding["post_id"], ""), holding["until"]
        since[holding["post_id"]] = None if until is None or before is None else max(before, until)
    for post in rows.all("posts"):
        left = since.get(post["id"])
        if post["id"] in used and left and (today - date.fromisoformat(left)).days >= 7:
            yield "post_vacant", post["id"], above[post["unit_id"]]


def _left_behind(rows: Rows, risks: dict[str, Row]) -> Iterator[tuple[str, str, str]]:
    """Open work of people who have left or hold no role for it there any more."""
    fits = {
        "owner_id": ("cadre",), "leader_id": ("cadre",), "watchdog_id": ("watchdog", "supervisor"),
        "claimed_by": ("cadre", "watchdog"), "mentor_id": ("supervisor",),
    }  # fmt: skip

    def lost(row: Row, *parts: str) -> bool:
        seats = rows.seats[row["unit_id"]]
        return any(row[part] and not any(row[part] in seats[role] for role in fits[part]) for part in parts)

    for risk in risks.values():
        if lost(risk, "owner_id", "leader_id", "watchdog_id"):
            yield "left_behind", risk["id"], rows.above[risk["unit_id"]]
    for measure in rows.where("measures", "status <> 'verified'"):
        if measure["risk_id"] in risks and lost(measure, "owner_id", "watchdog_id", "claimed_by"):
            yield "left_behind", measure["id"], rows.above[measure["unit_id"]]
    for site in rows.where("mentorships", '"until" IS NULL'):
        if lost(site, "mentor_id"):
            yield "left_behind", site["id"], rows.above[site["unit_id"]]


def _limit(late: int) -> Iterator[str]:
    """What a limit that was passed by so many days calls for; a negative number lies before it."""
    if -7 <= late <= 0:
        yield "_due_soon"
    elif 1 <= late <= 15:
        yield "_late"
    elif late > 15:
        yield "_very_late"
