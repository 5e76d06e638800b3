"""How the URLs of tasks are called by the permission matrix, and who sees a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.permissions.places import STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always, of_task

# A task is given to a role at a store: seen by it, and by who steers or audits the place's tasks.
STEERING = frozenset({"administrator", "director", "crm_manager", "tenant_manager"})
DOERS = STEERING | {"sales_assistant"}


def new_task(_world: World, side: Side) -> Mapping[str, Any]:
    return {
        "title": "Ring them", "kind": "follow_up", "doer": "role:cashier", "priority": "20",
        "place": f"store:{side.store.id}",
    }  # fmt: skip


def a_task_at(_world: World, side: Side) -> Mapping[str, Any]:
    return {"title": "Ring them", "store_code": side.store.code}


TASKS = {
    "/tasks/": ANY,
    "/tasks/team": ANY,
    "/tasks/asked": ANY,
    "/tasks/all": ANY,
    "GET /tasks/new": ANY,
    "POST /tasks/new": Sample(body=new_task, seen=STORE_ROWS, names_rows_in_body=True),
    "/tasks/report-problem": Sample(body=always(page="/members/", words="It is empty")),
    "/tasks/<uuid:task_id>/": Sample(path=of_task, seen=STORE_ROWS, roles=DOERS | {"auditor"}),
    "/tasks/<uuid:task_id>/comments": Sample(
        path=of_task, seen=STORE_ROWS, body=always(body="Rang"), roles=DOERS | {"auditor"}
    ),
    **{
        f"/tasks/<uuid:task_id>/{name}": Sample(
            path=of_task, seen=STORE_ROWS, body=always(**body), roles=DOERS
        )
        for name, body in {
            "take": {},
            "assign": {"doer": "role:cashier"},
            "due": {"due_at": "2099-01-01"},
            "finish": {"outcome": "Rang"},
            "cancel": {},
            "reopen": {},
        }.items()
    },
    "GET /api/v1/tasks": ANY,
    "POST /api/v1/tasks": Sample(body=a_task_at, seen=STORE_ROWS, names_rows_in_body=True),
    "/api/v1/tasks/<task_id>/finish": Sample(
        path=of_task, seen=STORE_ROWS, body=always(outcome="Rang"), roles=STEERING
    ),
}
