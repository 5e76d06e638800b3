"""Nobody sees what is not theirs: every URL × every role × own, other tenant's, other mall's rows.

The rows of the matrix come from the resolver, so a new URL is in it from its first day. Per URL
one of the roles that hold the permission asks in its usual scope, another for each URL, and the
administrator, who may do everything, in a narrow scope if that was a wide one and the other way
round: both for their own row and for one out of their reach, if any is. One role that lacks the
permission asks too, and nobody in particular. In the drill every role asks for every row. Expected
is worked out from the declared permission and the sample's reach, never from the product's own
decision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar
from zlib import crc32

import pytest
from django.conf import settings
from django.db import transaction
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from pytest_django.plugin import DjangoDbBlocker

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.guards import MEMBER, OPEN, SIGNED_IN
from mallard.kernel.database.testing import TestDatabase
from mallard.kernel.http import authentication
from mallard.kernel.ids import uuid7
from mallard.kernel.ui import navigation
from mallard.world.staff.models import RoleAssignment, ScopeColumns, StaffUser
from mallard.world.staff.queries import role_permissions
from mallard.world.staff.roles import ADMINISTRATOR, ROLES
from mallard.world.staff.sessions import PROVED_AT
from tests.permissions.places import STORE_ROWS, Reach, Side, SideName, World, build_world
from tests.permissions.samples import SAMPLES, Sample, sample_of
from tools.urls import Url, every_url

# Where people of a role usually work. The administrator stands for "holds every permission".
USUAL_REACH = {
    "director": [Reach.GROUP],
    "crm_manager": [Reach.GROUP, Reach.MALL],
    "marketer": [Reach.MALL],
    "analyst": [Reach.GROUP],
    "finance": [Reach.GROUP],
    "leasing": [Reach.MALL],
    "service_agent": [Reach.MALL],
    "tenant_manager": [Reach.TENANT],
    "sales_assistant": [Reach.STORE],
    "cashier": [Reach.STORE],
    "stock_keeper": [Reach.MALL],
    "auditor": [Reach.GROUP],
    "administrator": list(Reach),
}
WIDE = (Reach.GROUP, Reach.MALL)
Choice = TypeVar("Choice")
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
SIGN_IN = "/sign-in"

URLS = [url for url in every_url() if url.permission is not None]
# Members have a matrix of their own: `test_members.py`.
GUARDED = [url for url in URLS if url.permission not in (OPEN, MEMBER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a role, signed in on the web and by API key."""

    role: str
    reach: Reach
    session: str
    key: str
    permissions: frozenset[str]

    def __str__(self) -> str:
        return f"{self.role} of the {self.reach}"


@dataclass(frozen=True, slots=True)
class Scene:
    world: World
    callers: list[Caller]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def standing(database: TestDatabase, blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made in here stays for all tests of a module, which leaves a fresh database.

    It is committed: a transaction that lasted for all of them would hold back whatever reads below
    the oldest one (the outbox), in the other process's tests too.
    """
    with blocker.unblock():
        try:
            yield
        finally:
            database.renew()


@pytest.fixture(scope="module")
def scene(django_db_setup: TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The world and everybody in it, once for all URLs; every request is undone by itself."""
    actors: dict[str, Actor] = {}
    earlier = authentication._authenticator
    with standing(django_db_setup, django_db_blocker), pytest.MonkeyPatch.context() as patch:
        # Nobody asks which templates were used; telling it takes a tenth of each page.
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)
        # Tests of the menu say who is told what waits; to ask takes a fifth of each page.
        patch.setattr(navigation, "_counts", lambda _request, _entries: {})
        world = build_world()
        callers = [
            make_caller(world, role, reach, actors)
            for role, reaches in USUAL_REACH.items()
            for reach in reaches
        ]
        authentication.register_authenticator(actors.get)
        yield Scene(world, callers)
    authentication.register_authenticator(earlier or actors.get)


def make_caller(world: World, role: str, reach: Reach, actors: dict[str, Actor]) -> Caller:
    """A member of staff with that role there, and an API key with the same rights."""
    scope = world.scope(reach)
    user = StaffUser.objects.create(email=f"{role}.{reach}@matrix.test", name=role)
    RoleAssignment.objects.create(user=user, role=role, **ScopeColumns.columns_of(scope))
    permissions = role_permissions(ROLES[role])
    key = f"mk_{role}_{reach}"
    actors[key] = Actor(ActorKind.API, uuid7(), key, permissions, scope)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    # However long the matrix takes, nobody is asked for a proof before a sensitive act.
    stored = client.session
    stored[PROVED_AT] += 24 * 3600
    stored.save()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Caller(role, reach, session, key, permissions)


def ask(url: Url, sample: Sample, world: World, side: Side, caller: Caller | None) -> Any:
    """Send the request as that caller (or nobody) and give the answer, with all effects undone."""
    values = sample.path(world, side)
    path = "/" + PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), url.route)
    client = Client(raise_request_exception=False)
    is_api = url.route.startswith("api/v1/")
    headers = {"Idempotency-Key": f"{url}-{side.name}-{caller}"} if is_api else {}
    with undone():
        if caller is not None and is_api:
            headers["Authorization"] = f"Bearer {caller.key}"
        elif caller is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = caller.session
        query = dict(sample.query(world, side))
        if url.method == "GET":
            return client.get(path, query, headers=headers)
        data = sample.body(world, side)
        content_type = {"content_type": "application/json"} if is_api else {}
        send = getattr(client, url.method.lower())
        return send(path, data, headers=headers, query_params=query, **content_type)


def is_refused(response: Any) -> bool:
    """Whether the answer is: you may not, or: there is no such thing for you."""
    return response.status_code in (401, 403, 404) or leads_to_sign_in(response)


def leads_to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].startswith(SIGN_IN)


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def test_every_url_has_a_sample() -> None:
    missing = [str(url) for url in GUARDED if sample_of(url.method, url.route) is None]
    assert missing == []


def test_no_sample_is_of_a_url_that_is_gone() -> None:
    known = {str(url) for url in GUARDED} | {f"/{url.route}" for url in GUARDED}
    assert sorted(SAMPLES.keys() - known) == []


def test_every_role_takes_part() -> None:
    assert USUAL_REACH.keys() == ROLES.keys()


SAMPLED = [
    pytest.param(url, sample, id=str(url))
    for url in GUARDED
    if (sample := sample_of(url.method, url.route)) is not None
]


@pytest.mark.parametrize(("url", "sample"), SAMPLED)
def test_nobody_gets_in_without_signing_in(url: Url, sample: Sample, scene: Scene) -> None:
    response = ask(url, sample, scene.world, scene.world.sides[SideName.OWN], None)
    assert response.status_code == 401 or leads_to_sign_in(response)


@pytest.mark.parametrize(("url", "sample"), SAMPLED)
def test_each_role_gets_what_is_theirs_and_nothing_else(
    url: Url, sample: Sample, scene: Scene
) -> None:
    callers, curious = chosen(url, scene)
    assert_served(url, sample, scene, sorted(callers, key=str), curious=curious)


def test_every_role_is_let_in_somewhere_and_refused_elsewhere(scene: Scene) -> None:
    asked = {(one.role, may_ask(one, url)) for url in GUARDED for one in chosen(url, scene)[0]}
    assert {role for role, may in asked if may} == ROLES.keys()
    assert {role for role, may in asked if not may} == ROLES.keys() - {ADMINISTRATOR}


def chosen(url: Url, scene: Scene) -> tuple[set[Caller], set[Caller]]:
    """Who asks for it, others for each URL, and who of them asks for rows beyond their own too.

    One that lacks the permission is enough: the guard refuses them before it knows more of them.
    """
    lacking = [one for one in scene.callers if not may_ask(one, url)]
    holding = [one for one in scene.callers if one not in lacking and one.role != ADMINISTRATOR]
    bosses = [one for one in scene.callers if one.role == ADMINISTRATOR]
    staff = some(holding, f"{url} at home")
    # Whoever reaches further shows that the rows are there, whoever less that they are not.
    is_wide = any(one.reach in WIDE for one in staff)
    boss = pick([one for one in bosses if (one.reach in WIDE) is not is_wide], f"{url} boss")
    curious = {boss, *(one for one in staff if one.reach is not Reach.GROUP)}
    return {boss, *staff, *some(lacking, str(url))}, curious


@pytest.mark.drill
@pytest.mark.parametrize(("url", "sample"), SAMPLED)
def test_every_role_asks_on_every_side(url: Url, sample: Sample, scene: Scene) -> None:
    assert_served(url, sample, scene, scene.callers, curious=scene.callers, everywhere=True)


def pick(choices: Sequence[Choice], name: str) -> Choice:
    """One of them, always the same for that name."""
    return choices[crc32(name.encode()) % len(choices)]


def some(choices: Sequence[Choice], name: str, count: int = 1) -> list[Choice]:
    """As many of them as there are, at most ``count``, always the same for that name."""
    return Random(crc32(name.encode())).sample(choices, min(count, len(choices)))


def may_ask(caller: Caller, url: Url) -> bool:
    return url.permission == SIGNED_IN or url.permission in caller.permissions


def assert_served(
    url: Url,
    sample: Sample,
    scene: Scene,
    callers: Sequence[Caller],
    *,
    curious: Collection[Caller],
    everywhere: bool = False,
) -> None:
    """The ``curious`` ask for rows beyond their own too: for one, or ``everywhere``."""
    wrong = []
    for caller in callers:
        may = may_ask(caller, url)
        sides = [scene.world.sides[SideName.OWN]]
        # Elsewhere the request would be the same, or is refused before a row is looked at.
        if may and sample.names_rows and caller in curious:
            sides = sides_to_ask(scene.world, url, sample, caller, everywhere=everywhere)
        for side in sides:
            response = ask(url, sample, scene.world, side, caller)
            fault = fault_of(response, sample, caller, side, may=may)
            if fault is None and response.status_code < 300:
                fault = leak_of(body_of(response), sample, caller, scene.world, side)
            if fault is not None:
                wrong.append(f"{caller}, row of {side.name}: {fault}")
    assert not wrong, "\n".join([str(url), *wrong])


def sides_to_ask(
    world: World, url: Url, sample: Sample, caller: Caller, *, everywhere: bool
) -> list[Side]:
    """One's own side, where a refusal is hardest, and one that is out of reach if there is any."""
    if everywhere:
        return list(world.sides.values())
    seen = sample.sides_seen(caller.role, caller.reach)
    own = world.sides[SideName.OWN]
    others = [side for side in world.sides.values() if side is not own]
    beyond = [side for side in others if side.name not in seen]
    # Whoever sees everything shows that the other rows are there.
    return [own, pick(beyond or others, f"{url} {caller}")]


def fault_of(response: Any, sample: Sample, caller: Caller, side: Side, *, may: bool) -> str | None:
    """What is wrong with the answer's status, if anything."""
    status = response.status_code
    if status >= 500:
        return f"broke with {status}"
    if not may:
        return None if status == 403 else f"lacks the permission and got {status}"
    if sample.signs_out:
        return None if leads_to_sign_in(response) else f"did not sign out: {status}"
    if side.name in sample.sides_seen(caller.role, caller.reach):
        return f"may and was refused with {status}" if is_refused(response) else None
    if sample.answers_per_item or is_refused(response):
        return None
    if sample.names_rows_in_body and status in (409, 422):
        return None
    return f"out of reach and got {status}"


def leak_of(body: str, sample: Sample, caller: Caller, world: World, asked: Side) -> str | None:
    """Which number or id of somebody else's row the answer shows, if any."""
    for side in world.sides.values():
        if side.name in STORE_ROWS[caller.reach] or (sample.answers_per_item and side is asked):
            continue
        shown = [secret for secret in side.secrets if secret in body]
        if shown:
            return f"shows {shown} of {side.name}"
    return None
