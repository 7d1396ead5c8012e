"""What is meant for the public holds no people."""

import pytest

from core.entries import risks
from core.errors import Invalid
from core.privacy.personal import Kind
from core.privacy.wording import number_in
from tests import makers
from tests.makers import NAMES, Place


def announce(place: Place, wording: str) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    place.do("watchdog", risks.announce, risk_id, risks.Notice(wording=wording))


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("13800001234", Kind.PHONE), ("459900197803121520", Kind.ID_NUMBER), ("6222020000000015", Kind.BANK_CARD),
        ("桂A12345", Kind.PLATE), ("qy@example.com", Kind.EMAIL), ("3栋1单元302室", Kind.ADDRESS),
    ],
)  # fmt: skip
def test_a_piece_that_tells_of_a_person_is_refused_beside_its_field_by_kind(
    place: Place, piece: str, kind: Kind
) -> None:
    with pytest.raises(Invalid) as refused:
        announce(place, f"名单公开有时不够及时，见{piece}，正在改")
    assert piece in refused.value.fields["wording"]
    assert kind.label in refused.value.fields["wording"]


@pytest.mark.parametrize(
    ("wording", "name"),
    [("经办人：柳青青，名单不及时", "柳青青"), ("网格员柳青青没有张贴名单", "柳青青"), ("柳阿姨没有领到", "柳阿姨")],
)
def test_strangers_are_refused_as_well_as_people_known_here(place: Place, wording: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        announce(place, wording)
    assert name in refused.value.fields["wording"]
    with pytest.raises(Invalid) as refused:
        announce(place, f"名单由{NAMES['clerk']}张贴，有时不够及时")
    assert NAMES["clerk"] in refused.value.fields["wording"]


def test_what_may_be_a_number_is_refused_as_before(place: Place) -> None:
    assert number_in("登记号 1234567 那一份") == "1234567"
    with pytest.raises(Invalid) as refused:
        announce(place, "登记号1234567的名单没有公开")
    assert "1234567" in refused.value.fields["wording"]


def test_a_wording_about_the_matter_passes(place: Place) -> None:
    announce(place, "3栋的救助名单公开有时不够及时，书记和主任正在改，监督请打12345")
