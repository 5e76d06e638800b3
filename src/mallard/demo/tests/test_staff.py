"""The demo's logins: one for every role, shown where the demo is and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse

from mallard.demo.load import begin, new_password
from mallard.demo.models import DemoLoad
from mallard.demo.place_load import load_place
from mallard.demo.staff import LOGINS, DemoLogin, create_logins, sign_in_hints
from mallard.kernel.access.actor import system
from mallard.world.staff.models import StaffUser
from mallard.world.staff.roles import ROLES


@pytest.fixture
def demo(db, year) -> DemoLoad:
    load = begin()
    load_place(year.stores(), weeks=load.weeks, actor=system("test"))
    create_logins(load.password, actor=system("test"))
    return load


def test_there_is_a_login_for_every_role():
    assert {login.role for login in LOGINS} == set(ROLES)
    assert len({login.email for login in LOGINS}) == len(LOGINS)


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.role)
def test_no_password_that_may_be_made_is_too_similar_to_an_address(login: DemoLogin) -> None:
    """One in 1,250 was refused, and ended a load: the worst of them here, made of the address."""
    length, letters = len(new_password()), set("".join(new_password() for _n in range(50)))
    user = StaffUser(email=login.email, name=login.name)
    for text in (login.email, login.name, *re.split(r"\W+", f"{login.email} {login.name}")):
        alike = "".join(letter for letter in text.lower() if letter in letters)
        validate_password((alike + "0123456789" * 2)[:length], user)


@pytest.mark.parametrize("mailbox", ["director", "bakery", "cashier"])
def test_the_page_shows_logins_that_work(client: Client, demo: DemoLoad, mailbox: str):
    page = client.get(reverse("staff:sign_in")).content.decode()
    email = f"{mailbox}@demo.starlake.example"
    assert email in page
    assert demo.password in page
    answer = client.post(
        reverse("staff:sign_in"), {"username": email, "password": demo.password}, follow=True
    )
    assert answer.status_code == 200
    home = answer.content.decode()
    assert str(demo.weeks) in home
    assert "Complete Journey" in home


def test_logins_are_made_once_and_the_shut_out_are_not_shown(demo: DemoLoad):
    create_logins("another one", actor=system("test"))
    assert StaffUser.objects.count() == len(LOGINS)
    assert {hint.password for hint in sign_in_hints()} == {demo.password}
    StaffUser.objects.filter(email__startswith="admin").update(is_active=False)
    assert len(sign_in_hints()) == len(LOGINS) - 1


def test_each_installation_has_a_password_of_its_own(db):
    first = begin().password
    DemoLoad.objects.all().delete()
    assert begin().password != first


def test_where_no_demo_is_nothing_is_offered(client: Client, db):
    assert list(sign_in_hints()) == []
    assert "demo.starlake.example" not in client.get(reverse("staff:sign_in")).content.decode()
