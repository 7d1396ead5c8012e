"""What a sender adds: a clean copy for whoever may hear the words, the original under lock and key, nothing else."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import create_engine, select

from core.access import FOUNDER, RESIDENT
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.evidence import KINDS, LARGEST, Upload
from core.organisation import posts
from core.privacy import cleaning
from core.review import merging, triage
from core.voices import attachments, followup, openings, retention, sealing, unlocking
from core.voices.attachments import MOST, Prepared, prepared
from core.words import OpeningKind, Role
from db.tables import attachments_, audit_entries, files, flags_, metadata, readings
from tests import makers
from tests.core.privacy.test_cleaning import SECRET, bomb, paper, told
from tests.makers import Place, poured

pytestmark = pytest.mark.privacy
WORDS = "低保名单从来没见贴出来过"


@pytest.fixture(autouse=True, scope="module")
def _in_this_process() -> Any:
    """Cleaned in the test's own process, which is quicker; test_cleaning.py tries the child."""
    patch = pytest.MonkeyPatch()

    def cleaned(kind: str, content: bytes) -> cleaning.Cleaned:
        try:
            return cleaning.MAKERS[kind](content)
        except Exception as fault:
            raise Refused(cleaning.UNCLEAN) from fault

    patch.setattr(cleaning, "cleaned", cleaned)
    yield
    patch.undo()


def ready(content: bytes) -> Prepared:
    return prepared(Upload("", content))


def spoken(place: Place, text: str = WORDS, item: str | None = "relief") -> Any:
    return place.ask(RESIDENT, unlocking.unlock, makers.speak(place, text, item))


def flag_of(place: Place, opened: Any) -> str:
    return str(place.ask(RESIDENT, unlocking.flag_of, opened).id)


def add(place: Place, opened: Any, content: bytes) -> bool:
    return bool(place.do(RESIDENT, attachments.add, opened, ready(content)))


def kept(place: Place) -> list[Any]:
    with place.engine.connect() as rows:
        return list(rows.execute(select(attachments_).order_by(attachments_.c.n)))


def test_a_photo_is_kept_as_a_clean_copy_and_a_sealed_original_with_the_date_only(place: Place) -> None:
    opened = spoken(place)
    assert add(place, opened, told())
    [row] = kept(place)
    assert (row.media_type, row.size, row.added_on) == ("image/jpeg", len(told()), place.today)
    with place.engine.connect() as rows:
        content = dict(rows.execute(select(files.c.sha256, files.c.content)).all())
        line = rows.execute(select(audit_entries).where(audit_entries.c.event == Event.FILE_ADDED)).one()
    assert content.keys() == {row.clean, row.sealed}
    assert SECRET not in b"".join(content.values())
    assert (line.at, line.actor, line.facts) == (place.today.isoformat(), "resident", "{}")


def test_whoever_may_hear_the_words_sees_the_copy_and_the_sender_sees_that(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    flag_id = flag_of(place, opened)
    [row] = place.ask("watchdog", attachments.files_of, flag_id)
    copy = place.do("watchdog", attachments.clean_copy, row.id)
    assert copy.media_type == "image/jpeg"
    assert SECRET not in copy.content
    place.do("watchdog2", attachments.clean_copy, row.id)
    with place.engine.connect() as rows:
        assert rows.execute(select(readings.c.role, readings.c.read_on)).all() == [(Role.WATCHDOG, place.today)]
    story = place.ask(RESIDENT, followup.follow, opened)
    assert sum("居务监督" in line.sentence or "watchdog" in line.sentence.lower() for line in story.lines) == 1


@pytest.mark.costly
@pytest.mark.parametrize(
    "who", ["clerk", "secretary", "other_watchdog", "far_supervisor", "system", "security", "auditor"]
)
def test_nobody_else_reads_a_copy_or_learns_that_there_is_one(place: Place, who: str) -> None:
    opened = spoken(place)
    add(place, opened, told())
    for question, key in ((attachments.files_of, flag_of(place, opened)), (attachments.clean_copy, kept(place)[0].id)):
        with pytest.raises((Denied, Missing)):
            place.do(who, question, key)


def test_the_owner_of_the_power_item_reads_no_copy_whatever_else_they_are(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    place.do(FOUNDER, posts.take_post, place.posts["relief"], place.people["supervisor"].person_id)
    with pytest.raises(Denied):
        place.ask("supervisor", attachments.files_of, flag_of(place, opened))
    with pytest.raises(Denied):
        place.do("supervisor", attachments.clean_copy, kept(place)[0].id)


def test_files_stand_with_the_voices_of_an_entry_for_those_alone_who_read_the_words(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    flag_id = flag_of(place, opened)
    risk_id = place.do("watchdog", merging.open_entry, flag_id, makers.entry_form(place))

    def seen(who: str) -> list[tuple[bool, int]]:
        return [(v.text is not None, len(v.files)) for v in place.ask(who, merging.voices, risk_id)]

    for who in ("watchdog", "watchdog2", "supervisor"):
        assert seen(who) == [(True, 1)]
    for who in ("clerk", "secretary"):
        assert seen(who) == [(False, 0)]
    with pytest.raises(Missing):
        seen("other_watchdog")
    place.do("watchdog", merging.unmerge, place.ask("watchdog", merging.voices, risk_id)[0].link_id, "不是这件事")
    assert seen("watchdog") == [(True, 0)]


def test_who_answers_for_the_entry_sees_no_file_of_it_though_the_flag_named_another_item(place: Place) -> None:
    opened = spoken(place, item=None)
    add(place, opened, told())
    flag_id = flag_of(place, opened)
    risk_id = place.do("watchdog", merging.open_entry, flag_id, makers.entry_form(place))
    place.do(FOUNDER, posts.take_post, place.posts["relief"], place.people["supervisor"].person_id)
    assert [(v.text, v.files) for v in place.ask("supervisor", merging.voices, risk_id)] == [(None, ())]
    for question, key in ((attachments.files_of, flag_id), (attachments.clean_copy, kept(place)[0].id)):
        with pytest.raises(Denied):
            place.do("supervisor", question, key)


def test_whoever_the_words_name_reads_no_copy(place: Place) -> None:
    opened = spoken(place, f"{place.people['watchdog'].name}没有来看过名单")
    add(place, opened, told())
    with pytest.raises(Missing):
        place.do("watchdog", attachments.clean_copy, kept(place)[0].id)
    assert place.do("watchdog2", attachments.clean_copy, kept(place)[0].id).content


@pytest.mark.parametrize("make", [lambda words: words.encode("gb18030"), None])
def test_words_inside_a_file_keep_away_whom_they_name(place: Place, make: Callable[[str], bytes] | None) -> None:
    opened, name = spoken(place), place.people["watchdog"].name
    if make:
        file = ready(make(f"{name}没有来看过名单"))
    else:
        file = Prepared(KINDS["pdf"], paper(), cleaning.Cleaned(KINDS["pdf"], b"%PDF-", f"{name}没有来看过名单"))
    place.do(RESIDENT, attachments.add, opened, file)
    with pytest.raises(Missing):
        place.ask("watchdog", attachments.files_of, flag_of(place, opened))


def test_an_accusation_inside_a_file_seals_the_matter(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, f"{place.people['clerk'].name}收了红包才给办低保".encode())
    with place.engine.connect() as rows:
        assert rows.execute(select(flags_.c.sealed)).scalar_one()
    for who in ("watchdog", "supervisor", "secretary", "discipline"):
        with pytest.raises((Denied, Missing)):
            place.do(who, attachments.clean_copy, kept(place)[0].id)


def test_a_sealed_matter_shows_no_copy_to_anybody(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    place.do("watchdog", sealing.seal, flag_of(place, opened), "疑似举报")
    for who in ("watchdog", "watchdog2", "supervisor", "secretary", "clerk", "discipline"):
        with pytest.raises((Denied, Missing)):
            place.do(who, attachments.clean_copy, kept(place)[0].id)


def test_the_original_is_given_to_two_people_of_the_desk_and_to_nobody_else(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    makers.make_person(place, "desk2", "许明镜", "street", Role.DISCIPLINE)
    flag_id, file = flag_of(place, opened), kept(place)[0].id
    for who in ("watchdog", "supervisor", "clerk", "system"):
        with pytest.raises(Denied):
            place.do(who, openings.ask, flag_id, OpeningKind.ORIGINAL, "想看", file)
    opening = place.do("discipline", openings.ask, flag_id, OpeningKind.ORIGINAL, "核实拍摄地点", file)
    with pytest.raises(Denied):
        place.do("discipline", openings.agree, opening, "自己同意")
    place.do("desk2", openings.agree, opening, "同意")
    assert place.do("discipline", openings.open_original, opening) == (told(), "image/jpeg")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", bomb(), told(side=900)[:3000]], ids=["pdf", "bomb", "half"])
def test_what_cannot_be_cleaned_is_sealed_and_has_no_copy_for_anybody(place: Place, content: bytes) -> None:
    opened = spoken(place)
    assert not add(place, opened, content)
    [row] = kept(place)
    assert row.clean == ""
    [listed] = place.ask("watchdog", attachments.files_of, flag_of(place, opened))
    assert not listed.has_copy
    with pytest.raises(Missing):
        place.do("watchdog", attachments.clean_copy, listed.id)
    with place.engine.connect() as rows:
        assert rows.execute(select(files.c.sha256)).scalars().all() == [row.sealed]


@pytest.mark.parametrize("content", [
    b"", bytes(11 * 1024 * 1024), told() + bytes(LARGEST), b"<html><script>alert(1)</script>", b"<svg onload='x'/>",
    b"GIF89a" + bytes(20), b"MZ" + bytes(90), b"PK\x03\x04" + bytes(90),
])  # fmt: skip
def test_what_is_empty_too_large_or_something_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        ready(content)
    assert refusal.value.fields["file"]


def test_a_word_document_is_refused_with_what_is_taken() -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("word/document.xml", "x")
    with pytest.raises(Invalid) as refusal:
        ready(out.getvalue())
    assert "Word" not in refusal.value.fields["file"]


def test_what_is_a_photo_and_a_page_at_once_is_a_photo_alone_in_the_copy(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told() + b"<script>alert(1)</script>" + paper())
    [row] = kept(place)
    copy = place.ask(RESIDENT, lambda work: work.store.file(row.clean))
    assert (b"<script" in copy, b"%PDF" in copy, copy[:3]) == (False, False, b"\xff\xd8\xff")


def picture(n: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (n, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_three_files_are_taken_and_no_fourth_one(place: Place) -> None:
    opened = spoken(place)
    for n in range(MOST):
        add(place, opened, picture(n))
    with pytest.raises(Invalid) as refusal:
        add(place, opened, picture(9))
    assert "file" in refusal.value.fields
    assert [row.n for row in kept(place)] == [1, 2, 3]
    assert add(place, opened, picture(0)), "one of the three once more is no fourth one"


def test_the_same_file_twice_is_one(place: Place) -> None:
    opened = spoken(place)
    assert add(place, opened, told())
    assert add(place, opened, told())
    assert len(kept(place)) == 1


def test_one_file_is_deleted_with_its_copy_unless_another_sender_brought_the_same(place: Place) -> None:
    mine, other = spoken(place), spoken(place, "公章登记本好久没有更新了", None)
    for opened in (mine, other):
        add(place, opened, told())
    [row] = place.ask(RESIDENT, attachments.own, mine)
    place.do(RESIDENT, followup.drop_file, other, row.id)
    assert len(kept(place)) == 2, "another sender's file is not theirs to delete"
    place.do(RESIDENT, followup.drop_file, mine, row.id)
    with place.engine.connect() as rows:
        assert len(rows.execute(select(files)).all()) == 2, "the copy both have, and one original"
    [row] = place.ask(RESIDENT, attachments.own, other)
    place.do(RESIDENT, followup.drop_file, other, row.id)
    with place.engine.connect() as rows:
        assert rows.execute(select(files)).all() == []
        lines = rows.execute(select(audit_entries.c.at).where(audit_entries.c.event == Event.FILE_DELETED)).scalars()
        assert set(lines) == {place.today.isoformat()}


def test_taking_back_takes_every_file_along(place: Place) -> None:
    opened = spoken(place)
    for n in range(MOST):
        add(place, opened, picture(n))
    place.do(RESIDENT, followup.take_back, opened)
    with place.engine.connect() as rows:
        assert (rows.execute(select(attachments_)).all(), rows.execute(select(files)).all()) == ([], [])


def test_what_is_held_or_taken_on_by_the_desk_stays(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    [row] = place.ask(RESIDENT, attachments.own, opened)
    place.do("discipline", retention.hold, flag_of(place, opened), "正在核查")
    with pytest.raises(Refused):
        place.do(RESIDENT, followup.drop_file, opened, row.id)
    place.do("watchdog", sealing.seal, flag_of(place, opened), "疑似举报")
    place.do("discipline", sealing.confirm_seal, flag_of(place, opened), "确认")
    for deed in (lambda work: followup.drop_file(work, opened, row.id),
                 lambda work: attachments.add(work, opened, ready(picture(1)))):  # fmt: skip
        with pytest.raises(Refused):
            place.do(RESIDENT, deed)
    assert len(kept(place)) == 1


def test_nothing_is_added_once_the_matter_has_been_decided_on(place: Place) -> None:
    opened = spoken(place)
    assert place.ask(RESIDENT, followup.follow, opened).may_add_files
    place.do("watchdog", triage.decline, flag_of(place, opened), "不属于社区权力事项")
    with pytest.raises(Refused):
        add(place, opened, told())
    assert not place.ask(RESIDENT, followup.follow, opened).may_add_files


def test_only_the_right_code_adds_sees_and_deletes(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    [row] = place.ask(RESIDENT, attachments.own, opened)
    wrong = unlocking.Opened(opened.locator, "another hash")
    for deed in (
        lambda work: attachments.add(work, wrong, ready(picture(1))), lambda work: attachments.own(work, wrong),
        lambda work: followup.drop_file(work, wrong, row.id),
    ):  # fmt: skip
        with pytest.raises(Missing):
            place.do(RESIDENT, deed)


def everything(place: Place, folder: Path) -> bytes:
    """All that the database holds: on SQLite its file, else every value of every table."""
    if place.engine.dialect.name == "sqlite":
        on_disk = create_engine(f"sqlite:///{folder / 'site.db'}")
        poured(place.engine, on_disk)
        on_disk.dispose()
        return (folder / "site.db").read_bytes()
    with place.engine.connect() as rows:
        values = [value for table in metadata.sorted_tables for row in rows.execute(select(table)) for value in row]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def test_the_database_holds_nothing_of_an_original_in_the_clear(place: Place, tmp_path: Path) -> None:
    opened = spoken(place)
    for content in (told(), paper(), "我的电话 13812345678，账没贴".encode()):
        add(place, opened, content)
    clear = everything(place, tmp_path)
    assert "账没贴".encode() in clear, "the copy of a text may be read"
    for gone in (SECRET, b"13812345678", b"2026:11:25", told()[2:200], told()[-80:], paper()[200:400]):
        assert gone not in clear


def test_what_is_kept_of_a_sender_tells_of_their_files_in_words(place: Place) -> None:
    opened = spoken(place)
    add(place, opened, told())
    facts = dict(place.ask(RESIDENT, followup.stored, opened))
    assert any("KB" in value and "image/" not in value for value in facts.values())
