"""Signing in and out, being locked out, and the own profile."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from mallard.world.staff import hints, services
from mallard.world.staff.hints import SignInHint
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user
from mallard.world.staff.tests.test_services import mailed_token

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in"


def sign_in(client: Client, email: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def without_token(answer) -> str:  # type: ignore[no-untyped-def]
    """A page but for what differs each time it is shown."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


class TestSignIn:
    def test_the_right_password_opens_and_the_session_key_changes(self, client: Client) -> None:
        user = a_staff_user(password=PASSWORD)
        session = client.session
        session["x"] = 1
        session.save()
        before = session.session_key
        client.cookies["sessionid"] = before
        answer = sign_in(client, user.email.upper(), PASSWORD)
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(user.id)
        assert client.session.session_key != before

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
    def test_nobody_is_sent_to_another_site(self, client: Client, target: str) -> None:
        user = a_staff_user(password=PASSWORD)
        answer = sign_in(client, user.email, PASSWORD, next=target)
        assert "evil" not in answer["Location"]
        assert answer["Location"].startswith("/")

    def test_one_goes_on_to_where_one_wanted(self, client: Client) -> None:
        user = a_staff_user(password=PASSWORD)
        assert sign_in(client, user.email, PASSWORD, next="/profile")["Location"] == "/profile"

    def test_a_wrong_password_says_so_and_does_not_say_whether_the_account_exists(
        self, client: Client
    ) -> None:
        user = a_staff_user(password=PASSWORD)
        wrong = sign_in(client, user.email, "wrong")
        unknown = sign_in(client, "nobody@example.com", "wrong")
        for answer in (wrong, unknown):
            assert answer.status_code == 422
            assert "E-mail or password is not right." in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_five_wrong_tries_lock_even_the_right_password_out_for_a_while(
        self, client: Client
    ) -> None:
        user, other = a_staff_user(password=PASSWORD), a_staff_user(password=PASSWORD)
        for _ in range(5):
            answer = sign_in(client, user.email, "wrong")
        assert answer.status_code == 429
        answer = sign_in(client, user.email, PASSWORD)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "900"
        assert "15 minutes" in answer.content.decode()
        assert "_auth_user_id" not in client.session
        assert sign_in(client, other.email, PASSWORD).status_code == 302

    def test_who_left_cannot_come_in_and_loses_the_session(self, client: Client) -> None:
        user = a_staff_user("cashier", password=PASSWORD)
        client.force_login(user)
        services.deactivate_staff(user.id, actor=SYSTEM)
        assert client.get("/profile").status_code == 302
        assert sign_in(client, user.email, PASSWORD).status_code == 422

    def test_logins_are_offered_only_when_somebody_registers_them(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "Logins of the demo" not in client.get(SIGN_IN).content.decode()
        hint = SignInHint("Cashier", "Li", "cashier@example.com", "public")
        monkeypatch.setattr(hints, "_providers", [lambda: [hint]])
        assert "cashier@example.com" in client.get(SIGN_IN).content.decode()

    def test_signing_out_needs_a_post(self, client: Client) -> None:
        client.force_login(a_staff_user())
        assert client.get("/sign-out").status_code == 405
        assert client.post("/sign-out").status_code == 302
        assert "_auth_user_id" not in client.session


class TestForgottenPassword:
    def test_the_answer_is_the_same_whether_or_not_the_account_exists(self, client: Client) -> None:
        a_staff_user(email="ann@example.com")
        known = client.post("/password/forgotten", {"email": "ann@example.com"})
        unknown = client.post("/password/forgotten", {"email": "bob@example.com"})
        assert known.status_code == unknown.status_code == 200
        assert without_token(known) == without_token(unknown)

    def test_the_link_sets_a_new_password_once(self, client: Client) -> None:
        user = a_staff_user(email="ann@example.com", password=PASSWORD)
        client.post("/password/forgotten", {"email": user.email})
        url = reverse("staff:reset_password", args=[mailed_token()])
        assert client.get(url).status_code == 200
        new = {"new_password": "another-long-one", "again": "another-long-one"}
        assert client.post(url, new | {"again": "differs"}).status_code == 422
        assert client.post(url, new).status_code == 302
        assert client.get(url).status_code == 404
        assert sign_in(client, user.email, "another-long-one").status_code == 302


class TestProfile:
    def test_changing_the_password_keeps_this_session_and_ends_the_others(
        self, client: Client
    ) -> None:
        user, elsewhere = a_staff_user("director", password=PASSWORD), Client()
        for each in (client, elsewhere):
            sign_in(each, user.email, PASSWORD)
        new = {"new_password": "another-long-one", "again": "another-long-one"}
        wrong = client.post("/profile/password", {"present_password": "no", **new})
        assert wrong.status_code == 422
        client.post("/profile/password", {"present_password": PASSWORD, **new})
        assert client.get("/profile").status_code == 200
        assert elsewhere.get("/profile").status_code == 302

    def test_a_stolen_session_cannot_try_passwords_for_ever(self, client: Client) -> None:
        sign_in(client, a_staff_user("director", password=PASSWORD).email, PASSWORD)
        new = {"new_password": "another-long-one", "again": "another-long-one"}
        tries = [{"present_password": f"guess {n}", **new} for n in range(12)]
        answers = [client.post("/profile/password", each).content.decode() for each in tries]
        assert "Too many requests" in answers[-1]
        last = client.post("/profile/password", {"present_password": PASSWORD, **new})
        assert last.status_code == 422

    def test_language_and_theme_are_kept_with_the_account(self, client: Client) -> None:
        user = a_staff_user()
        client.force_login(user)
        client.post("/profile", {"name": "Ann", "language": "zh-hans", "theme": "dark"})
        user.refresh_from_db()
        assert (user.name, user.language, user.theme) == ("Ann", "zh-hans", "dark")
        client.post(reverse("ui:theme"), {"theme": "light", "next": "/profile"})
        user.refresh_from_db()
        assert user.theme == "light"

    def test_the_staff_list_needs_its_permission(self, client: Client) -> None:
        client.force_login(a_staff_user("cashier"))
        assert client.get("/staff/").status_code == 403
        client.force_login(a_staff_user("director", name="Dora Director"))
        assert "Dora Director" in client.get("/staff/").content.decode()
