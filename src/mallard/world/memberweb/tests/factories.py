"""Members who are signed in, made as the doors make them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import a_member
from mallard.world.memberweb.models import WayIn
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.sessions import COOKIE


def a_member_with_mail(email: str = "ming@example.com", **more: Any) -> Member:
    """An open member whom a code can reach."""
    return a_member(identities=(IdentityInput("email", email),), **more)


def signed_in(member: Member, client: Client | None = None) -> Client:
    """A browser in which the member is signed in."""
    browser = client or Client()
    browser.cookies[COOKIE] = begin_session(member, way_in=WayIn.CODE).token
    return browser
