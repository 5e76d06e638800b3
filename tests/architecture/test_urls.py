"""Every URL says who may use it; the few open ones are listed here with the reason."""

from __future__ import annotations

from django.utils.encoding import force_str

from mallard.kernel.access.guards import MEMBER, OPEN, SIGNED_IN
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.http.lanes import MEMBER_LANE
from tools.urls import every_url

# Route → why anybody may ask for it without signing in (CVE-2022-50589: login by default).
OPEN_ROUTES = {
    "healthz": "probes have no account; it answers with one word and no figures",
    "metrics": "a monitoring system has no account; only this machine or a token is answered",
    "sign-in": "this is where people sign in",
    "sign-in/code": "the second step of signing in; it opens for who has just given the password",
    "password/forgotten": "who forgot the password cannot sign in; it answers all addresses alike",
    "password/reset/<str:token>": "the signed, expiring token in the mail is the key",
    "invitation/<str:token>": "the one-use, expiring token in the mail is the key",
    "m/sign-in": "this is where members come in; it answers all alike",
    "m/sign-in/code": "the second step of coming in; it opens with the code that was sent",
    "m/open/<str:token>": "the one-use, short-lived token that the service desk shows is the key",
    "m/friends/<slug:code>": "a friend without an account opens it; it tells what it was given",
    "m/demo": "the demo's data is public; where no demo was loaded there is nothing here",
    "m/language": "members' doors are read in the reader's language",
    "m/theme": "members' doors are read in light or dark",
    "m/offline": "what a phone keeps for times without a connection; it holds no data",
    "m/manifest.webmanifest": "how the member page is called on a home screen; it holds no data",
    "m/worker.js": "a script, the same for everybody",
    "ui/language": "the sign-in page is read in the reader's language",
    "ui/theme": "the sign-in page is read in light or dark",
    "api/": "the contract is public; it holds no data",
}
# Not our code, so it carries no declaration; harmless for the reason given.
FOREIGN_ROUTES = {
    "api/v1/": "django-ninja's root answers 404",
    "api/v1/openapi.json": "the contract is public; it holds no data",
}


def test_every_url_declares_its_permission() -> None:
    undeclared = [
        str(url)
        for url in every_url()
        if url.permission is None and url.route not in FOREIGN_ROUTES
    ]
    assert undeclared == []


def test_every_permission_that_a_url_needs_exists() -> None:
    unknown = {
        str(url): url.permission
        for url in every_url()
        if url.permission not in (None, OPEN, SIGNED_IN, MEMBER)
        and not is_declared(force_str(url.permission))
    }
    assert unknown == {}


def test_open_urls_are_the_listed_ones() -> None:
    is_open = {url.route for url in every_url() if url.permission == OPEN}
    assert sorted(is_open - OPEN_ROUTES.keys()) == []


def test_lists_of_open_and_foreign_urls_hold_nothing_that_is_gone() -> None:
    known = {url.route for url in every_url()}
    assert sorted((OPEN_ROUTES.keys() | FOREIGN_ROUTES.keys()) - known) == []


def test_members_pages_and_no_others_lie_in_the_members_lane() -> None:
    of_members = {url.route for url in every_url() if url.permission == MEMBER}
    in_lane = {url.route for url in every_url() if url.route.startswith(MEMBER_LANE.lstrip("/"))}
    assert of_members
    assert sorted(of_members - in_lane) == []
    assert sorted(in_lane - of_members - OPEN_ROUTES.keys()) == []


def test_pages_that_need_no_sign_in_are_only_the_open_ones() -> None:
    let_through = {
        url.route
        for url in every_url()
        if getattr(url.view, "login_required", True) is False
        and url.permission not in (OPEN, MEMBER)
    }
    # The API authenticates by key in its own layer and answers 401 in its own words.
    assert sorted(route for route in let_through if not route.startswith("api/")) == []
