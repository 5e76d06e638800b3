"""Invitations: by mail, in the invited person's language, good once and for a while."""

from __future__ import annotations

import re
import threading
from urllib.parse import urlsplit

import orjson
import pytest
from django.db import connections
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.mail.models import Mail
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import queries, services
from mallard.world.staff.errors import (
    EmailTaken,
    InvitationInvalid,
    InvitationOpen,
    PasswordWeak,
    RolesNeeded,
)
from mallard.world.staff.models import Invitation, StaffUser
from mallard.world.staff.reach import BeyondOwn, PlaceBeyondOwn
from mallard.world.staff.services import Grant
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db
CASHIER = Grant("cashier", WHOLE_GROUP)


def invite(email: str = "bo@example.com", *, grants=(CASHIER,), actor=SYSTEM, language="en"):  # type: ignore[no-untyped-def]
    return services.invite_staff(
        email=email, name="Bo", language=language, grants=grants, actor=actor
    )


def mails() -> list[dict[str, str]]:
    found = Mail.objects.filter(kind="staff.invitation").order_by("pk")
    return [orjson.loads(bytes(mail.content or b"")) for mail in found]


def mailed_link() -> str:
    [url] = re.findall(r"https?://\S+/invitation/\S+", mails()[-1]["text"])
    return urlsplit(url).path


def mailed_token() -> str:
    return mailed_link().rpartition("/")[2]


class TestInviting:
    def test_the_mail_is_in_the_language_of_the_invited(self) -> None:
        invite(language="zh-hans")
        [mail] = mails()
        assert mail["to"] == "bo@example.com"
        assert mail["subject"] == "邀请您使用 Mallard"
        assert "/invitation/" in mail["text"]

    def test_only_the_hash_of_the_link_is_kept(self) -> None:
        invitation = invite()
        assert mailed_token().encode() not in bytes(invitation.token_hash)

    def test_who_is_invited_or_here_already_is_not_invited_again(self) -> None:
        invite()
        with pytest.raises(InvitationOpen):
            invite(" BO@example.com ")
        a_staff_user(email="ann@example.com")
        with pytest.raises(EmailTaken):
            invite("Ann@example.com")
        assert Invitation.objects.count() == len(mails()) == 1

    def test_an_invitation_without_a_role_is_refused(self) -> None:
        with pytest.raises(RolesNeeded):
            invite(grants=())

    def test_nobody_invites_into_more_than_they_hold(self) -> None:
        world = a_mall_group()
        lakeside = Scope(mall_ids=frozenset([world.lakeside.id]))
        hillside = Scope(mall_ids=frozenset([world.hillside.id]))
        role = services.create_role(
            name_en="Team lead", name_zh="", purpose="", actor=SYSTEM,
            permissions=["staff.manage_staff", "staff.view_staff", "malls.view_store"],
        )  # fmt: skip
        lead = queries.actor_for_user(a_staff_user(role.code, scope=lakeside))
        with pytest.raises(BeyondOwn):
            invite(grants=[Grant("administrator", lakeside)], actor=lead)
        for elsewhere in (hillside, WHOLE_GROUP):
            with pytest.raises(PlaceBeyondOwn):
                invite(grants=[Grant(role.code, elsewhere)], actor=lead)
        assert not Invitation.objects.exists()
        shop = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        invite(grants=[Grant(role.code, shop)], actor=lead)


class TestAccepting:
    def test_who_accepts_has_the_password_and_every_role(self) -> None:
        world = a_mall_group()
        mall = Scope(mall_ids=frozenset([world.hillside.id]))
        invite(grants=[CASHIER, Grant("leasing", mall)], language="zh-hans")
        user = services.accept_invitation(token=mailed_token(), password=PASSWORD)
        assert user.check_password(PASSWORD)
        assert user.language == "zh-hans"
        held = {(row.role, row.scope) for row in user.assignments.all()}
        assert held == {("cashier", WHOLE_GROUP), ("leasing", mall)}
        assert Entry.objects.filter(action="staff.invitation_accepted").count() == 1

    def test_a_weak_password_does_not_spend_the_invitation(self) -> None:
        invite()
        with pytest.raises(PasswordWeak):
            services.accept_invitation(token=mailed_token(), password="password")
        assert not StaffUser.objects.exists()
        services.accept_invitation(token=mailed_token(), password=PASSWORD)

    def test_a_used_withdrawn_renewed_or_old_link_opens_nothing(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        invite()
        first = mailed_token()
        services.resend_invitation(Invitation.objects.get().id, actor=SYSTEM)
        second = mailed_token()
        frozen_clock.advance(days=8)
        for token in (first, second, "nonsense"):
            with pytest.raises(InvitationInvalid):
                services.accept_invitation(token=token, password=PASSWORD)
        services.resend_invitation(Invitation.objects.get().id, actor=SYSTEM)
        services.withdraw_invitation(Invitation.objects.get().id, actor=SYSTEM)
        with pytest.raises(InvitationInvalid):
            services.accept_invitation(token=mailed_token(), password=PASSWORD)
        assert not StaffUser.objects.exists()

    def test_who_left_comes_back_with_a_new_password_and_the_new_roles_only(self) -> None:
        user = a_staff_user("director", email="bo@example.com", password=PASSWORD)
        services.deactivate_staff(user.id, actor=SYSTEM)
        invite()
        services.accept_invitation(token=mailed_token(), password="another-long-one")
        user.refresh_from_db()
        assert user.is_active
        assert user.check_password("another-long-one")
        assert [held.role for held in queries.assignments_of(user.id)] == ["cashier"]

    def test_who_left_stands_behind_no_invitation(self) -> None:
        administrator = a_staff_user("administrator")
        a_staff_user("administrator")  # another one stays
        invite(actor=queries.actor_for_user(administrator))
        services.deactivate_staff(administrator.id, actor=SYSTEM)
        with pytest.raises(InvitationInvalid):
            services.accept_invitation(token=mailed_token(), password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_clicked_twice_at_once_makes_one_account() -> None:
    invite()
    token, outcomes = mailed_token(), []
    barrier = threading.Barrier(2)

    def accept() -> None:
        barrier.wait()
        try:
            services.accept_invitation(token=token, password=PASSWORD)
            outcomes.append("in")
        except InvitationInvalid:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=accept) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]
    assert StaffUser.objects.count() == 1


class TestPages:
    def test_an_administrator_invites_and_the_invited_goes_in(self, client: Client) -> None:
        world = a_mall_group()
        client.force_login(a_staff_user())
        form = {
            "email": "bo@example.com",
            "name": "Bo",
            "language": "en",
            "grants-TOTAL_FORMS": "1",
            "grants-INITIAL_FORMS": "0",
            "grants-0-role": "cashier",
            "grants-0-place": f"{world.lakeside_bakery.name} · store:{world.lakeside_bakery.code}",
        }
        more = client.post("/staff/invite", form | {"more": "1"})
        assert more.status_code == 200
        page = more.content.decode()
        assert "grants-1-role" in page
        assert "bo@example.com" in page
        wrong = client.post("/staff/invite", form | {"grants-0-place": "Nowhere"})
        assert wrong.status_code == 422
        assert "bo@example.com" in wrong.content.decode()
        assert client.post("/staff/invite", form).status_code == 302
        assert "bo@example.com" in client.get("/staff/").content.decode()

        stranger = Client()
        assert stranger.get(mailed_link()).status_code == 200
        new = {"new_password": PASSWORD, "again": PASSWORD}
        assert stranger.post(mailed_link(), new).status_code == 302
        assert stranger.get("/profile").status_code == 200
        assert Client().get(mailed_link()).status_code == 404

    def test_places_are_found_by_name_within_the_own_ones(self, client: Client) -> None:
        world = a_mall_group()
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        client.force_login(a_staff_user(scope=here))
        answer = client.get("/staff/places", {"grants-0-place": ""}).content.decode()
        assert f"store:{world.lakeside_bakery.code}" in answer
        assert f"mall:{world.lakeside.code}" in answer
        assert world.hillside.code not in answer
        assert "group" not in answer
