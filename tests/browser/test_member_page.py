"""The member page in a real browser: axe, policy, width, both languages and themes; and offline."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.http import limits
from mallard.surfaces.portal.tests.factories import PHONE, Shopper, a_shopper, returned
from mallard.value.ledger.models import FunderKind
from mallard.value.rewards import services as rewards
from mallard.value.rewards.inputs import DeskInput, RewardInput
from mallard.value.rewards.models import Redemption
from mallard.value.rewards.models import Status as RedemptionStatus
from mallard.value.rewards.rules import shown_code
from mallard.world.members.inputs import MemberRef
from mallard.world.members.queries import find_by_identities
from mallard.world.memberweb import services
from mallard.world.memberweb.card_codes import check_signed, read_code
from mallard.world.memberweb.cards import our_public_keys
from mallard.world.memberweb.models import CardPhone, SignInCode, WayIn
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.sessions import COOKIE
from mallard.world.memberweb.tests.test_services import sent_code
from mallard.world.staff.tests.factories import a_staff_user
from tests.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [
    ("light", "zh-hans"),
    ("dark", "en"),
    pytest.param("dark", "zh-hans", marks=pytest.mark.drill),
    pytest.param("light", "en", marks=pytest.mark.drill),
]
PHONE_PX = 360
KEPT = "mallard-member"
CARD = f"6{PHONE}"


@pytest.fixture
def shopper() -> Shopper:
    limits.forget_leases()
    return a_shopper()


def come_in(opened: Visit, shopper: Shopper) -> Visit:
    """Sign the browser of ``opened`` in as the member."""
    token = begin_session(shopper.member, way_in=WayIn.CODE).token
    opened.page.context.add_cookies(
        [{"name": COOKIE, "value": token, "domain": "localhost", "path": "/m/"}]
        if "localhost" in opened.origin
        else [{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/m/"}]
    )
    return opened


def kept(page: Page) -> list[str]:
    """The addresses of what the phone keeps that is personal."""
    return page.evaluate(
        "async name => (await caches.has(name)) ? (await (await caches.open(name)).keys())"
        ".map(request => new URL(request.url).pathname) : []",
        KEPT,
    )


def wait_until_kept(page: Page) -> None:
    page.wait_for_function(
        "async name => (await caches.has(name)) && (await (await caches.open(name)).keys()).length",
        arg=KEPT,
    )


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_members_pages(visit: Any, shopper: Shopper, theme: str, language: str) -> None:
    returned(shopper)
    opened = visit("/m/sign-in", theme=theme, language=language, width=PHONE_PX)
    opened.check()
    opened.go("/m/offline").check()
    come_in(opened, shopper)
    pages = (
        "/m/",
        "/m/card",
        "/m/points",
        "/m/points/expiring",
        "/m/receipts",
        f"/m/receipts/{shopper.receipts['R-2']}",
        "/m/me",
        "/m/friends",
        "/m/friends/K7P2WXQ9",
        "/m/me/sessions",
        "/m/me/consents",
        "/m/me/requests",
        "/m/no-such-page",
    )
    opened.tour(pages)
    opened.go("/m/me/consents").page.locator("summary").first.click()
    opened.check()


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_a_reward_is_taken_on_the_phone(
    visit: Any, shopper: Shopper, theme: str, language: str
) -> None:
    offer_rewards(shopper)
    opened = visit("/m/sign-in", theme=theme, language=language, width=PHONE_PX)
    page = come_in(opened, shopper).go("/m/rewards").page
    opened.check()
    page.locator("main a.row").first.click()
    opened.check()
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/m/rewards/taken/*")
    opened.check()
    page.locator("main .btn-primary").click()
    opened.check()
    row = Redemption.objects.get()
    assert row.status == RedemptionStatus.CONFIRMED
    expect(page.get_by_text(shown_code(row.code))).to_be_visible()
    expect(page.locator(".scan-qr svg")).to_be_visible()
    opened.go("/m/").check()
    opened.go("/m/rewards").check()


def offer_rewards(shopper: Shopper) -> None:
    """A service at a desk that two of the member's purchases pay for, and one out of reach."""
    actor, mall = system("tests"), shopper.world.place.lakeside
    rewards.save_desks(
        [DeskInput(code="LAKE-D1", mall_id=mall.pk, name_en="Front desk", name_zh="服务台")],
        actor=actor,
    )
    for code, points in (("CUP", 200), ("SPA", 90_000)):
        rewards.create_reward(
            RewardInput(
                code=code,
                kind="service",
                points=points,
                price_minor=500,
                currency="CNY",
                funder_kind=FunderKind.MALL.value,
                funder_id=mall.pk,
                is_counted=False,
                name_en=f"Reward {code}",
                name_zh=f"礼品 {code}",
            ),
            actor=actor,
        )


def test_pages_also_fit_a_desk(visit: Any, shopper: Shopper) -> None:
    opened = come_in(visit("/m/sign-in", width=1280), shopper)
    opened.tour(("/m/", "/m/card", "/m/me/consents"))


def test_a_member_comes_in_by_code_with_the_keyboard(visit: Any, shopper: Shopper) -> None:
    opened = visit("/m/", width=PHONE_PX)
    page = opened.page
    page.keyboard.press("Tab")
    page.keyboard.type(PHONE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/sign-in/code")
    opened.settle().check()
    services.send_code(SignInCode.objects.get().id)
    page.fill("[name=code]", "000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".field-error")
    opened.check()
    page.fill("[name=code]", sent_code(shopper.member))
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/")
    assert page.get_by_text(CARD).count()


def test_the_card_works_offline_and_nothing_else_is_kept(visit: Any, shopper: Shopper) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    for path in ("/m/", "/m/points", "/m/me", "/m/receipts"):
        opened.go(path)
    wait_until_kept(page)
    assert kept(page) == ["/m/card"]
    everything = page.evaluate(
        "async () => { const texts = []; for (const name of await caches.keys()) {"
        " const cache = await caches.open(name);"
        " for (const request of await cache.keys())"
        " texts.push(await (await cache.match(request)).text()); } return texts.join(' ') }"
    )
    for personal in ("王小明", "1,390", "example.com", "138****5678"):
        assert personal not in everything
    page.context.set_offline(True)
    for path in ("/m/card", "/m/", "/m/points"):
        opened.go(path)
        assert page.locator(".scan-number").inner_text().replace(" ", "").endswith(CARD)
        assert page.locator("[data-offline-note]").is_visible()
    opened.complaints.clear()
    opened.check()
    page.context.set_offline(False)
    opened.go("/m/points")
    page.locator("[data-offline-note]").wait_for(state="hidden")


def code_of(page: Page) -> tuple[str, str]:
    """The digits and the QR's text that the card shows now."""
    page.wait_for_selector("[data-code]:not([hidden]) [data-code-qr] svg")
    place = page.locator("[data-code]")
    return str(place.get_attribute("data-code")), str(place.get_attribute("data-text"))


def finds(text: str) -> Any:
    ref = MemberRef("card_code", text)
    found = find_by_identities([ref]).get(ref)
    return found and found.survivor_id


def test_the_phone_makes_codes_without_a_connection(visit: Any, shopper: Shopper) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    opened.go("/m/card")
    digits, text = code_of(page)
    assert finds(digits) == finds(text) == shopper.member.id
    phone = CardPhone.objects.get()
    opened.check()
    wait_until_kept(page)
    page.context.set_offline(True)
    opened.go("/m/points")
    later = page.evaluate("() => Date.now() + 3600_000")
    page.clock.install(time=later / 1000)
    opened.go("/m/card")
    digits, text = code_of(page)
    code = read_code(text)
    assert code is not None
    assert code.signed is not None
    at = dt.datetime.fromtimestamp(later / 1000, tz=dt.UTC)
    checked = check_signed(code.signed, our_public_keys(), at)
    assert (checked.number, digits[2:10]) == (phone.number, phone.number)
    with clock.frozen(at):
        assert finds(digits) == finds(text) == shopper.member.id
    page.clock.run_for(31_000)
    assert code_of(page)[0] != digits
    opened.complaints.clear()
    assert CardPhone.objects.count() == 1


def test_a_phone_with_a_wrong_clock_makes_codes_of_the_malls_time(
    visit: Any, shopper: Shopper
) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    page.clock.install(time=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=20))
    opened.go("/m/card")
    page.wait_for_selector("[data-code-clock]:not([hidden])")
    digits, text = code_of(page)
    assert finds(digits) == finds(text) == shopper.member.id
    opened.check()


def test_the_secret_is_out_of_the_pages_reach_and_gone_with_the_sign_out(
    visit: Any, shopper: Shopper
) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    opened.go("/m/card")
    text = code_of(page)[1]
    kept_keys = """async () => {
        const database = await new Promise(done => {
            const asked = indexedDB.open("mallard-card");
            asked.onsuccess = () => done(asked.result);
        });
        if (!database.objectStoreNames.contains("phone")) { database.close(); return null; }
        const kept = await new Promise(done => {
            const asked = database.transaction("phone").objectStore("phone").get("phone");
            asked.onsuccess = () => done(asked.result);
        });
        database.close();
        return kept && [kept.hmac.extractable, kept.keys.privateKey.extractable];
    }"""
    assert page.evaluate(kept_keys) == [False, False]
    opened.go("/m/me")
    page.locator("[data-sign-out] button").click()
    page.wait_for_url("**/m/sign-in")
    assert page.evaluate(kept_keys) is None
    assert finds(text) is None


def test_a_sign_out_forgets_the_card(visit: Any, shopper: Shopper) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    opened.go("/m/me")
    wait_until_kept(page)
    page.locator("[data-sign-out] button").click()
    page.wait_for_url("**/m/sign-in")
    opened.settle().check()
    assert kept(page) == []
    page.context.set_offline(True)
    page.goto(opened.origin + "/m/card") if _has_worker(page) else None
    assert CARD not in page.content().replace(" ", "")


def test_a_session_that_was_ended_elsewhere_forgets_the_card_too(
    visit: Any, shopper: Shopper
) -> None:
    opened = come_in(visit("/m/sign-in", width=PHONE_PX), shopper)
    page = opened.page
    opened.go("/m/")
    wait_until_kept(page)
    services.end_all([shopper.member.id])
    opened.go("/m/points")
    assert page.url.endswith("/m/sign-in")
    page.wait_for_function("async name => !(await caches.has(name))", arg=KEPT)


def _has_worker(page: Page) -> bool:
    return bool(page.evaluate("() => Boolean(navigator.serviceWorker.controller)"))


@pytest.mark.parametrize(
    ("theme", "language", "width"), [("light", "en", 1280), ("dark", "zh-hans", 360)]
)
def test_the_desk_shows_a_link_that_the_member_opens(
    visit: Any, shopper: Shopper, theme: str, language: str, width: int
) -> None:
    staff = a_staff_user("service_agent")
    path = f"/members/{shopper.member.id}/page-link"
    opened = visit(path, user=staff, theme=theme, language=language, width=width)
    opened.check()
    opened.page.locator("main form .btn-primary").click()
    opened.page.wait_for_selector(".qr-frame svg")
    opened.settle().check()
    token = opened.page.locator("[data-copy]").get_attribute("data-copy").rpartition("/")[2]
    phone = visit(f"/m/open/{token}", theme=theme, language=language, width=PHONE_PX)
    phone.check()
    phone.page.locator("main .btn-primary").click()
    phone.page.wait_for_url("**/m/")
    assert phone.page.get_by_text(CARD).count()
