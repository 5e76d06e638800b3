"""The product's own document, as it is assembled from all apps."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client) -> dict[str, Any]:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_every_reference_in_the_document_leads_somewhere(document):
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(document))):
        place: Any = document
        for part in reference.split("/"):
            place = place[part]


def test_every_route_is_authenticated_and_named_once(document):
    operations = [details for methods in document["paths"].values() for details in methods.values()]
    names = [details["operationId"] for details in operations]
    assert len(set(names)) == len(names)
    assert all(details.get("security") == [{"ApiKey": []}] for details in operations)
    assert all(details["summary"] for details in operations)


def test_reference_page_is_made_from_it(client, document):
    page = client.get("/api/").content.decode()
    for path in document["paths"]:
        assert path in page


def test_no_route_answers_without_a_key(client, document):
    for path, methods in document["paths"].items():
        for method in methods:
            address = re.sub(r"{[^}]+}", "00000000-0000-7000-8000-000000000000", path)
            response = getattr(client, method)(address)
            assert response.status_code == 401, f"{method} {path}"
            assert response["Content-Type"] == "application/problem+json"
