"""API keys on a screen: made, shown once, renewed, revoked, old."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.http.authentication import forget_keys
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import queries, services
from mallard.world.staff.errors import KeyNotFound
from mallard.world.staff.models import ApiKey
from mallard.world.staff.reach import BeyondOwn, PlaceBeyondOwn
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db


def a_key(**changes):  # type: ignore[no-untyped-def]
    wanted = {"name": "POS-3", "scope": WHOLE_GROUP, "permissions": ["malls.view_store"]}
    return services.create_api_key(**{"actor": SYSTEM, **wanted, **changes})


def test_nobody_makes_a_key_that_may_more_than_they(client: Client) -> None:
    world = a_mall_group()
    here = Scope(mall_ids=frozenset([world.lakeside.id]))
    role = services.create_role(
        name_en="Tech", name_zh="", purpose="", actor=SYSTEM,
        permissions=["staff.manage_api_key", "malls.view_store"],
    )  # fmt: skip
    tech = queries.actor_for_user(a_staff_user(role.code, scope=here))
    with pytest.raises(BeyondOwn):
        a_key(permissions=["members.view_member"], scope=here, actor=tech)
    with pytest.raises(PlaceBeyondOwn):
        a_key(actor=tech)
    assert not ApiKey.objects.exists()
    a_key(scope=here, actor=tech)
    assert ApiKey.objects.get().owner_id == tech.id


def test_a_renewed_key_opens_beside_the_new_one_for_a_day(frozen_clock) -> None:  # type: ignore[no-untyped-def]
    old = a_key()
    new = services.rotate_api_key(old.id, actor=SYSTEM)
    for made in (old, new):
        assert queries.actor_for_api_key(made.plain) is not None
    frozen_clock.advance(hours=25)
    forget_keys()
    assert queries.actor_for_api_key(old.plain) is None
    actor = queries.actor_for_api_key(new.plain)
    assert actor is not None
    assert actor.permissions == {"malls.view_store"}
    with pytest.raises(KeyNotFound):
        services.rotate_api_key(old.id, actor=SYSTEM)


def test_a_key_is_made_shown_once_and_revoked_on_screens(client: Client) -> None:
    client.force_login(a_staff_user(name="Ann Admin"))
    form = {"name": "POS-3", "place": "group", "days": "90", "permissions": ["malls.view_store"]}
    assert client.post("/staff/keys/new", form | {"name": ""}).status_code == 422
    made = client.post("/staff/keys/new", form).content.decode()
    [plain] = set(re.findall(r"mk_[0-9a-f]{10}_[\w-]{43}", made))
    key = ApiKey.objects.get()
    page = client.get(f"/staff/keys/{key.id}/").content.decode()
    assert plain not in page
    assert "Ann Admin" in page
    client.post(f"/staff/keys/{key.id}/revoke")
    assert queries.actor_for_api_key(plain) is None
    assert "Revoked" in client.get("/staff/keys/").content.decode()


def test_an_old_key_is_marked(client: Client, frozen_clock) -> None:  # type: ignore[no-untyped-def]
    a_key()
    frozen_clock.advance(days=181)
    client.force_login(a_staff_user())
    assert "Old: renew it" in client.get("/staff/keys/").content.decode()
