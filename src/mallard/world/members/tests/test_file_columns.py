"""Members in a file: facts with their source, consents, custom fields, relations; masked."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.audit.models import Entry
from mallard.kernel.environment import environment
from mallard.kernel.ui.lists.opening import list_token
from mallard.kernel.workspace.files import sealed
from mallard.kernel.workspace.models import Export
from mallard.kernel.workspace.services import exporting
from mallard.world.members import services
from mallard.world.members.inputs import ConsentInput, IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.tests.factories import PASSWORD, a_staff_user

pytestmark = pytest.mark.django_db
COLUMNS = (
    "number", "identities", "fact_birth_date", "fact_occupation", "sources", "custom_allergy",
    "custom_hobby", "consents", "relations",
)  # fmt: skip
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


@pytest.fixture
def ann() -> Member:
    services.save_field(
        "allergy", is_new=True, type="text", name_en="Allergy", is_personal=True,
        audience="names", actor=SYSTEM,
    )  # fmt: skip
    services.save_field("hobby", is_new=True, type="text", name_en="Hobby", actor=SYSTEM)
    ann = a_member(
        name="Ann One", phone=PHONE, profile={"birth_date": "1990-05-21", "occupation": "Teacher"},
        identities=(IdentityInput("email", "ann@example.com"),),
    )  # fmt: skip
    services.set_field_values(ann.id, {"allergy": "hazelnuts", "hobby": "Sailing"}, actor=SYSTEM)
    said = ConsentInput("marketing", channel="sms", source="console", proof="Form 9")
    services.record_consents(ann.id, [said], actor=SYSTEM)
    friend = a_member(name="")
    services.refer_member(friend.id, referrer=ann.number, source="desk", actor=SYSTEM)
    return ann


def rows_of(client: Client, **more: str) -> dict[str, dict[str, str]]:
    """The rows of the file by number."""
    address = "/members/?" + "&".join(f"col={column}" for column in COLUMNS)
    data = {"list": list_token("members", "/members/"), "address": address, "format": "csv"}
    answer = client.post("/workspace/exports/new", {**data, **more})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    export = Export.objects.latest("id")
    exporting.make_file(export.id)
    content = b"".join(client.get(f"/workspace/exports/{export.id}/file").streaming_content)
    table = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    next(table)
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in table}


def test_a_file_holds_facts_with_their_source_consents_and_relations(
    boss: Client, ann: Member
) -> None:
    row = rows_of(boss)[ann.number]
    assert row["fact_occupation"] == "Teacher"
    assert "Occupation: Imported · " in row["sources"]
    assert row["custom_hobby"] == "Sailing"
    assert "Offers and news (SMS): Allowed, " in row["consents"]
    assert "Recorded by staff" in row["consents"]
    assert row["relations"] == "Brought 1 friend"


def test_what_says_who_somebody_is_is_masked(boss: Client, ann: Member) -> None:
    rows = rows_of(boss)
    whole = str(rows)
    for secret in (PHONE, "ann@example.com", "1990-05-21", "hazelnuts"):
        assert secret not in whole
    assert int(rows[ann.number]["fact_birth_date"]) >= 35
    assert "Phone" in rows[ann.number]["identities"]
    assert not Entry.objects.filter(action="workspace.export_revealed").exists()
    requested = Entry.objects.get(action="workspace.export_requested")
    assert requested.after["columns"] == list(COLUMNS)


def test_in_clear_it_is_whole_and_the_log_names_columns_and_rows(boss: Client, ann: Member) -> None:
    row = rows_of(boss, is_clear="1", purpose="law")[ann.number]
    assert PHONE in row["identities"]
    assert "ann@example.com" in row["identities"]
    assert row["fact_birth_date"] == "1990-05-21"
    assert row["custom_allergy"] == "hazelnuts"
    entry = Entry.objects.get(action="workspace.export_revealed")
    assert entry.after["columns"] == ["custom_allergy", "fact_birth_date", "identities"]
    assert ann.id in entry.ids


def test_statements_do_not_grow_with_the_rows(boss: Client, ann: Member) -> None:
    address = "/members/?" + "&".join(f"col={column}" for column in COLUMNS)

    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert boss.get(address).status_code == 200
        return len(seen)

    counted()
    few = counted()
    for _more in range(4):
        other: Any = a_member(profile={"occupation": "Painter"})
        services.record_consents(other.id, [ConsentInput("research")], actor=SYSTEM)
    assert counted() == few


def test_what_nobody_asks_for_costs_no_statement(boss: Client, ann: Member) -> None:
    def statements(address: str) -> str:
        with CaptureQueriesContext(connection) as seen:
            boss.get(address)
        return "\n".join(one["sql"] for one in seen)

    assert "members_consent" not in statements("/members/?col=number")
    assert "members_consent" in statements("/members/?col=number&col=consents")
