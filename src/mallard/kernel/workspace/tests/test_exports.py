"""Exports: what is in the file, who gets it, and what happens when access changes meanwhile."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from mallard.kernel.audit.models import Entry
from mallard.kernel.environment import environment
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.errors import Unreadable
from mallard.kernel.secrets.models import WrappedKey
from mallard.kernel.secrets.services import create_data_keys, destroy_data_key
from mallard.kernel.ui.lists.opening import list_token
from mallard.kernel.workspace.files import sealed
from mallard.kernel.workspace.files.tables import CsvTable
from mallard.kernel.workspace.models import Export, ExportStatus, Notification
from mallard.kernel.workspace.services import exporting as services
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.models import RoleAssignment, StaffUser
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
MEMBERS, STAFF = "/members/", "/staff/"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of tests lie where tests may write."""
    home = tmp_path / "home"
    kept = environment().key_ring_path
    changed = environment().model_copy(update={"home": home, "key_ring": kept})
    monkeypatch.setattr(sealed, "environment", lambda: changed)
    return home / "exports"


@pytest.fixture
def manager() -> StaffUser:
    return a_staff_user("crm_manager", name="Manager Ma")


@pytest.fixture
def signed_in(client: Client, manager: StaffUser) -> Client:
    client.force_login(manager)
    return client


def ask(client: Client, address: str, key: str, file_format: str = "csv", **more: str) -> Any:
    path = address.partition("?")[0]
    data = {"list": list_token(key, path), "address": address, "format": file_format, **more}
    return client.post("/workspace/exports/new", data)


def made(client: Client, address: str = MEMBERS, key: str = "members", **more: str) -> Export:
    answer = ask(client, address, key, **more)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    export = Export.objects.latest("id")
    services.make_file(export.id)
    export.refresh_from_db()
    return export


def fetched(client: Client, export: Export) -> bytes:
    answer = client.get(f"/workspace/exports/{export.id}/file")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


class TestTheFile:
    def test_it_holds_the_list_as_it_stands(self, signed_in: Client) -> None:
        first, second = a_member(name="Ann One"), a_member(name="Ben Two")
        address = f"{MEMBERS}?status=open&sort=number&col=number&col=name&col=joined"
        export = made(signed_in, address)
        rows = lines(fetched(signed_in, export))
        assert rows[0] == ["Number", "Full name", "Joined"]
        assert [row[:2] for row in rows[1:]] == sorted(
            [[first.number, "A. O***"], [second.number, "B. T***"]]
        )
        assert dt.date.fromisoformat(rows[1][2])
        assert (export.status, export.rows_done) == (ExportStatus.READY, 2)

    def test_filters_narrow_it_searched_words_too(self, signed_in: Client) -> None:
        a_member(name="Ann One")
        wanted = a_member(name="Ben Two")
        export = made(signed_in, f"{MEMBERS}?q=Ben&col=number")
        assert lines(fetched(signed_in, export))[1:] == [[wanted.number]]
        told = str(Entry.objects.filter(action__startswith="workspace.").values_list("after"))
        assert "Ben" not in told
        assert b"Ben" not in bytes(export.address_sealed)

    def test_an_excel_file_opens_with_dates_as_dates(self, signed_in: Client) -> None:
        member = a_member(name="=HYPERLINK(1)")
        export = made(
            signed_in, f"{MEMBERS}?col=number&col=name&col=joined", file_format="xlsx",
            is_clear="1", purpose="move",
        )  # fmt: skip
        sheet = load_workbook(io.BytesIO(fetched(signed_in, export))).active
        head, row = list(sheet.iter_rows())
        assert [cell.value for cell in head] == ["Number", "Full name", "Joined"]
        assert row[0].value == member.number
        assert (row[1].value, row[1].data_type) == ("=HYPERLINK(1)", "s")
        assert isinstance(row[2].value, dt.datetime)

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
    def test_a_text_like_a_formula_stays_a_text(self, start: str) -> None:
        assert CsvTable._shown(f"{start}1+1") == f"'{start}1+1"
        assert CsvTable._shown(-5) == "-5"

    def test_who_sees_no_names_gets_none(self, client: Client) -> None:
        a_member(name="Ann One", phone="13800138000")
        client.force_login(a_staff_user("analyst"))
        export = made(client, f"{MEMBERS}?col=number&col=name&col=identity")
        [row] = lines(fetched(client, export))[1:]
        assert row[1:] == ["A. O***", "'+86 138****8000"]

    def test_on_disk_nothing_can_be_read(self, signed_in: Client, folder: Path) -> None:
        member = a_member()
        export = made(signed_in)
        assert folder.stat().st_mode & 0o777 == 0o700
        [path] = folder.iterdir()
        assert path.stat().st_mode & 0o777 == 0o600
        assert member.number.encode() not in path.read_bytes()
        assert member.number.encode() in fetched(signed_in, export)

    def test_the_number_of_queries_grows_with_chunks_not_with_rows(
        self, signed_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def queries() -> int:
            assert ask(signed_in, MEMBERS, "members").status_code == 302
            with CaptureQueriesContext(connection) as captured:
                services.make_file(Export.objects.latest("id").id)
            return len(captured)

        a_member()
        queries()  # the process notes its key ring once
        one = queries()
        for _again in range(8):
            a_member()
        assert queries() == one
        monkeypatch.setattr(services, "CHUNK_ROWS", 3)
        export = made(signed_in)
        assert len(lines(fetched(signed_in, export))) == 10


class TestWhoGetsIt:
    def test_only_its_owner(self, signed_in: Client) -> None:
        export = made(signed_in)
        other = Client()
        other.force_login(a_staff_user("administrator"))
        for method, path in [("get", "file"), ("post", "cancel")]:
            answer = getattr(other, method)(f"/workspace/exports/{export.id}/{path}")
            assert answer.status_code == 404
        assert str(export.id) not in other.get("/workspace/exports/").content.decode()
        assert str(export.id) in signed_in.get("/workspace/exports/").content.decode()

    def test_a_list_that_one_may_not_see_is_not_exported(self, client: Client) -> None:
        client.force_login(a_staff_user("cashier"))
        assert ask(client, STAFF, "staff").status_code == 403
        assert not Export.objects.exists()

    def test_a_role_lost_before_the_job_runs_stops_it(
        self, signed_in: Client, manager: StaffUser, folder: Path
    ) -> None:
        ask(signed_in, MEMBERS, "members")
        RoleAssignment.objects.filter(user=manager).delete()
        export = Export.objects.get()
        services.make_file(export.id)
        export.refresh_from_db()
        assert export.status == ExportStatus.FAILED
        assert "See members" in export.failure
        assert not folder.exists() or list(folder.iterdir()) == []
        assert Notification.objects.get().kind == "workspace.export_failed"
        assert not WrappedKey.objects.filter(pk=export.id).exists()

    def test_who_left_gets_nothing_made(self, signed_in: Client, manager: StaffUser) -> None:
        ask(signed_in, MEMBERS, "members")
        StaffUser.objects.filter(pk=manager.pk).update(is_active=False)
        services.make_file(Export.objects.get().id)
        assert Export.objects.get().status == ExportStatus.FAILED

    def test_a_role_lost_before_the_download_keeps_the_file_shut(
        self, signed_in: Client, manager: StaffUser
    ) -> None:
        export = made(signed_in)
        RoleAssignment.objects.filter(user=manager).update(role="analyst")
        assert signed_in.get(f"/workspace/exports/{export.id}/file").status_code == 403
        RoleAssignment.objects.filter(user=manager).update(role="crm_manager")
        assert signed_in.get(f"/workspace/exports/{export.id}/file").status_code == 200

    def test_another_scope_keeps_the_file_shut(self, signed_in: Client, manager: StaffUser) -> None:
        export = made(signed_in)
        RoleAssignment.objects.filter(user=manager).update(is_group=False, mall_ids=[uuid7()])
        assert signed_in.get(f"/workspace/exports/{export.id}/file").status_code == 403

    def test_a_personal_file_does_not_outlive_an_erasure(self, signed_in: Client) -> None:
        member = a_member()
        personal = made(signed_in)
        plain = made(signed_in, f"{MEMBERS}?col=number&col=status")
        destroy_data_key(member.id, actor=SYSTEM)
        assert signed_in.get(f"/workspace/exports/{personal.id}/file").status_code == 403
        assert signed_in.get(f"/workspace/exports/{plain.id}/file").status_code == 200

    def test_every_step_leaves_an_entry(self, signed_in: Client, manager: StaffUser) -> None:
        a_member()
        export = made(signed_in, f"{MEMBERS}?status=open&col=number")
        fetched(signed_in, export)
        entries = Entry.objects.filter(subject_id=export.id).order_by("id")
        assert [entry.action.partition(".")[2] for entry in entries] == [
            "export_requested", "export_made", "export_downloaded",
        ]  # fmt: skip
        assert {entry.actor_id for entry in entries} == {manager.id}
        assert "status=open" in entries[0].after["filters"]
        assert entries[0].after["columns"] == ["number"]


class TestItsLife:
    def test_it_expires_with_its_file_and_its_key(
        self, signed_in: Client, folder: Path, frozen_clock: Any
    ) -> None:
        export = made(signed_in)
        (folder / f"{uuid7()}.part").write_bytes(b"left by a worker that died")
        assert services.expire_exports() == 0
        assert [path.name for path in folder.iterdir()] == [f"{export.id}.sealed"]
        Export.objects.update(expires_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        assert services.expire_exports() == 1
        assert list(folder.iterdir()) == []
        assert not WrappedKey.objects.filter(pk=export.id).exists()
        export.refresh_from_db()
        assert (export.status, export.address_sealed) == (ExportStatus.EXPIRED, None)

    def test_a_cancelled_export_is_not_made(self, signed_in: Client, folder: Path) -> None:
        ask(signed_in, MEMBERS, "members")
        export = Export.objects.get()
        signed_in.post(f"/workspace/exports/{export.id}/cancel")
        services.make_file(export.id)
        export.refresh_from_db()
        assert export.status == ExportStatus.CANCELLED
        assert not folder.exists() or list(folder.iterdir()) == []

    def test_a_job_that_runs_again_changes_nothing(self, signed_in: Client) -> None:
        export = made(signed_in)
        services.make_file(export.id)
        assert Notification.objects.count() == 1

    def test_too_many_rows_are_refused_with_the_limit(
        self, signed_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MAX_ROWS", 1)
        a_member(), a_member()
        answer = ask(signed_in, MEMBERS, "members")
        assert answer.status_code == 422
        assert "at most 1 rows" in answer.content.decode()

    def test_nobody_fills_the_queue(
        self, signed_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MAX_WAITING", 1)
        ask(signed_in, MEMBERS, "members")
        assert ask(signed_in, MEMBERS, "members").status_code == 422

    def test_a_fault_of_ours_is_told_and_the_key_goes(
        self, signed_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_given: object) -> None:
            raise RuntimeError("the page is broken")

        monkeypatch.setattr(services, "open_list", broken)
        export = made(signed_in)
        assert export.status == ExportStatus.FAILED
        assert "our side" in export.failure

    def test_a_file_cut_short_or_changed_does_not_open(self, signed_in: Client) -> None:
        id_ = uuid7()
        key = create_data_keys([id_], actor=SYSTEM)[id_]
        with sealed.SealedWriter(id_, key) as target:
            for _again in range(3):
                target.write(b"x" * sealed.CHUNK_BYTES)
        whole = b"".join(sealed.opened(id_, key))
        assert whole == b"x" * 3 * sealed.CHUNK_BYTES
        path = sealed.path_of(id_)
        content = path.read_bytes()
        frame = len(content) // 3
        for spoilt in (content[:-1], content[: 2 * frame], b"", content[:-9] + b"012345678"):
            path.write_bytes(spoilt)
            with pytest.raises(Unreadable):
                list(sealed.opened(id_, key))
