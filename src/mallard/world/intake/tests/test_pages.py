"""Imports on screen and at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Scope
from mallard.kernel.http import uploads
from mallard.world.intake import jobs
from mallard.world.intake.commands import import_
from mallard.world.intake.models import ColumnMatching, ImportStatus, MemberImport
from mallard.world.intake.tests.factories import a_file, imported, member_at, received
from mallard.world.malls.tests.factories import MallFactory, World, a_mall_group
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import a_member, a_phone
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    return client


def page(found: MemberImport, name: str = "detail") -> str:
    return reverse(f"intake:{name}", args=[found.pk])


def upload(client: Client, content: bytes, **more: str) -> MemberImport:
    answer = client.post(
        reverse("intake:new"),
        {
            "file": SimpleUploadedFile("members.csv", content),
            "mode": "both",
            "language": "zh-hans",
            "place": "",
            **more,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return MemberImport.objects.latest("created_at")


def test_a_file_from_upload_to_undo(manager: Client, world: World) -> None:
    content = a_file(
        ("张三丰", a_phone(), "男", "1990/5/21", "", "", "是"), ("坏", "12", *[""] * 5)
    )
    found = upload(manager, content, place=f"store:{world.lakeside_bakery.id}")
    shown = manager.get(page(found, "columns")).content.decode()
    assert "手机号" in shown
    assert "张三丰" in shown
    answer = manager.post(
        page(found, "columns"),
        {**{f"column_{n}": code for n, code in enumerate(found.mapping)}, "save_as": "Old system"},
    )
    assert answer.status_code == 302
    assert ColumnMatching.objects.get().name == "Old system"
    assert b"import-progress" in manager.get(page(found)).content
    assert manager.get(page(found, "progress")).status_code == 200
    jobs.check_import(str(found.pk))
    assert manager.get(page(found, "progress"))["HX-Refresh"] == "true"
    refused = manager.get(page(found), {"action": "refused"}).content.decode()
    assert "12" in refused
    assert "张三丰" not in refused
    assert manager.post(page(found, "run")).status_code == 302
    jobs.run_import(str(found.pk))
    found.refresh_from_db()
    member = member_at(found, 2)
    assert member.enrolled_store == world.lakeside_bakery
    result = b"".join(manager.get(page(found, "result"))).decode("utf-8-sig")
    assert member.number in result
    assert "张三丰" in result
    assert manager.post(page(found, "undo")).status_code == 302
    jobs.undo_import(str(found.pk))
    found.refresh_from_db()
    assert found.status == ImportStatus.UNDONE
    assert manager.get(page(found)).status_code == 200
    assert manager.get(reverse("intake:list")).status_code == 200


def test_what_an_undo_stumbles_over_is_named(manager: Client) -> None:
    found = imported(a_file(("张三", a_phone(), *[""] * 5)))
    member = member_at(found, 2)
    manager.post(reverse("members:add_note", args=[member.pk]), {"body": "likes tea"})
    manager.post(page(found, "undo"))
    jobs.undo_import(str(found.pk))
    assert member.number in manager.get(page(found)).content.decode()
    assert Member.objects.get(pk=member.pk).is_open


def test_an_undo_asks_who_it_is_when_the_proof_is_old(
    frozen_clock: Any, client: Client, world: World
) -> None:
    client.force_login(a_staff_user("crm_manager", password="river-otter-lantern"))
    found = imported(a_file(("张三", a_phone(), *[""] * 5)))
    frozen_clock.advance(minutes=16)
    asked = client.post(page(found, "undo"))
    assert asked.status_code == 422
    assert b'name="proof"' in asked.content
    found.refresh_from_db()
    assert found.status == ImportStatus.DONE
    answer = client.post(page(found, "undo"), {"proof": "river-otter-lantern"})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.status == ImportStatus.UNDOING


def test_mistakes_are_sentences_beside_the_field(manager: Client) -> None:
    def answer(content: bytes) -> str:
        file = SimpleUploadedFile("x.csv", content)
        data = {"file": file, "mode": "both", "language": "en", "place": ""}
        response = manager.post(reverse("intake:new"), data)
        assert response.status_code == 422
        return response.content.decode()

    assert "it is empty" in answer(b"\n")
    assert "no rows" in answer("姓名,手机\n".encode())
    assert "looks like a member" in answer(b"Ann,+14155552671\n")


def test_a_file_that_is_too_large_is_said_so(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 10)
    monkeypatch.setattr(uploads, "_FORM_BYTES", 500)
    file = SimpleUploadedFile("x.csv", b"x" * 1000)
    data = {"file": file, "mode": "both", "language": "en", "place": ""}
    answer = manager.post(reverse("intake:new"), data)
    assert answer.status_code == 422
    assert "larger than 30 MB" in answer.content.decode()
    assert not MemberImport.objects.exists()


def test_columns_that_find_nobody_are_asked_again(manager: Client) -> None:
    found = received(a_file(("张三", a_phone(), *[""] * 5)))
    answer = manager.post(page(found, "columns"), {"column_0": "profile.name"})
    assert answer.status_code == 422
    assert "at least one column" in answer.content.decode()


def test_a_mall_sees_its_own_imports_only(client: Client, world: World) -> None:
    theirs = received(a_file(("张三", a_phone(), *[""] * 5)))
    lakeside = Scope(mall_ids=frozenset([world.lakeside.id]))
    colleague = a_staff_user("crm_manager", scope=lakeside)
    client.force_login(colleague)
    assert client.get(page(theirs)).status_code == 404
    answer = client.post(
        reverse("intake:new"),
        {
            "file": SimpleUploadedFile("m.csv", a_file(("李", a_phone(), *[""] * 5))),
            "mode": "both", "language": "en", "place": "",
        },
    )  # fmt: skip
    assert answer.status_code == 422  # a mall says where new members are enrolled
    own = upload(client, a_file(("李", a_phone(), *[""] * 5)), place=f"mall:{world.lakeside.id}")
    assert client.get(page(own)).status_code == 200


class TestCommand:
    def run(self, file: Path, *more: str) -> tuple[int, dict[str, object]]:
        result = CliRunner().invoke(import_, ["members", str(file), "--json", *more])
        assert result.stdout.startswith("{"), result.output
        return result.exit_code, json.loads(result.stdout)

    def test_a_file_is_tried_and_taken_in(self, tmp_path: Path) -> None:
        mall = MallFactory()
        known = a_member(name="王")
        file = tmp_path / "members.csv"
        phone = a_phone()
        file.write_bytes(a_file(("张三", phone, *[""] * 5), ("", "12", *[""] * 5), encoding="gbk"))
        code, told = self.run(file, "--dry-run")
        assert (code, told["create"], told["refused"]) == (1, 1, 1)
        assert Member.objects.count() == 1
        code, told = self.run(file, "--place", mall.code)
        assert (code, told["status"]) == (1, "done")
        new = Member.objects.exclude(pk=known.pk).get()
        assert new.enrolled_mall == mall
        assert new.number in Path(str(told["report"])).read_text("utf-8-sig")
        code, told = self.run(file)
        assert told["unchanged"] == 1
