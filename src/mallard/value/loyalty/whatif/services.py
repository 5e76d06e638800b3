"""Drafting a what-if, starting it, and running it: the one service behind the job."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying, statement_limits
from mallard.kernel.processes import fitting_processes
from mallard.value.loyalty.errors import WhatIfBegun, WhatIfNotFound, WhatIfTooLong
from mallard.value.loyalty.models import Programme, WhatIf, WhatIfStatus
from mallard.value.loyalty.permissions import SIMULATE
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.services.earning_rules import check_terms
from mallard.value.loyalty.services.programme import require_whole_group
from mallard.value.loyalty.whatif.draft import Counting, Draft, DraftRule
from mallard.value.loyalty.whatif.replay import replay

MAX_DAYS = 750
MOST_PROCESSES = 4


@atomic_retrying
def draft_what_if(
    *,
    name: str,
    first_day: dt.date,
    last_day: dt.date,
    tiers: Sequence[TierLevel],
    left_out: Collection[str],
    counting: Counting | None = None,
    expiry_months: int | None = None,
    actor: Actor,
) -> WhatIf:
    """A draft over a past period. Raises :class:`WhatIfTooLong` beyond two years."""
    actor.require(SIMULATE)
    require_whole_group(actor)
    if (last_day - first_day).days >= MAX_DAYS:
        raise WhatIfTooLong(days=MAX_DAYS)
    draft = Draft(
        left_out=tuple(sorted(left_out)),
        tiers=tuple(tiers),
        counting=counting,
        expiry_months=expiry_months,
    )
    row = WhatIf.objects.create(
        name=name,
        first_day=first_day,
        last_day=last_day,
        draft=draft.to_json(),
        created_by=actor.id,
        created_at=clock.now(),
    )
    record(actor, "loyalty.draft_what_if", "what_if", row.id, after={"name": name})
    return row


@atomic_retrying
def try_rule(what_if_id: UUID, rule: DraftRule, *, actor: Actor) -> WhatIf:
    """Put a rule into a draft, in place of the one of the same code. Raises :class:`WhatIfBegun`
    once it runs: a result keeps the draft that it came from."""
    row = _locked_draft(what_if_id, actor)
    parent = Programme.objects.order_by("code").first()
    if parent is not None:
        check_terms(rule.terms, parent)
    others = [one for one in row.draft["rules"] if one["code"] != rule.code]
    row.draft = {**row.draft, "rules": [*others, rule.to_json()]}
    row.save(update_fields=["draft"])
    return row


@atomic_retrying
def start_what_if(what_if_id: UUID, *, actor: Actor) -> WhatIf:
    """Let a job replay the period under the draft."""
    from mallard.value.loyalty.jobs import run_what_if as job

    row = _locked_draft(what_if_id, actor)
    row.status = WhatIfStatus.WAITING
    row.save(update_fields=["status"])
    job.defer(what_if_id=str(row.id))
    record(actor, "loyalty.start_what_if", "what_if", row.id, after={"name": row.name})
    return row


def run_what_if(what_if_id: UUID) -> None:
    """Replay and keep the result. It may be called again: the result is the same."""
    row = WhatIf.objects.filter(pk=what_if_id).exclude(status=WhatIfStatus.DONE).first()
    if row is None:
        return
    WhatIf.objects.filter(pk=row.pk).update(status=WhatIfStatus.RUNNING)

    def progress(done: int, total: int) -> None:
        WhatIf.objects.filter(pk=row.pk).update(done=done, total=total)

    started = time.monotonic()
    facts = programme()
    try:
        with statement_limits(statement_ms=0):
            draft = Draft.from_json(row.draft, facts.tiers)
            result = replay(
                row.first_day,
                row.last_day,
                facts,
                draft.programme(facts),
                progress,
                # Other processes see what is committed only.
                most_processes=1
                if connection.in_atomic_block
                else fitting_processes(MOST_PROCESSES),
            )
    except Exception:
        WhatIf.objects.filter(pk=row.pk).update(status=WhatIfStatus.FAILED)
        raise
    WhatIf.objects.filter(pk=row.pk).update(
        status=WhatIfStatus.DONE,
        result=result,
        seconds=round(time.monotonic() - started),
        finished_at=clock.now(),
    )


def _locked_draft(what_if_id: UUID, actor: Actor) -> WhatIf:
    actor.require(SIMULATE)
    require_whole_group(actor)
    row = WhatIf.objects.select_for_update().filter(pk=what_if_id).first()
    if row is None:
        raise WhatIfNotFound()
    if row.status != WhatIfStatus.DRAFT:
        raise WhatIfBegun()
    return row
