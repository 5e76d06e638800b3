"""Files of members for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from mallard.kernel.access.actor import Actor, system
from mallard.kernel.secrets.services import open_keys
from mallard.world.intake import services
from mallard.world.intake.models import ImportRow, MemberImport
from mallard.world.intake.services.running import begin_run
from mallard.world.members.blind import open_identity
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Identity, Member
from mallard.world.members.queries import find_by_identities

OPERATOR = system("tests")
HEADER = ("姓名", "手机号", "性别", "生日", "邮箱", "标签", "营销")


def a_file(*rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def received(content: bytes, *, actor: Actor = OPERATOR, **more: Any) -> MemberImport:
    return services.receive_file(content, name="members.csv", actor=actor, **more)


def checked(content: bytes, **more: Any) -> MemberImport:
    """A file whose rows were tried."""
    found = received(content, **more)
    services.start_check(found.pk, actor=OPERATOR)
    services.check_rows(found.pk)
    found.refresh_from_db()
    return found


def imported(content: bytes, **more: Any) -> MemberImport:
    """A file whose rows were taken in."""
    found = checked(content, **more)
    begin_run(found.pk, actor=OPERATOR)
    services.take_rows_in(found.pk)
    found.refresh_from_db()
    return found


def rows_of(found: MemberImport) -> dict[int, ImportRow]:
    return {row.number: row for row in found.rows.select_related("member")}


def codes_of(row: ImportRow) -> list[str]:
    return [problem["code"] for problem in row.problems or ()]


def member_at(found: MemberImport, number: int) -> Member:
    member = rows_of(found)[number].member
    assert member is not None
    return member


def of_phone(phone: str) -> Member:
    ref = MemberRef("phone", phone)
    return Member.objects.get(pk=find_by_identities([ref])[ref].member_id)


def phone_of(member: Member) -> str:
    identity = Identity.objects.get(member=member, kind="phone")
    return open_identity(identity, open_keys([member.pk])[member.pk])
