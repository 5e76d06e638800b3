from __future__ import annotations

import pytest

from mallard.kernel.outbox.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("mallard.surfaces.api.tests.urls")]


def problem(response, status: int, code: str) -> dict:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:mallard:problem:{code}"
    assert body["title"]
    assert body["instance"] == response["X-Request-ID"]
    return body


def test_every_refusal_is_a_problem(call):
    problem(call("get", "/lamps", key=None), 401, "http.key_needed")
    problem(call("get", "/lamps", key="mk_wrong"), 401, "http.key_needed")
    problem(call("get", "/lamps", key="mk_reader_secret"), 403, "access.missing_permission")
    problem(call("get", "/nowhere"), 404, "kernel.not_found")
    problem(call("get", "/broken/missing"), 404, "kernel.not_found")
    problem(call("delete", "/lamps"), 405, "http.method_not_allowed")
    problem(call("get", "/broken/database"), 503, "kernel.unavailable")
    problem(call("get", "/broken/otherwise"), 500, "http.unexpected")
    problem(call("post", "/lamps", "{not json"), 400, "http.unreadable")
    problem(call("post", "/lamps", b'{"name": "\xff"}'), 400, "http.unreadable")
    problem(call("post", "/lamps", '{"name": "a\\u0000b", "watts": 1}'), 400, "http.unreadable")
    problem(call("get", "/lamps?cursor=%00"), 400, "http.unreadable")
    problem(call("get", "/broken/%00"), 400, "http.unreadable")
    problem(call("get", "/broken/range"), 422, "kernel.invalid")
    assert not OutboxEvent.objects.exists()


def test_refusals_say_what_to_send_next(call):
    assert call("get", "/lamps", key=None)["WWW-Authenticate"].startswith("Bearer")
    assert call("get", "/broken/database")["Retry-After"] == "5"
    assert set(call("delete", "/lamps")["Allow"].split(", ")) == {"GET", "POST"}


def test_unexpected_error_reveals_nothing(call):
    response = call("get", "/broken/otherwise")
    assert b"13812345678" not in response.content
    assert b"LookupError" not in response.content


def test_fields_at_fault_are_named_without_repeating_what_was_sent(call):
    body = problem(
        call("post", "/lamps", {"name": "", "watts": "13812345678 W"}), 422, "kernel.invalid"
    )
    assert {each["field"] for each in body["errors"]} == {"name", "watts"}
    assert "13812345678" not in str(body)
    body = problem(
        call("post", "/batches", {"items": [{"name": "a", "watts": 1}, {"watts": 1001}]}),
        422,
        "kernel.invalid",
    )
    assert [each["field"] for each in body["errors"]] == ["items.1.name", "items.1.watts"]
    assert not OutboxEvent.objects.exists()


def test_refusals_speak_the_language_of_the_reader(call):
    chinese = {"Accept-Language": "zh-Hans"}
    english = call("get", "/nowhere").json()["title"]
    assert call("get", "/nowhere", **chinese).json()["title"] == "没有找到您要的内容。"
    assert english == "We could not find that."
    errors = call("post", "/lamps", {"watts": 1}, **chinese).json()["errors"]
    assert errors == [{"field": "name", "message": "这一项必须填写。"}]


def test_too_large_a_request_is_refused_unread(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = {"name": "x", "watts": 1, "extra": "y" * 2000}
    problem(call("post", "/lamps", body), 413, "http.too_large")
    assert not OutboxEvent.objects.exists()


def test_request_id_is_the_callers_when_it_is_well_formed(call):
    assert call("get", "/open", **{"X-Request-ID": "till-7-0001"})["X-Request-ID"] == "till-7-0001"
    assert call("get", "/open", **{"X-Request-ID": "a b\n"})["X-Request-ID"] != "a b\n"


def test_document_names_refusals_permissions_keys_and_examples(call):
    document = call("get", "/openapi.json", key=None).json()
    assert document["openapi"] == "3.1.0"
    post = document["paths"]["/api/v1/lamps"]["post"]
    assert post["operationId"] == "tests.light_lamp"
    assert post["security"] == [{"ApiKey": []}]
    assert post["responses"]["409"] == {"$ref": "#/components/responses/Problem409"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) >= {"type", "code"}
    examples = post["requestBody"]["content"]["application/json"]["examples"]
    assert examples["zh-Hans"]["value"]["name"] == "台灯"
    headers = {each["name"]: each for each in post["parameters"] if each["in"] == "header"}
    assert headers["Idempotency-Key"]["required"] is False
    assert "Accept-Language" in headers
    strict = document["paths"]["/api/v1/strict-lamps"]["post"]["parameters"]
    assert [each["required"] for each in strict if each["name"] == "Idempotency-Key"] == [True]
    assert document["tags"] == [{"name": "lamps"}]
    assert call("get", "/open", key=None).json() == {"open": True}
