"""The contract that keeps doors shut notices who reaches behind one."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from tools.doors import DoorsContract


def contract() -> DoorsContract:
    return DoorsContract(
        name="doors",
        session_options={"root_packages": ["mallard"]},
        contract_options={"private": ["locks", "api"], "allowed": ["mallard.surfaces.api -> api"]},
    )


def broken_by(importer: str, imported: str) -> list[tuple[str, str, int]]:
    graph = ImportGraph()
    graph.add_import(
        importer=importer, imported=imported, line_number=7, line_contents="from there import it"
    )
    return contract().check(graph, verbose=False).metadata["broken"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("mallard.value.sales.services", "mallard.world.members.locks"),
        ("mallard.value.sales.services", "mallard.world.members.locks.rows"),
        ("mallard.surfaces.api.root", "mallard.world.members.locks"),
    ],
)
def test_another_apps_private_module_is_refused(importer: str, imported: str) -> None:
    assert broken_by(importer, imported) == [(importer, imported, 7)]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("mallard.world.members.services", "mallard.world.members.locks"),
        ("mallard.value.sales.services", "mallard.world.members.services"),
        ("mallard.surfaces.api.root", "mallard.world.members.api"),
    ],
)
def test_an_apps_own_modules_and_open_doors_are_free(importer: str, imported: str) -> None:
    assert broken_by(importer, imported) == []
