"""Settings: declared, limited, changed on a screen, audited."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from mallard.kernel.access.actor import Actor, ActorKind, Scope, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Forbidden, Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.settings import Setting, declare_setting, setting_value, values
from mallard.kernel.settings.declaration import withdraw_setting
from mallard.kernel.settings.models import SettingValue
from mallard.kernel.settings.permissions import CHANGE_SETTING
from mallard.kernel.settings.services import change_setting
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

CODE = "settings.trial_minutes"
OPERATOR = system("tests")


@pytest.fixture(autouse=True)
def minutes() -> Iterator[Setting[int]]:
    yield declare_setting(
        CODE, "Trial", hint="How long.", default=15, minimum=1, maximum=60, unit="min"
    )
    withdraw_setting(CODE)


def test_no_row_means_the_default(minutes: Setting[int]) -> None:
    assert minutes.value == setting_value(CODE) == 15


def test_a_change_holds_at_once_and_is_audited(minutes: Setting[int]) -> None:
    change_setting(CODE, value=20, actor=OPERATOR)
    assert minutes.value == 20
    entry = Entry.objects.get(action="settings.setting_changed")
    assert entry.before == {"code": CODE, "value": 15}
    assert entry.after == {"code": CODE, "value": 20}


def test_going_back_to_the_default_leaves_no_row(minutes: Setting[int]) -> None:
    change_setting(CODE, value=20, actor=OPERATOR)
    change_setting(CODE, value=15, actor=OPERATOR)
    assert minutes.value == 15
    assert not SettingValue.objects.exists()


def test_no_change_leaves_no_trace() -> None:
    change_setting(CODE, value=15, actor=OPERATOR)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("value", [0, 61, True, "15"])
def test_a_value_out_of_limits_is_refused(value: object, minutes: Setting[int]) -> None:
    with pytest.raises(Invalid):
        change_setting(CODE, value=value, actor=OPERATOR)
    assert minutes.value == 15


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(NotFound):
        change_setting("settings.nothing", value=1, actor=OPERATOR)
    with pytest.raises(LookupError):
        setting_value("settings.nothing")


def test_somebody_of_one_mall_changes_nothing(minutes: Setting[int]) -> None:
    local = Actor(
        ActorKind.STAFF, uuid7(), "x", frozenset({CHANGE_SETTING}), Scope(mall_ids=frozenset())
    )
    with pytest.raises(Forbidden):
        change_setting(CODE, value=20, actor=local)
    assert minutes.value == 15


def test_a_kept_value_beyond_narrower_limits_counts_as_the_default(minutes: Setting[int]) -> None:
    SettingValue.objects.create(code=CODE, value=600)
    values.forget_values()
    assert minutes.value == 15


def test_another_process_sees_a_change_after_a_moment(
    minutes: Setting[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert minutes.value == 15
    SettingValue.objects.create(code=CODE, value=30)  # as another process would have
    assert minutes.value == 15
    monkeypatch.setattr(values.time, "monotonic", lambda: float("inf"))
    assert minutes.value == 30


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("nodot", {"default": True}),
        ("settings.number", {"default": 5}),
        ("settings.low", {"default": 5, "minimum": 6, "maximum": 9}),
        ("settings.choice", {"default": "x", "choices": {"y": "Y"}}),
        (CODE, {"default": True}),
    ],
)
def test_a_wrong_declaration_is_refused(code: str, more: dict) -> None:
    with pytest.raises(ValueError, match="setting"):
        declare_setting(code, "T", hint="H", **more)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_page_shows_and_changes_a_setting(administrator: Client, minutes: Setting[int]) -> None:
    assert "15 min" in administrator.get("/settings/").content.decode()
    refused = administrator.post(f"/settings/{CODE}", {"value": "99"})
    assert refused.status_code == 422
    assert 'value="99"' in refused.content.decode()
    assert administrator.post(f"/settings/{CODE}", {"value": "45"}).status_code == 302
    assert minutes.value == 45
    page = administrator.get("/settings/").content.decode()
    assert "45 min" in page
    assert "changed" in page


def test_switches_and_choices_have_their_fields(administrator: Client) -> None:
    declare_setting("settings.trial_switch", "Switch", hint="", default=True)
    declare_setting(
        "settings.trial_choice", "Choice", hint="", default="a", choices={"a": "Ay", "b": "Bee"}
    )
    try:
        assert administrator.post("/settings/settings.trial_switch", {}).status_code == 302
        assert setting_value("settings.trial_switch") is False
        page = "/settings/settings.trial_choice"
        assert administrator.post(page, {"value": "c"}).status_code == 422
        assert administrator.post(page, {"value": "b"}).status_code == 302
        assert "Bee" in administrator.get("/settings/").content.decode()
    finally:
        withdraw_setting("settings.trial_switch")
        withdraw_setting("settings.trial_choice")


def test_an_unknown_setting_is_not_found(administrator: Client) -> None:
    assert administrator.get("/settings/settings.nothing").status_code == 404
