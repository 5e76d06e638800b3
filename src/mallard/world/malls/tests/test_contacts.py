"""Contacts at tenants': nobody reads them in rows, logs or pages but who may, with a trace."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import DomainError, Invalid, NotFound
from mallard.kernel.secrets.services import open_keys
from mallard.world.malls.contacts.services import (
    ContactInput,
    contacts_of,
    create_contact,
    remove_contact,
    reveal_contact,
    update_contact,
)
from mallard.world.malls.models import TenantContact
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
LI = ContactInput(role="店长 Manager", name="李晓梅", phone="13812345678", mail="li@bakery.example")
RIGHTS = ("malls.view_tenant", "malls.edit_tenant", "malls.reveal_contact")
GROUP = Scope(is_group=True)


@pytest.fixture
def world() -> World:
    return a_mall_group()


def everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM malls_tenantcontact c")
        rows = cursor.fetchone()[0] or ""
        cursor.execute("SELECT coalesce(string_agg(e::text, ''), '') FROM audit_entry e")
        return str(rows) + str(cursor.fetchone()[0])


def test_values_are_sealed_masked_and_revealed_with_a_trace(world: World) -> None:
    actor = an_actor(*RIGHTS, scope=GROUP)
    id_ = create_contact(world.bakery.id, LI, actor=actor)
    [shown] = contacts_of(world.bakery.id)
    assert dict(shown.masked) == {
        "name": "李**", "phone": "138****5678", "mail": "l***@bakery.example",
    }  # fmt: skip
    assert reveal_contact(id_, "phone", actor=actor) == "13812345678"
    entry = Entry.objects.get(action="malls.contact_revealed")
    assert entry.after == {"part": "phone", "tenant_id": str(world.bakery.id)}
    for value in (LI.name, LI.phone, LI.mail):
        assert value not in everything_stored()
    with pytest.raises(DomainError):
        reveal_contact(id_, "phone", actor=an_actor(*RIGHTS[:2], scope=GROUP))
    elsewhere = an_actor(*RIGHTS, scope=Scope(tenant_ids=frozenset([world.pharmacy.id])))
    with pytest.raises(NotFound):
        reveal_contact(id_, "phone", actor=elsewhere)
    assert Entry.objects.filter(action="malls.contact_revealed").count() == 1


def test_a_change_keeps_what_is_left_empty_and_a_removal_destroys_the_key(world: World) -> None:
    actor = an_actor(*RIGHTS, scope=GROUP)
    id_ = create_contact(world.bakery.id, LI, actor=actor)
    update_contact(id_, ContactInput(role="Owner", name="", mail="mei@b.example"), actor=actor)
    assert reveal_contact(id_, "name", actor=actor) == LI.name
    assert reveal_contact(id_, "mail", actor=actor) == "mei@b.example"
    changed = Entry.objects.get(action="malls.contact_changed")
    assert changed.after == {"role": "Owner", "changed": ["mail"]}
    assert remove_contact(id_, actor=actor) == world.bakery.id
    assert open_keys([id_]) == {}
    assert not TenantContact.objects.exists()
    with pytest.raises(NotFound):
        remove_contact(id_, actor=actor)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": ""}, "role"), ({"name": " "}, "name"), ({"phone": "", "mail": ""}, "phone"),
        ({"phone": "12"}, "phone"), ({"mail": "nobody"}, "mail"),
    ],
)  # fmt: skip
def test_what_nobody_could_use_is_refused(world: World, wrong: dict[str, str], field: str) -> None:
    given = {"role": LI.role, "name": LI.name, "phone": LI.phone, "mail": LI.mail} | wrong
    with pytest.raises(Invalid) as refused:
        create_contact(world.bakery.id, ContactInput(**given), actor=an_actor(*RIGHTS, scope=GROUP))
    assert field in refused.value.fields
    assert not TenantContact.objects.exists()


def test_a_tenant_s_page_shows_masks_and_the_button_to_those_who_may(
    client: Client, world: World
) -> None:
    client.force_login(a_staff_user("leasing"))
    page = f"/malls/tenants/{world.bakery.id}/"
    english = {"Accept-Language": "en"}
    assert "No contact is recorded." in client.get(page, headers=english).content.decode()
    new = f"{page}contacts/new/"
    form = {"role": LI.role, "name": LI.name, "phone": LI.phone, "mail": LI.mail}
    assert client.post(new, {**form, "mail": "x"}).status_code == 422
    assert client.post(new, form).status_code == 302
    id_ = TenantContact.objects.get().pk
    body = client.get(page, headers=english).content.decode()
    assert "138****5678" in body
    assert LI.phone not in body
    assert f"/malls/contacts/{id_}/reveal/phone/" in body
    assert client.post(f"/malls/contacts/{id_}/reveal/shoe/").status_code == 404
    assert client.get(f"/malls/contacts/{id_}/edit/").status_code == 200
    client.force_login(a_staff_user("analyst"))
    shown = client.get(page, headers=english).content.decode()
    assert "138****5678" in shown
    assert "/reveal/" not in shown
    assert client.post(f"/malls/contacts/{id_}/reveal/phone/").status_code == 403
