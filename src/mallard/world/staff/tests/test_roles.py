"""The role catalogue says only what exists, and keeps apart what must be apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallard.kernel.access.permissions import declared_permissions, is_declared
from mallard.world.staff.queries import role_permissions
from mallard.world.staff.roles import _HELD_BY, _PEOPLE, ROLES

THE_TWELVE = {
    "director", "crm_manager", "marketer", "analyst", "finance", "leasing", "service_agent",
    "tenant_manager", "sales_assistant", "cashier", "stock_keeper", "auditor",
}  # fmt: skip


def test_there_are_the_twelve_roles_and_an_administrator() -> None:
    assert set(ROLES) == THE_TWELVE | {"administrator"}


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
def test_a_role_names_only_permissions_that_somebody_declared(role) -> None:  # type: ignore[no-untyped-def]
    assert [code for code in role_permissions(role) if not is_declared(code)] == []
    assert role_permissions(role)


def test_an_administrator_may_do_everything() -> None:
    everything = {permission.code for permission in declared_permissions()}
    assert role_permissions(ROLES["administrator"]) == everything


def test_an_auditor_changes_nothing() -> None:
    verbs = {code.split(".")[1].split("_")[0] for code in ROLES["auditor"].permissions}
    assert verbs <= {"view", "see", "explore", "verify"}


@pytest.mark.parametrize("role", ["analyst", "marketer", "auditor", "cashier", "stock_keeper"])
def test_who_need_not_know_names_neither_sees_nor_reveals_them(role: str) -> None:
    assert not {"members.view_name", "members.reveal_identity"} & ROLES[role].permissions


def test_each_role_holds_what_is_written_down_and_nothing_else() -> None:
    """A right that a role gains or loses is seen in review, however the table is written."""
    written = Path(__file__).with_name("role_permissions.txt").read_text().splitlines()
    held = [
        f"{role.code} {permission}"
        for role in ROLES.values()
        if not role.is_everything
        for permission in sorted(role.permissions)
    ]
    assert held == written


def test_each_column_of_the_table_is_one_role() -> None:
    letters = "".join(letter for letter, *_rest in _PEOPLE)
    for lines in _HELD_BY.values():
        for holders, permissions in lines:
            assert len(holders) == len(letters), permissions
            assert all(mark in (".", letter) for mark, letter in zip(holders, letters, strict=True))
