"""The doors in a browser's eyes: cookies, answers, what is said and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import Scope
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members import services as members
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.memberweb import services
from mallard.world.memberweb.models import MemberSession, SignInCode, SignInLink
from mallard.world.memberweb.permissions import MAKE_LINK
from mallard.world.memberweb.sessions import ASKED_COOKIE, COOKIE
from mallard.world.memberweb.tests.factories import a_member_with_mail, signed_in
from mallard.world.memberweb.tests.test_services import sent_code
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def test_a_member_comes_in_by_code_and_leaves() -> None:
    member = a_member_with_mail(language="zh-hans")
    client = Client()
    answer = client.post("/m/sign-in", {"who": "ming@example.com"})
    assert (answer.status_code, answer["Location"]) == (302, "/m/sign-in/code")
    asked = client.cookies[ASKED_COOKIE]
    assert (asked["path"], asked["httponly"], asked["samesite"]) == ("/m/", True, "Lax")
    services.send_code(SignInCode.objects.get().id)
    wrong = client.post("/m/sign-in/code", {"code": "x"})
    assert wrong.status_code == 422
    answer = client.post("/m/sign-in/code", {"code": sent_code(member)})
    assert (answer.status_code, answer["Location"]) == (302, "/m/")
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/m/", True, "Lax")
    home = client.get("/m/")
    assert home.status_code == 200
    assert home["Cache-Control"] == "private, no-store"
    assert member.number in home.content.decode()
    assert client.get("/m/sign-in")["Location"] == "/m/"
    out = client.post("/m/sign-out")
    assert out["Location"] == "/m/sign-in"
    assert out["Clear-Site-Data"] == '"storage"'
    assert client.cookies[COOKIE].value == ""
    client.cookies[COOKIE] = cookie.value
    assert client.get("/m/")["Location"] == "/m/sign-in"


def test_the_answer_to_known_and_unknown_is_the_same_page() -> None:
    a_member_with_mail()
    pages = []
    for who in ("ming@example.com", "nobody@example.com"):
        client = Client()
        answer = client.post("/m/sign-in", {"who": who})
        following = client.get(answer["Location"]).content.decode()
        token = client.cookies["csrftoken"].value
        pages.append((answer.status_code, answer["Location"], len(following), who in following))
        assert token
    assert pages[0] == pages[1]
    assert pages[0][-1] is False


def test_too_many_askings_are_told_in_the_form() -> None:
    client = Client()
    for _time in range(5):
        client.post("/m/sign-in", {"who": "nobody@example.com"})
    answer = client.post("/m/sign-in", {"who": "nobody@example.com"})
    assert answer.status_code == 429
    assert "nobody@example.com" in answer.content.decode()


def test_a_code_page_without_asking_leads_back() -> None:
    assert Client().get("/m/sign-in/code")["Location"] == "/m/sign-in"


def test_looking_at_a_link_spends_nothing_and_opening_it_does() -> None:
    made = services.make_link(a_member().id, actor=an_actor(MAKE_LINK))
    path = "/m/open/" + made.url.rpartition("/")[2]
    client = Client()
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 405
    assert SignInLink.objects.get().used_at is None
    assert client.post(path)["Location"] == "/m/"
    assert client.get("/m/").status_code == 200
    again = Client().get(path)
    assert again.status_code == 404
    assert "memberweb.link_gone" in again.content.decode()
    assert Client().post(path).status_code == 404


def test_the_desk_makes_a_link_with_a_picture(client: Client) -> None:
    world = a_mall_group()
    member = a_member(store_id=world.lakeside_bakery.id, mall_id=world.lakeside.id)
    agent = a_staff_user("service_agent", scope=Scope(mall_ids=frozenset({world.lakeside.id})))
    client.force_login(agent, "django.contrib.auth.backends.ModelBackend")
    path = f"/members/{member.id}/page-link"
    assert path in client.get(f"/members/{member.id}/").content.decode()
    assert 'class="qr"' not in client.get(path).content.decode()
    assert SignInLink.objects.count() == 0
    page = client.post(path)
    assert 'class="qr"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert SignInLink.objects.get().made_by == agent.id
    members.close_member(member.id, actor=SYSTEM)
    assert client.post(path).status_code == 409
    elsewhere = a_member(store_id=world.hillside_bakery.id, mall_id=world.hillside.id)
    assert client.post(f"/members/{elsewhere.id}/page-link").status_code == 404


def test_staff_are_nobody_on_members_pages_and_members_nobody_on_staffs(client: Client) -> None:
    client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
    assert client.get("/m/")["Location"] == "/m/sign-in"
    browser = signed_in(a_member())
    assert browser.get("/").status_code == 302
    assert browser.get("/")["Location"].startswith("/sign-in")
    assert browser.get("/members/")["Location"].startswith("/sign-in")


def test_language_and_theme_are_kept_and_lead_back_into_the_lane_only(client: Client) -> None:
    answer = client.post("/m/language", {"language": "zh-hans", "next": "/m/sign-in"})
    assert answer["Location"] == "/m/sign-in"
    assert "登录" in client.get("/m/sign-in").content.decode()
    answer = client.post("/m/theme", {"theme": "dark", "next": "/members/"})
    assert answer["Location"] == "/m/"
    assert 'data-theme="dark"' in client.get("/m/sign-in").content.decode()
    for where in ("//evil.example/m/", "https://evil.example/m/"):
        assert client.post("/m/theme", {"theme": "auto", "next": where})["Location"] == "/m/"
    assert client.post("/m/theme", {"theme": "pink"}).status_code == 400
    assert client.post("/m/language", {"language": "xx"}).status_code == 400


def test_the_app_has_a_manifest_and_a_worker_in_its_own_scope(client: Client) -> None:
    manifest = client.get("/m/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert (manifest.json()["scope"], manifest.json()["start_url"]) == ("/m/", "/m/")
    worker = client.get("/m/worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert worker["Cache-Control"] == "no-cache"
    assert b"mallard-member" in worker.content
    assert client.get("/m/offline").status_code == 200


def test_errors_on_members_pages_are_told_in_their_own_words(client: Client) -> None:
    page = client.get("/m/no-such-page")
    assert page.status_code in (302, 404)
    page = signed_in(a_member(), client).get("/m/no-such-page")
    assert page.status_code == 404
    assert "portal.css" in page.content.decode()


def test_a_session_of_a_closed_membership_is_dropped_from_the_browser() -> None:
    member = a_member()
    browser = signed_in(member)
    members.close_member(member.id, actor=SYSTEM)
    answer: Any = browser.get("/m/")
    assert answer["Location"] == "/m/sign-in"
    assert browser.cookies[COOKIE].value == ""
    assert MemberSession.objects.count() == 1
