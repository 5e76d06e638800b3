"""Codes from a phone: set up, asked for, used once, enforced by role, reset by who may."""

from __future__ import annotations

import threading

import pyotp
import pytest
from django.db import connections
from django.test import Client

from mallard.kernel.clock import now
from mallard.kernel.mail.models import Mail
from mallard.kernel.provenance import Origin
from mallard.kernel.settings.services import change_setting
from mallard.world.staff import codes, exemptions, queries, services
from mallard.world.staff.errors import CodesClosed, CodeWrong, SecondFactorThere
from mallard.world.staff.models import RecoveryCode, SecondFactor, StaffUser
from mallard.world.staff.tests.factories import PASSWORD, SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db
SET_UP = "/profile/second-factor"


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the phone shows, some steps from now."""
    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // 30 + steps)


def with_codes(user: StaffUser) -> tuple[str, list[str]]:
    """Secret and recovery codes of ``user``, whose phone is set up. The code of now is used."""
    secret = services.begin_second_factor(user.id, actor=SYSTEM)
    plain = services.confirm_second_factor(user.id, code=code_now(secret), actor=SYSTEM)
    return secret, plain


def sign_in(client: Client, user: StaffUser):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", {"username": user.email, "password": PASSWORD})


class TestCodes:
    @pytest.mark.parametrize(
        ("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)]
    )
    def test_a_clock_may_be_one_step_off(self, frozen_clock, steps: int, is_right: bool) -> None:  # type: ignore[no-untyped-def]
        secret = codes.new_secret()
        code = code_now(secret, steps=steps)
        assert (codes.matching_step(secret, code, at=now(), after=0) is not None) == is_right

    def test_the_secret_is_not_in_clear(self) -> None:
        user = a_staff_user()
        secret = services.begin_second_factor(user.id, actor=SYSTEM)
        assert services.begin_second_factor(user.id, actor=SYSTEM) == secret
        assert secret.encode() not in bytes(SecondFactor.objects.get().secret)

    def test_a_wrong_code_switches_nothing_on(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user()
        secret = services.begin_second_factor(user.id, actor=SYSTEM)
        with pytest.raises(CodeWrong):
            services.confirm_second_factor(user.id, code="abcdef", actor=SYSTEM)
        assert not queries.has_second_factor(user.id)
        services.confirm_second_factor(user.id, code=code_now(secret), actor=SYSTEM)
        with pytest.raises(SecondFactorThere):
            services.begin_second_factor(user.id, actor=SYSTEM)

    def test_a_code_opens_once(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user()
        secret, _plain = with_codes(user)
        with pytest.raises(CodeWrong):
            services.check_code(user.id, code=code_now(secret))
        frozen_clock.advance(seconds=30)
        services.check_code(user.id, code=code_now(secret))
        with pytest.raises(CodeWrong):
            services.check_code(user.id, code=code_now(secret))

    def test_five_wrong_codes_close_the_door_for_right_ones_too(self, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user()
        secret, _plain = with_codes(user)
        for _ in range(4):
            with pytest.raises(CodeWrong):
                services.check_code(user.id, code="000000x")
        with pytest.raises(CodesClosed):
            services.check_code(user.id, code="000000x")
        frozen_clock.advance(minutes=14)
        with pytest.raises(CodesClosed):
            services.check_code(user.id, code=code_now(secret))
        frozen_clock.advance(minutes=2)
        services.check_code(user.id, code=code_now(secret))

    def test_a_recovery_code_opens_once_in_any_spelling_and_is_told_by_mail(self) -> None:
        user = a_staff_user()
        _secret, plain = with_codes(user)
        assert len(plain) == 10
        services.check_code(user.id, code=plain[0].upper().replace("-", " "))
        with pytest.raises(CodeWrong):
            services.check_code(user.id, code=plain[0])
        assert queries.recovery_codes_left(user.id) == 9
        assert Mail.objects.filter(kind="staff.recovery_code_used").count() == 1
        hashes = {bytes(row.code_hash) for row in RecoveryCode.objects.all()}
        assert not any(one.encode() in stored for one in plain for stored in hashes)

    def test_new_recovery_codes_void_the_old_ones(self) -> None:
        user = a_staff_user()
        _secret, plain = with_codes(user)
        services.renew_recovery_codes(user.id, actor=SYSTEM)
        with pytest.raises(CodeWrong):
            services.check_code(user.id, code=plain[0])


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_typed_twice_at_once_opens_once() -> None:
    user = a_staff_user()
    _secret, plain = with_codes(user)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def use() -> None:
        barrier.wait()
        try:
            services.check_code(user.id, code=plain[0])
            outcomes.append("in")
        except CodeWrong:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=use) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]


class TestSigningIn:
    def test_the_password_alone_is_not_enough(self, client: Client, frozen_clock) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user("director", password=PASSWORD)
        secret, _plain = with_codes(user)
        frozen_clock.advance(minutes=1)
        assert sign_in(client, user)["Location"] == "/sign-in/code"
        assert client.get("/profile").status_code == 302
        assert client.post("/sign-in/code", {"code": "12345x"}).status_code == 422
        assert client.post("/sign-in/code", {"code": code_now(secret)}).status_code == 302
        assert client.get("/profile").status_code == 200

    def test_who_looks_for_the_phone_too_long_begins_again(
        self, client: Client, frozen_clock
    ) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user("director", password=PASSWORD)
        secret, _plain = with_codes(user)
        sign_in(client, user)
        frozen_clock.advance(minutes=6)
        answer = client.post("/sign-in/code", {"code": code_now(secret)})
        assert answer["Location"] == "/sign-in"
        assert client.get("/profile").status_code == 302

    def test_a_role_that_needs_codes_leads_to_them_before_anything_else(
        self, client: Client, frozen_clock
    ) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user("finance", password=PASSWORD)
        sign_in(client, user)
        assert client.get("/")["Location"] == SET_UP
        page = client.get(SET_UP)
        assert page.status_code == 200
        assert client.get(f"{SET_UP}/qr.svg")["Content-Type"] == "image/svg+xml"
        secret = services.begin_second_factor(user.id, actor=SYSTEM)
        done = client.post(SET_UP, {"code": code_now(secret)})
        assert done.content.decode().count("<li><code>") == 10
        assert client.get("/").status_code == 200

    def test_the_rule_is_a_setting_and_holds_for_who_is_in_already(self, client: Client) -> None:
        user = a_staff_user("marketer", password=PASSWORD)
        sign_in(client, user)
        assert client.get("/").status_code == 200
        change_setting("staff.second_factor_marketer", value=True, actor=SYSTEM)
        assert client.get("/")["Location"] == SET_UP

    def test_an_own_role_says_itself_whether_it_needs_codes(self, client: Client) -> None:
        role = services.create_role(
            name_en="Vault", name_zh="", purpose="", permissions=["malls.view_mall"],
            needs_second_factor=True, actor=SYSTEM,
        )  # fmt: skip
        sign_in(client, a_staff_user(role.code, password=PASSWORD))
        assert client.get("/")["Location"] == SET_UP

    def test_only_generated_accounts_can_be_exempt(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exemptions, "_exemptions", [lambda _user: True])
        made = a_staff_user("finance", password=PASSWORD)
        sign_in(client, made)
        assert client.get("/")["Location"] == SET_UP
        StaffUser.objects.filter(pk=made.pk).update(origin=Origin.GENERATED)
        other = Client()
        sign_in(other, made)
        assert other.get("/").status_code == 200
        assert "public logins" in other.get(SET_UP).content.decode()


class TestReset:
    def test_an_administrator_helps_and_the_person_hears_of_it(self, client: Client) -> None:
        user = a_staff_user("director", name="Dora")
        with_codes(user)
        theirs = Client()
        theirs.force_login(user)
        client.force_login(a_staff_user(name="Ann Admin"))
        assert client.post(f"/staff/{user.id}/second-factor/reset").status_code == 302
        assert not queries.has_second_factor(user.id)
        assert not RecoveryCode.objects.filter(user=user).exists()
        assert theirs.get("/profile").status_code == 302
        assert Mail.objects.filter(kind="staff.second_factor_reset").count() == 1
