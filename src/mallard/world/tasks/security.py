"""What the weekly security check found becomes tasks for administrators, one a probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import system
from mallard.kernel.health.registry import Status
from mallard.kernel.security.registry import Probed, register_follower
from mallard.world.staff.roles import ADMINISTRATOR
from mallard.world.tasks.inputs import TaskInput
from mallard.world.tasks.kinds import ALERT, Message, register_kind
from mallard.world.tasks.models import Priority
from mallard.world.tasks.services import open_tasks, settle_tasks

KIND = replace(
    ALERT,
    code="security",
    name=_("Security"),
    icon="shield-check",
    target_hours=168,
    default_role=ADMINISTRATOR,
    messages={
        "found": Message(
            _("Security check: %(probe)s"),
            _("Settings › Security check says what was found, why, and what to do."),
        )
    },
)


def register() -> None:
    """The kind of task, and following what is found."""
    register_kind(KIND)
    register_follower(follow)


def follow(probed: Sequence[Probed]) -> None:
    """Open what is new, and settle what is well again. One task stays open for as long as its
    probe is not well."""
    actor = system("security check")
    faulty = [one for one in probed if one.status is not Status.OK]
    well = [_key(one) for one in probed if one.status is Status.OK]
    open_tasks(
        [
            TaskInput(
                kind=KIND.code,
                message="found",
                params={"probe": _in_both_languages(one.probe.title)},
                key=_key(one),
                priority=Priority.HIGH if one.status is Status.FAIL else Priority.NORMAL,
            )
            for one in faulty
        ],
        actor=actor,
    )
    settle_tasks(KIND.code, well, actor=actor)


def _key(one: Probed) -> str:
    return f"security:{one.probe.code}"


def _in_both_languages(text: str | Promise) -> dict[str, str]:
    words = {}
    for language, name in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(language):
            words[name] = str(text)
    return words
