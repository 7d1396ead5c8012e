"""What else turns in the town: rounds, decisions, disclosures, requests, meetings, mentors, and people who move."""


from core.access import RESIDENT
from core.evidence import Upload
from core.inspection import campaigns, rounds
from core.ledgers import decisions, meetings, mentoring, steps
from core.openness import disclosure, requests, subjects
from core.orders import Reason
from core.voices.flags import CadreFlag
from core.words import Answer
from tests.years.town import OFFICE, Deed, Town, by_residents, in_days

CADRES, WATCHERS = ("head", "clerk", "member"), ("watch", "watch2")


# rounds


def steer(town: Town, day: int) -> None:
    """The rounds of the town: every other one is the city's, the others the streets' own. Each is opened near the
    beginning of a year, moved now and then, and closed some time after its end."""
    year, within = divmod(day, town.year)
    for where in ("city",) if year % 2 == 0 else ("street0", "street1"):
        title = f"{where}第{year}轮自查"
        if within >= 2 and title not in town.rounds and town.dice.random() < 0.5:
            town.let(_open_round, where, title, str(town.year * 4 // 5))
        late = within > town.year * 9 // 10 and (town.dice.random() < 0.3 or within == town.year - 1)
        if late and town.rounds.get(title):
            town.let(_close_round, where, title)


def _open_round(town: Town, where: str, title: str, length: str) -> None:
    today = town.place.today
    form = rounds.RoundForm(
        unit_id=town.place.units[where].id, title=title, starts_on=today,
        ends_on=in_days(town, int(length), int(length) + 3),
    )  # fmt: skip
    town.rounds[title] = town.place.do(SUPERVISORS[where], rounds.open_round, form)


def _close_round(town: Town, where: str, title: str) -> None:
    town.place.do(SUPERVISORS[where], campaigns.close_round, town.rounds[title], "本轮自查结束")
    town.rounds[title] = ""


SUPERVISORS = {"city": "city_supervisor", "street0": "north_supervisor", "street1": "south_supervisor"}


def _inspect(town: Town, home: str) -> bool:
    """A post-holder says of one of their power items: nothing, changed, or found something."""
    who = town.who(home, *CADRES)
    sheets = [sheet for sheet in town.place.ask(who, rounds.own_round).sheets if sheet.round_id and sheet.rows]
    if not sheets:
        return False
    sheet = town.dice.choice(sheets)
    row = town.dice.choice([row for row in sheet.rows if row.answer is None] or list(sheet.rows))
    answer = town.dice.choice((Answer.NOTHING, Answer.NOTHING, Answer.CHANGED, Answer.FOUND))
    found = CadreFlag(text=f"用印登记不全{town.dice.random()}") if answer is Answer.FOUND else None
    town.place.do(who, rounds.inspect, row.item_id, answer, "对照流程查过台账", found)
    return True


# decisions


def _add_decision(town: Town, home: str) -> None:
    here, item = town.place.units[home].id, town.place.items[f"{home}2"]
    form = decisions.DecisionForm(unit_id=here, title="文化广场改造", item_id=item)
    town.place.do(town.who(home, *CADRES), decisions.add, form)


def _step(town: Town, home: str) -> bool:
    """The next step of a decision is taken, on this day or entered later, or skipped."""
    who = town.who(home, *CADRES)
    open_ = [one.row for one in town.place.ask(who, decisions.decisions) if one.row.next_step]
    if not open_:
        return False
    row = town.dice.choice(open_)
    if town.dice.random() < 0.15:
        town.place.do(who, steps.skip, row.id, row.next_step, Reason(reason="时间来不及"))
    else:
        form = steps.StepForm(held_on=max(row.opened_on, in_days(town, -9, 1)), expected=30, present=25, agreed=20)
        town.place.do(who, steps.take, row.id, row.next_step, form)
    return True


def _doubt(town: Town, home: str) -> bool:
    """Somebody raises what the steps of a decision suggest."""
    who = town.who(home, "clerk", *WATCHERS)
    for one in town.place.ask(who, decisions.decisions):
        for suspicion in one.suspicions:
            if suspicion.code not in one.row.raised:
                flag = CadreFlag.model_validate(decisions.draft(suspicion))
                town.place.do(who, decisions.raise_doubt, one.row.id, suspicion.code, flag)
                return True
    return False


# disclosures and requests


def _publish(town: Town, home: str) -> bool:
    """Something that is owed is made public, now or some days ago; once in a while that is taken back."""
    who, here = town.who(home, *CADRES), town.place.units[home].id
    rows = town.place.ask(who, disclosure.owed, here)
    waiting = [row for row in rows if row.published_on is None]
    if town.dice.random() < 0.05 and len(rows) > len(waiting):
        done = town.dice.choice([row for row in rows if row.published_on])
        town.place.do(who, disclosure.undo, done.id, Reason(reason="贴错了栏目"))
    elif waiting:
        row = town.dice.choice(waiting)
        form = disclosure.Publishing(published_on=max(row.first, in_days(town, -4, 1)), place="公开栏")
        proof = Upload("公开栏.txt", f"照片{town.dice.random()}".encode())
        town.place.do(who, disclosure.publish, row.id, form, proof)
    return True


def _occasion(town: Town, home: str) -> None:
    who, here = town.who(home, *CADRES), town.place.units[home].id
    rows = [row for row in town.place.ask(who, subjects.catalogue, here) if row.name == "门面出租"]
    form = disclosure.Occasion(
        subject_id=rows[0].id, happened_on=in_days(town, -6, 1), occasion=f"第{town.dice.randrange(999)}号门面"
    )
    town.place.do(who, disclosure.note_occasion, form)


def _change_catalogue(town: Town, home: str) -> None:
    """Something is taken out of the catalogue, or taken in again."""
    who, here = town.who(home, *CADRES), town.place.units[home].id
    rows = [row for row in town.place.ask(who, subjects.catalogue, here) if row.name != "门面出租"]
    if len(rows) > 1:
        town.place.do(who, subjects.retire, town.dice.choice(rows).id)
    else:
        town.place.do(who, subjects.fill, here)


@by_residents
def _ask(town: Town, home: str) -> None:
    code = town.place.units[home].code
    about = town.place.ask(RESIDENT, requests.subjects_to_ask, code)
    form = requests.RequestForm(
        text=f"想看{town.dice.choice(('物业收支', '工程预算', '补贴名单'))}{town.dice.randrange(9999)}",
        subject_id=town.dice.choice([None, *(key for key, _name in about)]),
    )  # fmt: skip
    taken = town.place.do(RESIDENT, requests.ask, code, form)
    (town.codes if taken.as_flag else town.asked).append((home, taken.code))


@by_residents
def _take_back_request(town: Town, home: str) -> bool:
    own = [pair for pair in town.asked if pair[0] == home]
    if not own:
        return False
    chosen = town.dice.choice(own)
    town.asked.remove(chosen)
    town.place.do(RESIDENT, requests.take_back, chosen[1])
    return True


def _answer_request(town: Town, home: str) -> bool:
    who = town.who(home, *OFFICE)
    rows = [row for row in town.place.ask(who, requests.requests) if row.may_answer]
    if not rows:
        return False
    form = requests.AnswerForm(answer="已在公开栏张贴", withheld=town.dice.random() < 0.2)
    town.place.do(who, requests.answer, town.dice.choice(rows).id, form)
    return True


# meetings and mentors


def _meet(town: Town, home: str) -> None:
    """The street meets and decides: a measure against an entry, or a note."""
    who, place = town.above(home), town.place
    street = place.units["street0" if who.startswith("north") else "street1"].id
    meeting = place.do(who, meetings.hold, meetings.MeetingForm(unit_id=street, held_on=place.today, present=7))
    entry = town.dice.choice([None, town.entry_of(home)])
    form = meetings.DecisionForm(
        text="下月底前核对一次台账", owner_id=town.id_of(town.who(home, *CADRES)),
        watchdog_id=town.id_of(town.who(home, *WATCHERS)), due_on=in_days(town, 5, 60),
    )  # fmt: skip
    place.do(who, meetings.decide, meeting, entry, form)


def _mentor(town: Town, home: str) -> bool:
    """A demo site is marked, visited or ended."""
    who, here = town.above(home), town.place.units[home].id
    running = [row for row in town.place.ask(who, mentoring.sites) if row.unit_id == here and row.until is None]
    if not running:
        mentor = town.dice.choice((who, "north_second", "city_supervisor"))
        town.place.do(who, mentoring.mark, mentoring.SiteForm(unit_id=here, mentor_id=town.id_of(mentor)))
    elif town.dice.random() < 0.15:
        town.place.do(who, mentoring.end, running[0].id, "试点结束")
    else:
        form = mentoring.VisitForm(visited_on=town.place.today, seen="看了公开栏", advised="按季更新")
        actor = next((key for key in SEATS if town.id_of(key) == running[0].mentor_id), who)
        town.place.do(actor, mentoring.visit, running[0].id, form)
    return True


SEATS = ("north_supervisor", "north_second", "south_supervisor", "city_supervisor")


CIRCLES: tuple[tuple[Deed, float], ...] = (
    (_inspect, 0.03), (_add_decision, 0.01), (_step, 0.06), (_doubt, 0.01), (_publish, 0.07), (_occasion, 0.01),
    (_change_catalogue, 0.003), (_ask, 0.02), (_take_back_request, 0.002), (_answer_request, 0.03), (_meet, 0.005),
    (_mentor, 0.01),
)  # fmt: skip
"""As `deeds.DEEDS`."""
