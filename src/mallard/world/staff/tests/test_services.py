"""Accounts, roles, passwords and keys."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest

from mallard.kernel.access.actor import NOWHERE, WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.mail.models import Mail
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import queries, services
from mallard.world.staff.errors import (
    EmailInvalid,
    EmailTaken,
    LinkInvalid,
    PasswordWeak,
    PasswordWrong,
    PermissionUnknown,
    PlaceUnknown,
    RoleUnknown,
    ScopeEmpty,
)
from mallard.world.staff.models import ApiKey, StaffUser
from mallard.world.staff.places import parse_scope
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db


class TestAccounts:
    def test_an_e_mail_is_one_account_in_any_letters(self) -> None:
        a_staff_user(email="Ann@Example.com")
        with pytest.raises(EmailTaken):
            a_staff_user(email=" ann@example.COM ")
        assert StaffUser.objects.get().email == "ann@example.com"

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"email": "nonsense"}, EmailInvalid),
            ({"role": "king"}, RoleUnknown),
            ({"scope": NOWHERE}, ScopeEmpty),
            ({"password": "password"}, PasswordWeak),
        ],
    )
    def test_a_refused_account_leaves_nothing(
        self, change: dict[str, object], error: type[Exception]
    ) -> None:
        wanted = {
            "email": "ann@example.com", "name": "Ann", "role": "cashier", "scope": WHOLE_GROUP,
        }  # fmt: skip
        with pytest.raises(error):
            services.create_staff(**(wanted | change), actor=SYSTEM)  # type: ignore[arg-type]
        assert not StaffUser.objects.exists()
        assert not Entry.objects.exists()

    def test_roles_add_up(self) -> None:
        world = a_mall_group()
        user = a_staff_user("cashier", scope=Scope(store_ids=frozenset([world.lakeside_bakery.id])))
        mall = Scope(mall_ids=frozenset([world.hillside.id]))
        services.assign_role(user.id, role="leasing", scope=mall, actor=SYSTEM)
        actor = queries.actor_for_user(user)
        assert actor.may("malls.edit_lease")
        assert actor.may("members.enrol_member")
        assert not actor.may("members.erase_member")
        assert actor.scope.mall_ids == {world.hillside.id}
        assert actor.scope.store_ids == {world.lakeside_bakery.id}

    def test_without_a_role_nothing_is_allowed(self) -> None:
        user = a_staff_user()
        user.assignments.all().delete()
        actor = queries.actor_for_user(user)
        assert (actor.permissions, actor.scope) == (frozenset(), NOWHERE)

    def test_staff_see_their_own_mall_only(self) -> None:
        world = a_mall_group()
        here = a_staff_user("marketer", scope=Scope(mall_ids=frozenset([world.lakeside.id])))
        shop = a_staff_user("cashier", scope=Scope(store_ids=frozenset([world.lakeside_bakery.id])))
        a_staff_user("marketer", scope=Scope(mall_ids=frozenset([world.hillside.id])))
        a_staff_user("director")
        assert set(queries.visible_staff(queries.actor_for_user(here))) == {here, shop}


class TestPasswords:
    def test_a_new_password_needs_the_present_one(self) -> None:
        user = a_staff_user(password=PASSWORD)
        with pytest.raises(PasswordWrong):
            services.change_password(user.id, present="no", new="another-long-one", actor=SYSTEM)
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        services.change_password(user.id, present=PASSWORD, new="another-long-one", actor=SYSTEM)
        user.refresh_from_db()
        assert user.check_password("another-long-one")
        assert user.password.startswith("argon2")

    def test_a_reset_link_works_once(self) -> None:
        user = a_staff_user(email="ann@example.com")
        assert services.send_reset_link(email="ANN@example.com")
        token = mailed_token()
        services.reset_password(token=token, new="another-long-one")
        user.refresh_from_db()
        assert user.check_password("another-long-one")
        with pytest.raises(LinkInvalid):
            services.reset_password(token=token, new="a-third-long-one")

    def test_a_weak_password_does_not_spend_the_link(self) -> None:
        a_staff_user(email="ann@example.com")
        services.send_reset_link(email="ann@example.com")
        with pytest.raises(PasswordWeak):
            services.reset_password(token=mailed_token(), new="password")
        assert queries.is_reset_link_good(mailed_token())

    def test_a_reset_link_ends_after_an_hour(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user(email="ann@example.com", password=PASSWORD)
        services.send_reset_link(email="ann@example.com")
        frozen_clock.advance(hours=1)
        with pytest.raises(LinkInvalid):
            services.reset_password(token=mailed_token(), new="another-long-one")
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_nobody_gets_mail_for_an_account_that_is_not_there(self) -> None:
        assert not services.send_reset_link(email="nobody@example.com")
        assert not Mail.objects.exists()


def mailed_token() -> str:
    content = orjson.loads(bytes(Mail.objects.get().content or b""))
    match = re.search(r"/password/reset/([\w-]+)", content["text"])
    assert match
    return match[1]


class TestApiKeys:
    def test_a_key_opens_what_it_was_made_for(self) -> None:
        world = a_mall_group()
        scope = parse_scope([f"mall:{world.lakeside.code}"])
        made = services.create_api_key(
            name="POS-3", scope=scope, permissions=["members.view_member"], actor=SYSTEM
        )
        actor = queries.actor_for_api_key(made.plain)
        assert actor is not None
        assert actor.permissions == {"members.view_member"}
        assert actor.scope == Scope(mall_ids=frozenset([world.lakeside.id]))
        key = ApiKey.objects.get()
        assert made.plain.rsplit("_", 1)[1].encode() not in bytes(key.secret_hash)
        assert key.last_used_on is not None

    def test_a_wrong_revoked_or_expired_key_opens_nothing(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        kept = services.create_api_key(
            name="a", scope=WHOLE_GROUP, permissions=[], actor=SYSTEM,
            expires_at=frozen_clock.advance() + timedelta(days=1),
        )  # fmt: skip
        gone = services.create_api_key(name="b", scope=WHOLE_GROUP, permissions=[], actor=SYSTEM)
        services.revoke_api_key(gone.id, actor=SYSTEM)
        assert queries.actor_for_api_key(kept.plain) is not None
        assert queries.actor_for_api_key(kept.plain[:-1] + "x") is None
        assert queries.actor_for_api_key("mk_nonsense") is None
        assert queries.actor_for_api_key(gone.plain) is None
        frozen_clock.advance(days=1)
        assert queries.actor_for_api_key(kept.plain) is None

    def test_unknown_permissions_and_places_are_refused(self) -> None:
        with pytest.raises(PermissionUnknown):
            services.create_api_key(
                name="a", scope=WHOLE_GROUP, permissions=["members.fly"], actor=SYSTEM
            )
        with pytest.raises(PlaceUnknown):
            parse_scope(["mall:NOWHERE"])
        with pytest.raises(PlaceUnknown):
            parse_scope(["planet:earth"])
        assert not ApiKey.objects.exists()
