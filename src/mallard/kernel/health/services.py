"""Keeping what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.health.events import CheckChanged
from mallard.kernel.health.locks import lock_states
from mallard.kernel.health.models import CheckState, Evidence
from mallard.kernel.health.registry import Finding, Outcome, Status, registered_checks
from mallard.kernel.outbox.services import announce


@atomic_retrying
def keep_outcomes(outcomes: Sequence[Outcome], *, actor: Actor) -> list[CheckState]:
    """Write what the checks found; announces `CheckChanged` for each whose status is another.

    Returns the states that changed. A check seen for the first time counts as having been well.
    States of checks that are no longer registered go away.
    """
    moment = clock.now()
    known = lock_states()
    changed, events = [], []
    for outcome in outcomes:
        code, status = outcome.check.code, outcome.finding.status.value
        state = known.get(code) or CheckState(code=code, status=Status.OK.value, since=moment)
        previous = state.status
        if previous != status:
            state.status, state.since = status, moment
            changed.append(state)
            events.append(
                CheckChanged(subject_id=state.id, code=code, status=status, previous=previous)
            )
        state.texts, state.checked_at = in_every_language(outcome.finding), moment
        state.save()
    CheckState.objects.exclude(code__in=[check.code for check in registered_checks()]).delete()
    announce(events, actor=actor)
    return changed


def in_every_language(finding: Finding) -> dict[str, dict[str, str]]:
    """The finding's sentences by language code."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = finding.sentences()
    return texts


def note_evidence(code: str, *, is_good: bool, figures: Mapping[str, Any] | None = None) -> None:
    """Note what a long examination found, for the check that asks for it.

    ``code`` is the app and what was done (``ledger.verified``); ``figures`` is plain JSON, nothing
    personal.
    """
    Evidence.objects.update_or_create(
        code=code,
        defaults={"found_at": clock.now(), "is_good": is_good, "figures": dict(figures or {})},
    )
