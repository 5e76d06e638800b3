"""Probes: what a security check looks at. Apps above register their own at start-up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.registry import Finding, Status, failure, worst

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look at; ``run`` gives everything it found, well or not."""

    code: str
    title: str | Promise
    run: Callable[[], Sequence[Finding]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe found."""

    probe: Probe
    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        return worst([finding.status for finding in self.findings])

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.status is not Status.OK]


_probes: dict[str, Probe] = {}
Follower = Callable[[Sequence[Probed]], None]
_followers: list[Follower] = []


def register_probe(probe: Probe) -> None:
    """Make a probe known; the same code again replaces it."""
    _probes[probe.code] = probe


def register_follower(follower: Follower) -> None:
    """Say who acts on what was found, in the transaction that keeps the report."""
    if follower not in _followers:
        _followers.append(follower)


def followers() -> list[Follower]:
    return list(_followers)


def run_probes() -> list[Probed]:
    """Look at everything. What cannot be looked at is a fault, too."""
    return [
        _run(probe) for probe in sorted(_probes.values(), key=lambda one: (one.order, one.code))
    ]


def _run(probe: Probe) -> Probed:
    try:
        return Probed(probe, tuple(probe.run()))
    except Exception as error:
        logger.exception("probe_failed", extra={"check": probe.code})
        broken = failure(
            _("This could not be checked."),
            cause=_("The check itself ended with %(error)s."),
            cure=_("Look for “probe_failed” in the log."),
            error=type(error).__name__,
        )
        return Probed(probe, (broken,))
