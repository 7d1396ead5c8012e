"""The hand-over page: seen before it happens, refused with the reason."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from core.entries import entry
from core.words import Role
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def reasons(app: AppTest) -> list[TextInput]:
    """Where a reason can be typed; the search in the head of every page is no such place."""
    return [field for field in app.text_input if not str(field.key).startswith("find:")]


def choose(app: object, label: str, name: str) -> None:
    box = next(s for s in app.selectbox if s.label == label)  # type: ignore[attr-defined]
    box.select_index(next(n for n, option in enumerate(box.options) if option.startswith(name))).run()
    assert not app.exception, app.exception  # type: ignore[attr-defined]


def test_a_supervisor_sees_what_passes_and_hands_it_over(site: Place, open_app: OpenApp) -> None:
    makers.make_person(site, "newcomer", "何新来", "banyan", Role.CADRE)
    risk_id, _measure = makers.controlled(site)
    app = open_app("supervisor", "handover")
    choose(app, app.selectbox[0].label, "周小满")
    choose(app, app.selectbox[1].label, "郑守正")
    assert app.error
    assert not reasons(app)
    choose(app, app.selectbox[1].label, "何新来")
    assert "民政救助岗" in shown(app)
    assert "救助对象名单公开不及时" in shown(app)
    reasons(app)[0].set_value("轮岗").run()
    next(b for b in app.button if (b.key or "").endswith(":send")).click().run()
    assert not app.exception
    assert any("何新来" in told.value for told in app.success)
    assert site.ask("supervisor", entry.entry, risk_id).owner == "何新来"
