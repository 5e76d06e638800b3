"""Checks: what is looked at, and what was found."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
logger = logging.getLogger(__name__)


class Status(StrEnum):
    """Well; look at it soon; act now."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"

    @property
    def exit_code(self) -> int:
        """What `mallard check` ends with."""
        return {Status.OK: 0, Status.WARN: 1, Status.FAIL: 2}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ``what`` is the case, and for a fault its ``cause`` and ``cure``.

    The sentences are translatable, with named placeholders filled from ``params``, so that one
    finding can be read in either language. Nothing personal and no secret in them.

    ``is_unset``: nothing went wrong, something was never set up (a mail server, backups).
    """

    status: Status
    what: Text
    cause: Text = ""
    cure: Text = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    is_unset: bool = False

    def sentences(self) -> dict[str, str]:
        """The three sentences in the language of the moment."""
        return {
            "what": str(self.what) % self.params,
            "cause": str(self.cause) % self.params,
            "cure": str(self.cure) % self.params,
        }


def well(what: Text, **params: Any) -> Finding:
    """All is well."""
    return Finding(Status.OK, what, params=params)


def warning(what: Text, *, cause: Text, cure: Text, **params: Any) -> Finding:
    """Something to look at soon."""
    return Finding(Status.WARN, what, cause, cure, params)


def unset(what: Text, *, cause: Text, cure: Text, **params: Any) -> Finding:
    """Something that was never set up: a warning, also where Mallard is only tried out, but there
    no reason to call anybody."""
    return Finding(Status.WARN, what, cause, cure, params, is_unset=True)


def failure(what: Text, *, cause: Text, cure: Text, **params: Any) -> Finding:
    """Something to act on now."""
    return Finding(Status.FAIL, what, cause, cure, params)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be looked at. ``run`` ends within some seconds by itself.

    ``is_quick``: cheap enough to be run whenever somebody looks at the page; the others are run by
    the job every five minutes, and the page shows what it found.
    """

    code: str
    title: Text
    run: Callable[[], Finding]
    is_quick: bool = False
    order: int = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check that was run: what it found and how long that took."""

    check: Check
    finding: Finding
    seconds: float


_checks: dict[str, Check] = {}
_trials: list[Callable[[], bool]] = []


def register_check(
    code: str,
    title: Text,
    run: Callable[[], Finding],
    *,
    is_quick: bool = False,
    order: int = 100,
) -> Check:
    """Make a check known; call it from ``AppConfig.ready``. A code twice is a mistake."""
    if code in _checks:
        raise ValueError(f"check {code} is registered twice")
    _checks[code] = Check(code, title, run, is_quick, order)
    return _checks[code]


def register_trial(is_trial: Callable[[], bool]) -> None:
    """Make known who can tell that this installation is there to be tried out (the demo)."""
    _trials.append(is_trial)


def excused(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What was never set up, where that is as it should be: on an installation to be tried out."""
    lacking = [one for one in outcomes if one.finding.is_unset]
    return lacking if lacking and any(is_trial() for is_trial in _trials) else []


def withdraw_check(code: str) -> None:
    """Make a check unknown again (tests)."""
    _checks.pop(code, None)


def registered_checks() -> list[Check]:
    """Every check, in the order in which people read them."""
    return sorted(_checks.values(), key=lambda check: (check.order, check.code))


def run_check(check: Check) -> Outcome:
    """Run one check. One that breaks is a finding too: what cannot be checked is not well."""
    began = time.perf_counter()
    try:
        finding = check.run()
    except Exception as error:
        logger.exception("check_failed", extra={"check": check.code})
        finding = failure(
            _("This could not be checked."),
            cause=_("The check itself ended with %(error)s."),
            cure=_(
                "See to the other faults first; if it stays, look for “check_failed” in the log."
            ),
            error=type(error).__name__,
        )
    return Outcome(check, finding, round(time.perf_counter() - began, 3))


def run_checks(*, only_quick: bool = False) -> list[Outcome]:
    """Run all checks, or the quick ones, one after the other."""
    return [run_check(check) for check in registered_checks() if check.is_quick or not only_quick]


def worst(statuses: list[Status]) -> Status:
    """The status of the whole: that of its worst part."""
    return max(statuses, key=lambda status: status.exit_code, default=Status.OK)
