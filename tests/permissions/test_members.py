"""A member reaches their own and nothing else: every page of members × everybody who may ask.

The pages come from the resolver, so a new one is in here from its first day. Each is asked by
nobody, by staff who may do everything, by the member whose rows they are, by another member, by one
who was merged, and by members whose membership is closed or erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from mallard.kernel.access.guards import MEMBER
from mallard.kernel.database.testing import TestDatabase
from mallard.world.members import services as members
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Member
from mallard.world.memberweb.models import MemberSession, WayIn
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.sessions import COOKIE
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import role_permissions
from mallard.world.staff.roles import ADMINISTRATOR, ROLES
from tests.permissions.places import MAKER, Reach, Side, SideName, World, build_world
from tests.permissions.test_matrix import PLACEHOLDER, body_of, make_caller, standing, undone
from tools.urls import Url, every_url

DOOR = "/m/sign-in"
PAGES = [url for url in every_url() if url.permission == MEMBER]

Values = Callable[["Scene"], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Two members with receipts and points, and how each is signed in."""

    world: World
    own: Side
    other: Side
    tokens: Mapping[str, str]
    own_session: UUID
    """Another session of one's own than the one that asks."""


@dataclass(frozen=True, slots=True)
class Row:
    """How a page is asked for: whose row the path names, and what is posted."""

    path: Values = lambda _scene: {}
    body: Values = lambda _scene: {}
    names_row: bool = False
    leaves: bool = False


ROWS = {
    "m/": Row(),
    "m/check-in": Row(),
    "m/card": Row(),
    "m/card/phone": Row(
        body=lambda _scene: {
            "key": "A2sX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW"  # the base point of P-256
        }
    ),
    "m/points": Row(),
    "m/points/expiring": Row(),
    "m/receipts": Row(),
    "m/receipts/<uuid:receipt_id>": Row(
        path=lambda scene: {"receipt_id": scene.own.receipt_id}, names_row=True
    ),
    "m/rewards": Row(),
    "m/rewards/<uuid:reward_id>": Row(path=lambda scene: {"reward_id": scene.world.reward.pk}),
    "m/rewards/taken/<uuid:redemption_id>": Row(
        path=lambda scene: {"redemption_id": scene.own.redemption_id}, names_row=True
    ),
    "m/rewards/taken/<uuid:redemption_id>/confirm": Row(
        path=lambda scene: {"redemption_id": scene.own.redemption_id}, names_row=True
    ),
    "m/rewards/taken/<uuid:redemption_id>/let-go": Row(
        path=lambda scene: {"redemption_id": scene.own.redemption_id}, names_row=True
    ),
    "m/me": Row(),
    "m/friends": Row(),
    "m/me/sessions": Row(),
    "m/me/sessions/end-others": Row(),
    "m/me/sessions/<uuid:session_id>/end": Row(
        path=lambda scene: {"session_id": scene.own_session}, names_row=True
    ),
    "m/me/consents": Row(
        body=lambda _scene: {"purpose": "marketing", "channel": "any", "answer": "no"}
    ),
    "m/me/copy": Row(),
    "m/me/requests": Row(body=lambda _scene: {"right": "export"}),
    "m/sign-out": Row(leaves=True),
}


@pytest.fixture(scope="module")
def scene(django_db_setup: TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with standing(django_db_setup, django_db_blocker):
        world = build_world()
        own, other = world.sides[SideName.OWN], world.sides[SideName.OTHER_MALL]
        tokens = {
            "own": _token(own.member_id),
            "other": _token(other.member_id),
            "merged": _token(_merged_into(own.member_id)),
            "closed": _token(_ended(members.close_member)),
            "erased": _token(_ended(members.erase_member)),
        }
        _end(_last)
        spare = begin_session(Member.objects.get(pk=own.member_id), way_in=WayIn.LINK)
        row = MemberSession.objects.filter(member=own.member_id).latest("id")
        assert spare.member.id == own.member_id
        caller = make_caller(world, ADMINISTRATOR, Reach.GROUP, {})
        assert caller.permissions == role_permissions(ROLES[ADMINISTRATOR])
        yield Scene(world, own, other, {**tokens, "staff": caller.session}, row.id)


_last: list[tuple[Any, UUID]] = []


def _token(member_id: UUID) -> str:
    return begin_session(Member.objects.get(pk=member_id), way_in=WayIn.CODE).token


def _somebody() -> UUID:
    phone = f"1370000{Member.objects.count():04d}"
    return members.enrol_member(
        Enrolment(profile={"name": "某人"}, identities=(IdentityInput("phone", phone),)),
        actor=MAKER,
    ).id


def _merged_into(survivor_id: UUID) -> UUID:
    merged = _somebody()

    def merge(member_id: UUID, *, actor: Any) -> None:
        members.merge_members(survivor_id, merged_id=member_id, actor=actor)

    _last.append((merge, merged))
    return merged


def _ended(end: Any) -> UUID:
    member_id = _somebody()
    _last.append((end, member_id))
    return member_id


def _end(what: list[tuple[Any, UUID]]) -> None:
    """What became of them after they had signed in."""
    for end, member_id in what:
        end(member_id, actor=MAKER)
    what.clear()


def ask(url: Url, scene: Scene, who: str) -> Any:
    """Ask for the page of `own` as somebody, with all effects undone."""
    row = ROWS[url.route]
    values = row.path(scene)
    path = "/" + PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), url.route)
    client = Client(raise_request_exception=False)
    if who == "staff":
        client.cookies["sessionid"] = scene.tokens["staff"]
    elif who:
        client.cookies[COOKIE] = scene.tokens[who]
    with undone():
        return client.get(path) if url.method == "GET" else client.post(path, row.body(scene))


def is_led_to_the_door(response: Any) -> bool:
    return response.status_code == 302 and response["Location"] == DOOR


def test_every_page_of_members_has_a_row_and_no_row_is_of_a_page_that_is_gone() -> None:
    assert {url.route for url in PAGES} == ROWS.keys()


@pytest.mark.parametrize("url", PAGES, ids=str)
@pytest.mark.parametrize("who", ["", "staff", "closed", "erased"])
def test_who_is_no_member_is_led_to_the_door(url: Url, who: str, scene: Scene) -> None:
    response = ask(url, scene, who)
    assert is_led_to_the_door(response), response.status_code


@pytest.mark.parametrize("url", PAGES, ids=str)
@pytest.mark.parametrize("who", ["own", "merged"])
def test_a_member_gets_what_is_theirs(url: Url, who: str, scene: Scene) -> None:
    response = ask(url, scene, who)
    if ROWS[url.route].leaves:
        assert is_led_to_the_door(response)
        return
    assert response.status_code in (200, 302), body_of(response)
    assert not is_led_to_the_door(response)
    assert [text for text in scene.other.secrets if text in body_of(response)] == []


@pytest.mark.parametrize("url", PAGES, ids=str)
def test_another_members_rows_are_not_there(url: Url, scene: Scene) -> None:
    response = ask(url, scene, "other")
    if ROWS[url.route].names_row:
        assert response.status_code == 404
    else:
        assert response.status_code in (200, 302)
    body = body_of(response)
    assert [text for text in scene.own.secrets if text in body] == []


def test_the_pages_do_show_what_the_secrets_are(scene: Scene) -> None:
    """The check above could not fail if no page showed a secret at all."""
    home = body_of(ask(next(url for url in PAGES if url.route == "m/"), scene, "own"))
    receipt = next(url for url in PAGES if url.route.startswith("m/receipts/<"))
    assert scene.own.member_number in home
    assert scene.own.receipt_number in body_of(ask(receipt, scene, "own"))
    assert StaffUser.objects.filter(email__startswith="administrator").exists()
