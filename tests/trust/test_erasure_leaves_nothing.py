"""Somebody is erased: afterwards nothing in database, files and logs tells who they were.

They came by a file, were changed by another, stood in a row that was refused, had custom fields
and notes, and were taken for a duplicate; then they are erased, and every place is searched.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mallard.kernel.access.actor import system
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.environment import environment
from mallard.kernel.outbox.dispatcher import deliver_to
from mallard.world.corrections.models import Correction
from mallard.world.corrections.services import propose_correction
from mallard.world.duplicates.models import DuplicatePair
from mallard.world.duplicates.services import find_pairs
from mallard.world.intake import jobs
from mallard.world.intake.models import MemberImport
from mallard.world.members.inputs import Enrolment, IdentityInput, MemberRef
from mallard.world.members.models import Identity, MemberSearch
from mallard.world.members.queries import find_by_identities
from mallard.world.members.services import (
    change_member,
    enrol_member,
    erase_member,
    save_field,
    set_field_values,
    write_note,
)
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.privacy.services import ask, refuse
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from tests.journeys.town import Town, a_town
from tests.trust.test_nothing_personal_in_clear import (
    EMAIL,
    LATIN_NAME,
    NAME,
    NOTE,
    OTHER_PHONE,
    PHONE,
    TYPED_EMAIL,
    TYPED_PHONE,
    clear_text,
    log,
    rows_of,
    tables,
)

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["log"]

FILE = f"""姓名,手机,邮箱
{NAME},{PHONE},{EMAIL}
{NAME},{OTHER_PHONE},not-an-address
{LATIN_NAME},{PHONE},
"""


@pytest.fixture
def town(transactional_db: None) -> Town:
    return a_town()


def import_file(client: Client, content: str) -> MemberImport:
    """The whole way of a file through the console."""
    file = SimpleUploadedFile(f"{NAME}.csv", content.encode())
    data = {"file": file, "mode": "both", "language": "en", "place": ""}
    assert client.post("/imports/new", data).status_code == 302
    found = MemberImport.objects.latest("created_at")
    columns = {f"column_{n}": code for n, code in enumerate(found.mapping)}
    assert client.post(f"/imports/{found.pk}/columns", columns).status_code == 302
    jobs.check_import(str(found.pk))
    assert client.get(f"/imports/{found.pk}/").status_code == 200
    assert client.post(f"/imports/{found.pk}/run").status_code == 302
    jobs.run_import(str(found.pk))
    return found


def files() -> list[Path]:
    """What Mallard keeps outside the database, the database's own files left out."""
    home = environment().home
    return [
        path
        for path in home.rglob("*")
        if path.is_file() and "database" not in path.relative_to(home).parts
    ]


def clear_in_files() -> dict[str, set[str]]:
    return {
        str(path): found
        for path in files()
        if (found := clear_text(path.read_bytes().decode("latin-1")))
        or (found := clear_text(path.read_bytes().decode("utf-8", "replace")))
    }


def test_nothing_is_left_of_who_was_erased(town: Town, log: io.StringIO) -> None:
    client = Client()
    save_field(
        "allergy", is_new=True, name_en="Allergy", type="text", is_personal=True,
        audience="names", actor=system("trust"),
    )  # fmt: skip
    save_field("nickname", is_new=True, name_en="Nickname", type="text", actor=system("trust"))
    client.force_login(a_staff_user("administrator"), "django.contrib.auth.backends.ModelBackend")
    import_file(client, FILE)
    changed = import_file(client, f"姓名,手机\n{LATIN_NAME},{PHONE}\n")
    ref = MemberRef("phone", PHONE)
    member_id = find_by_identities([ref])[ref].member_id
    assert changed.rows.get(number=2).member_id == member_id
    write_note(member_id, NOTE, actor=system("trust"))
    set_field_values(member_id, {"allergy": NOTE, "nickname": LATIN_NAME}, actor=system("trust"))
    twin = Enrolment(
        profile={"name": LATIN_NAME, "birth_date": "1988-03-09"},
        identities=(IdentityInput("card", "TWIN0123"),),
    )
    change_member(member_id, profile={"birth_date": "1988-03-09"}, actor=system("trust"))
    twin_id = enrol_member(twin, actor=system("trust")).id
    assert find_pairs(actor=system("trust")) == 1
    pair = DuplicatePair.objects.get()
    assert client.get(f"/duplicates/{pair.pk}/").status_code == 200
    assert MemberSearch.objects.filter(member=member_id).exists()

    for field, value in (
        ("name", NAME),
        ("custom.nickname", NAME),
        ("custom.allergy", f"{NOTE}, {NAME}"),
        ("identity.phone", OTHER_PHONE),
        (f"phone.{Identity.objects.get(member=member_id, kind='phone').pk.hex}", TYPED_PHONE),
        ("identity.email", TYPED_EMAIL),
    ):
        propose_correction(
            "member", member_id, field=field, value=value, reason=f"{NAME} says {value}",
            actor=actor_for_user(a_staff_user("crm_manager")),
        )  # fmt: skip
    assert Correction.objects.filter(member=member_id).count() == 6

    asked, _new = ask(member_id, "correction", words=f"{NAME}: {NOTE}", actor=system("trust"))
    assert client.get(f"/privacy/{asked.pk}/").status_code == 200
    copy, _new = ask(member_id, "export", words=NOTE, actor=system("trust"))
    refuse(copy.pk, reason=f"{LATIN_NAME}: {NOTE}", actor=system("trust"))

    erase_member(member_id, actor=system("trust"))
    wait_for_older_transactions()
    for consumer in (
        "intake.erasures",
        "duplicates.erasures",
        "tasks.erasures",
        "privacy.erasures",
    ):
        deliver_to(consumer)
    pair.refresh_from_db()
    assert pair.evidence == []
    assert not PrivacyRequest.objects.exclude(outcome_sealed=None).exists()
    assert not PrivacyRequest.objects.filter(status="open").exists()
    erase_member(twin_id, actor=system("trust"))

    assert not MemberSearch.objects.filter(member=member_id).exists()
    left = {table: found for table in tables() if (found := clear_text(rows_of(table)))}
    assert left == {}
    assert clear_in_files() == {}
    assert clear_text(log.getvalue()) == set()
    assert not MemberImport.objects.filter(file_gone_at=None).exists()
    assert client.get(f"/imports/{changed.pk}/").status_code == 200
    result = b"".join(client.get(f"/imports/{changed.pk}/result")).decode("utf-8-sig")
    assert clear_text(result) == set()
