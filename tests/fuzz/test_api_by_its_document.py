"""The API keeps what its own OpenAPI document promises, whatever is sent.

Schemathesis makes requests from the document: well-formed ones, of which some name rows that
exist, and malformed ones. Nothing may answer 5xx, and every answer must be one that the document
names, in the shape that it says. The sample is seeded; `make drill` sends many times as many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mallard.config.wsgi import application
from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.kernel.access.permissions import declared_permissions
from mallard.kernel.clock import now
from mallard.world.members.models import Identity, Member
from mallard.world.staff.services import create_api_key
from tests.journeys.town import LILI_PHONE, Town, a_town

pytestmark = pytest.mark.django_db(transaction=True)

SEED = 20_260_302
EXAMPLES = {"everything": 4, "narrow": 2}
"""For each operation and mode; a narrow key is refused most of the time."""
EXAMPLES_IN_THE_DRILL = 400
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NARROW = ("members.view_member", "sales.view_receipt", "ledger.view_wallet", "malls.view_store")


@pytest.fixture
def town(transactional_db: None) -> Town:
    return a_town()


def a_key(name: str, permissions: tuple[str, ...], scope: Scope) -> str:
    made = create_api_key(
        name=name, scope=scope, permissions=permissions, expires_at=None, actor=system("fuzz")
    )
    return made.plain


def rows_that_exist(town: Town) -> Mapping[str, Any]:
    """What a caller who knows the place would write for these names, in addresses and bodies."""
    return {
        "member_id": str(town.lili),
        "identity_id": str(Identity.objects.filter(member_id=town.lili).earliest("id").pk),
        "receipt_id": str(town.receipt("BREAD-0042").pk),
        "store": town.bakery.code,
        "store_code": town.bakery.code,
        "mall_code": town.bakery.mall.code,
        "receipt_number": "BREAD-0042",
        "number": "BREAD-0042",
        "occurred_at": now().isoformat(),
        "currency": "CNY",
        "sku": "BREAD-1",
        "code": "BREAD-1",
        "category_code": "bread",
        "kind": "phone",
        "value": LILI_PHONE,
    }


def with_known(value: Any, known: Mapping[str, Any]) -> Any:
    """``value`` with known names in place of made-up texts."""
    if isinstance(value, dict):
        return {
            name: known[name]
            if name in known and isinstance(each, str)
            else with_known(each, known)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [with_known(each, known) for each in value]
    return value


def operations() -> Iterator[Any]:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for result in document.get_all_operations():
        yield result.ok()


def faults_of(
    operation: Any, key: str, known: Mapping[str, Any], mode: GenerationMode, examples: int
) -> str | None:
    """What the operation does wrong, with the smallest request that shows it."""

    @seed(SEED)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), names_rows=st.booleans())
    def promise(case: Any, names_rows: bool) -> None:
        if names_rows and mode is GenerationMode.POSITIVE:
            case.path_parameters = with_known(case.path_parameters or {}, known)
            case.body = with_known(case.body, known)
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(answer, checks=CHECKS)

    try:
        promise()
    except FailureGroup as failures:
        return "\n".join(str(failure) for failure in failures.exceptions)
    return None


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("reach", ["everything", "narrow"])
def test_the_api_keeps_what_its_document_promises(
    town: Town, reach: str, mode: GenerationMode
) -> None:
    send_requests(town, reach, mode, EXAMPLES[reach])


def send_requests(town: Town, reach: str, mode: GenerationMode, examples: int) -> None:
    """Every operation, as a key of that reach; fails with all faults that were found."""
    if reach == "everything":
        everything = tuple(permission.code for permission in declared_permissions())
        key = a_key("all", everything, WHOLE_GROUP)
    else:
        key = a_key("narrow", NARROW, Scope(store_ids=frozenset({town.bakery.id})))
    known = rows_that_exist(town)
    members = Member.objects.count()
    faults = {
        operation.label: fault
        for operation in operations()
        if (fault := faults_of(operation, key, known, mode, examples))
    }
    assert not faults, "\n\n".join(f"{label}\n{fault}" for label, fault in faults.items())
    if reach == "narrow":
        assert Member.objects.count() == members


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("reach", ["everything", "narrow"])
def test_the_api_keeps_its_promises_at_length(town: Town, reach: str, mode: GenerationMode) -> None:
    send_requests(town, reach, mode, EXAMPLES_IN_THE_DRILL)
