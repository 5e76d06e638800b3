"""Custom fields come in by files, too."""

from __future__ import annotations

import pytest

from mallard.world.intake import services
from mallard.world.intake.tests.factories import (
    OPERATOR,
    a_file,
    codes_of,
    imported,
    of_phone,
    phone_of,
    rows_of,
)
from mallard.world.members.models import Member
from mallard.world.members.services import save_field
from mallard.world.members.tests.factories import a_member, a_phone

pytestmark = pytest.mark.django_db


class TestCustomFields:
    def test_they_are_matched_by_name_checked_taken_in_and_undone(self) -> None:
        sizes = [{"code": "s", "en": "Small", "zh": "小"}, {"code": "l", "en": "Large", "zh": "大"}]
        save_field("size", is_new=True, type="many", name_zh="尺码", options=sizes, actor=OPERATOR)
        save_field("since", is_new=True, type="date", name_en="Customer since", actor=OPERATOR)
        known, phone = a_member(), a_phone()
        header = ("手机号", "尺码", "customer_since")
        found = imported(
            a_file(
                (phone, "大、小", "2020年3月1日"),
                (phone_of(known), "大", ""),
                (a_phone(), "中", "soon"),
                header=header,
            )
        )
        assert found.mapping == ["identity.phone", "custom.size", "custom.since"]
        assert codes_of(rows_of(found)[4]) == ["bad_value", "bad_value"]
        assert _custom_of(of_phone(phone)) == {"size": ["s", "l"], "since": ["2020-03-01"]}
        assert _custom_of(known) == {"size": ["l"]}
        again = imported(a_file((phone_of(known), "Large", ""), header=header))
        assert again.counts == {"unchanged": 1}
        services.start_undo(found.pk, actor=OPERATOR)
        services.undo_import(found.pk)
        assert _custom_of(known) == {}


def _custom_of(member: Member) -> dict[str, list[str]]:
    return dict(member.field_values.values_list("field__code", "values"))
