"""Sessions are listed and end at once; sensitive acts ask again after a while."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import queries, services, sessions
from mallard.world.staff.models import CustomRole, RoleAssignment, StaffSession, StaffUser
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def in_a_browser(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0", "WeChat · iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140 Safari/537 Edg/140",
            "Edge · macOS",
        ),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent: str, device: str) -> None:
    assert sessions.device_of(agent) == device


class TestList:
    def test_one_sees_where_one_is_signed_in_and_ends_a_stranger(self) -> None:
        user = a_staff_user("director", password=PASSWORD)
        here = Client(headers={"User-Agent": FIREFOX})
        here.post("/sign-in", {"username": user.email, "password": PASSWORD})
        assert "Firefox · Windows" in here.get("/profile/sessions").content.decode()
        elsewhere = in_a_browser(user)
        page = here.get("/profile/sessions").content.decode()
        stranger = queries.live_sessions(user.id).get(pk=sessions.id_of(elsewhere.session))
        assert page.count("<li>") >= 2
        assert here.post(f"/profile/sessions/{stranger.id}/end").status_code == 302
        assert elsewhere.get("/profile").status_code == 302
        assert here.get("/profile").status_code == 200
        assert here.post(f"/profile/sessions/{stranger.id}/end").status_code == 404

    def test_a_session_that_is_over_or_never_was_is_nobodys(self) -> None:
        browser = in_a_browser(a_staff_user())
        Session.objects.update(expire_date=now())
        assert browser.get("/profile").status_code == 302
        for key in ("a" * 32, "", "a\0b"):
            browser.cookies["sessionid"] = key
            assert browser.get("/profile").status_code == 302

    def test_what_a_role_may_is_asked_with_every_page(self) -> None:
        user = a_staff_user()
        user.assignments.all().delete()
        browser = in_a_browser(user)
        assert browser.get("/malls/").status_code == 403
        assert 'href="/malls/"' not in browser.get("/profile").content.decode()
        role = CustomRole.objects.create(
            code="own-guide", name_en="Guide", permissions=["malls.view_mall"]
        )
        held = RoleAssignment.objects.create(user=user, role=role.code, is_group=True)
        assert browser.get("/malls/").status_code == 200
        assert 'href="/malls/"' in browser.get("/profile").content.decode()
        CustomRole.objects.update(permissions=["malls.view_store"])
        assert browser.get("/malls/").status_code == 403
        CustomRole.objects.update(permissions=["malls.view_mall"], closed_at=now())
        assert browser.get("/malls/").status_code == 403
        CustomRole.objects.update(closed_at=None)
        assert browser.get("/malls/").status_code == 200
        RoleAssignment.objects.filter(pk=held.pk).update(withdrawn_at=now())
        assert browser.get("/malls/").status_code == 403

    def test_all_others_end_at_once(self) -> None:
        user = a_staff_user()
        here, *others = (in_a_browser(user) for _ in range(3))
        here.post("/profile/sessions/end-others")
        assert [one.get("/profile").status_code for one in others] == [302, 302]
        assert here.get("/profile").status_code == 200

    def test_nobody_ends_a_session_of_somebody_else_as_their_own(self) -> None:
        victim = in_a_browser(a_staff_user("director"))
        other = in_a_browser(a_staff_user("director"))
        path = f"/profile/sessions/{sessions.id_of(victim.session)}/end"
        assert other.post(path).status_code == 404
        assert victim.get("/profile").status_code == 200

    def test_an_administrator_ends_those_of_others(self) -> None:
        user = a_staff_user("cashier")
        theirs, admin = in_a_browser(user), in_a_browser(a_staff_user())
        session_id = sessions.id_of(theirs.session)
        assert str(session_id) in admin.get(f"/staff/{user.id}/").content.decode()
        admin.post(f"/staff/{user.id}/sessions/{session_id}/end")
        assert theirs.get("/profile").status_code == 302
        assert Entry.objects.filter(action="staff.session_ended").count() == 1

    def test_a_new_password_ends_the_others_and_the_list_follows(self) -> None:
        user = a_staff_user(password=PASSWORD)
        here, other = in_a_browser(user), in_a_browser(user)
        new = {"new_password": "another-long-one", "again": "another-long-one"}
        here.post("/profile/password", {"present_password": PASSWORD, **new})
        assert other.get("/profile").status_code == 302
        assert here.get("/profile").status_code == 200
        [left] = queries.live_sessions(user.id)
        assert left.session_key == here.session.session_key

    def test_leaving_ends_every_session(self) -> None:
        user = a_staff_user("cashier")
        theirs = in_a_browser(user)
        services.deactivate_staff(user.id, actor=SYSTEM)
        assert theirs.get("/profile").status_code == 302
        assert not queries.live_sessions(user.id).exists()

    def test_a_session_is_seen_at_most_once_a_minute(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user()
        client = in_a_browser(user)
        StaffSession.objects.update(last_seen_at="2026-01-01T00:00:00Z")
        client.get("/profile")
        assert StaffSession.objects.get().last_seen_at.year == 2026
        assert StaffSession.objects.get().last_seen_at.month == 1
        sessions.forget_sightings()
        client.get("/profile")
        assert StaffSession.objects.get().last_seen_at.month != 1 or (
            StaffSession.objects.get().last_seen_at.day != 1
        )


class TestStepUp:
    FORM = {"name_en": "Greeter", "permissions": ["malls.view_mall", "malls.view_store"]}

    def test_after_a_while_the_act_asks_and_nothing_typed_is_lost(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        client = in_a_browser(a_staff_user(password=PASSWORD))
        frozen_clock.advance(minutes=16)
        asked = client.post("/staff/roles/new", self.FORM)
        page = asked.content.decode()
        assert asked.status_code == 422
        assert 'name="proof"' in page
        assert page.count('name="permissions"') == 2
        assert not CustomRole.objects.exists()
        wrong = client.post("/staff/roles/new", self.FORM | {"proof": "no"})
        assert wrong.status_code == 422
        assert "Greeter" in wrong.content.decode()
        done = client.post("/staff/roles/new", self.FORM | {"proof": PASSWORD})
        assert done.status_code == 302
        assert CustomRole.objects.get().permissions == ["malls.view_mall", "malls.view_store"]

    def test_a_fresh_proof_is_enough_for_what_follows(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        client = in_a_browser(a_staff_user(password=PASSWORD))
        frozen_clock.advance(minutes=14)
        assert client.post("/staff/roles/new", self.FORM).status_code == 302
        frozen_clock.advance(minutes=2)
        assert client.post("/staff/roles/new", self.FORM).status_code == 422

    @pytest.mark.parametrize(
        "path",
        ["/staff/invite", "/settings/staff.step_up_minutes", "/webhooks/new"],
    )
    def test_what_opens_doors_asks(self, frozen_clock, path: str) -> None:  # type: ignore[no-untyped-def]
        client = in_a_browser(a_staff_user(password=PASSWORD))
        assert b'name="proof"' not in client.post(path, {}).content
        frozen_clock.advance(minutes=16)
        asked = client.post(path, {"value": "1"})
        assert asked.status_code == 422
        assert b'name="proof"' in asked.content

    def test_forms_open_without_a_proof(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        client = in_a_browser(a_staff_user())
        frozen_clock.advance(hours=1)
        assert client.get("/staff/roles/new").status_code == 200

    def test_a_part_of_a_page_asks_in_place_of_the_content(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        a_mall_group()
        client = in_a_browser(a_staff_user())
        frozen_clock.advance(hours=1)
        asked = client.post("/staff/roles/new", self.FORM, headers={"HX-Request": "true"})
        assert asked["HX-Retarget"] == "#content"
