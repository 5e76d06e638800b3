"""Personal data in a file: masked, unless somebody may, proves who they are and says why."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.audit.models import Entry
from mallard.kernel.environment import environment
from mallard.kernel.ui.lists.opening import list_token
from mallard.kernel.workspace.files import sealed
from mallard.kernel.workspace.models import Export, ExportStatus
from mallard.kernel.workspace.services import exporting as services
from mallard.world.members.tests.factories import a_member
from mallard.world.staff.models import RoleAssignment
from mallard.world.staff.sessions import PROVED_AT
from mallard.world.staff.tests.factories import PASSWORD, a_staff_user

pytestmark = pytest.mark.django_db
ADDRESS = "/members/?col=number&col=name&col=identity"
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of tests lie where tests may write."""
    kept = environment().key_ring_path
    changed = environment().model_copy(update={"home": tmp_path / "home", "key_ring": kept})
    monkeypatch.setattr(sealed, "environment", lambda: changed)


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(a_staff_user(password=PASSWORD))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def ask(client: Client, **more: str) -> Any:
    data = {"list": list_token("members", "/members/"), "address": ADDRESS, "format": "csv"}
    return client.post("/workspace/exports/new", {**data, **more})


def made(client: Client, **more: str) -> list[str]:
    """The one row of the file."""
    answer = ask(client, **more)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    export = Export.objects.latest("id")
    services.make_file(export.id)
    content = b"".join(client.get(f"/workspace/exports/{export.id}/file").streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1]


def revealed() -> Any:
    return Entry.objects.filter(action="workspace.export_revealed")


def test_a_file_is_masked_even_for_who_sees_names_on_the_screen(boss: Client) -> None:
    a_member(name="Ann One", phone=PHONE)
    assert "Ann One" in boss.get("/members/").content.decode()
    row = made(boss)
    assert row[1] == "A. O***"
    assert PHONE not in str(row)
    assert not revealed().exists()


def test_in_clear_it_names_purpose_columns_and_rows_in_the_audit_log(boss: Client) -> None:
    member = a_member(name="Ann One", phone=PHONE)
    row = made(boss, is_clear="1", purpose="law")
    assert row[1] == "Ann One"
    assert PHONE in row[2].replace(" ", "")
    [entry] = revealed()
    assert list(entry.ids) == [member.id]
    assert entry.after == {"columns": ["identity", "name"], "purpose": "law", "rows": 1}
    assert PHONE not in str(entry.__dict__)


def test_without_a_reason_nothing_is_made(boss: Client) -> None:
    a_member()
    answer = ask(boss, is_clear="1")
    assert answer.status_code == 422
    assert "say why" in answer.content.decode()
    assert ask(boss, is_clear="1", purpose="curious").status_code == 422
    assert not Export.objects.exists()


def test_who_has_not_just_proved_who_they_are_is_asked(boss: Client) -> None:
    a_member(name="Ann One", phone=PHONE)
    session = boss.session
    session[PROVED_AT] -= 24 * 3600
    session.save()
    asked = ask(boss, is_clear="1", purpose="law")
    assert asked.status_code != 302
    assert 'name="proof"' in asked.content.decode()
    assert not Export.objects.exists()
    # A masked file asks for no proof; the right proof lets the clear one be made.
    assert ask(boss).status_code == 302
    assert ask(boss, is_clear="1", purpose="law", proof=PASSWORD).status_code == 302
    assert Export.objects.latest("id").clear_columns == ["name", "identity"]


def test_who_may_reveal_nothing_is_not_offered_it(client: Client) -> None:
    a_member(name="Ann One", phone=PHONE)
    client.force_login(a_staff_user("analyst"))
    page = client.post(
        "/workspace/exports/new",
        {"list": list_token("members", "/members/"), "address": ADDRESS},
    )
    assert 'name="is_clear"' not in page.content.decode()
    row = made(client, is_clear="1", purpose="law")
    assert row[1] == "A. O***"
    assert not revealed().exists()


def test_who_loses_the_right_meanwhile_gets_no_file(boss: Client) -> None:
    a_member()
    assert ask(boss, is_clear="1", purpose="law").status_code == 302
    RoleAssignment.objects.update(role="analyst")
    export = Export.objects.get()
    services.make_file(export.id)
    export.refresh_from_db()
    assert export.status == ExportStatus.FAILED
    assert not revealed().exists()
