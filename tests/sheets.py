"""Sheets as people hand them in, for tests of the intake of many."""

from core.evidence import Upload
from core.formats.columns import head
from core.formats.sheets import Sheet, read
from core.review import intake
from core.review.intake import IntakeForm
from core.words import RunStatus
from db.worker import work_off
from tests.makers import Place

HEAD = "编号,日期,来源渠道,权力事项,楼栋/网格,标题,反映内容\n"


def sheet(*lines: str, above: str = HEAD) -> tuple[bytes, Sheet]:
    content = (above + "\n".join(lines)).encode()
    return content, read(Upload("表.csv", content))


def form(found: Sheet, **more: object) -> IntakeForm:
    """The columns as their headings tell, and agreed to."""
    columns = {column.value: at for column, at in head(found).columns.items()}
    return IntakeForm.model_validate(columns | {"consent": True} | more)


def begun(
    place: Place, *lines: str, who: str = "clerk", unit: str = "banyan", above: str = HEAD, **more: object
) -> str:
    """A run that waits for its turn."""
    content, found = sheet(*lines, above=above)
    columns = form(found, **more)
    checked = place.ask(who, intake.checked, place.units[unit].id, found, columns)
    return str(place.do(who, intake.begin, Upload("九月意见表.csv", content), checked, columns))


def worked_off(place: Place) -> None:
    """Everything that waits carried to its end by a worker."""

    def loud(fault: BaseException) -> str:
        raise fault

    while work_off(place.engine, lambda: False, loud):
        pass


def many(n: int) -> list[str]:
    words = ("低保名单从来没见贴出来过", "门面租给谁没有公布", "停车位谁先得谁有", "楼道灯坏了很久没人修")
    return [f"{i},2026-09-03,纸质表,,,,{words[i % 4]}（{i}）" for i in range(1, n + 1)]


ENDED = (RunStatus.DONE, RunStatus.CANCELLED, RunStatus.FAILED)
