"""The check that the API only adds can go red, for each way of taking something away."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tools.compatible import breaches, newest
from tools.openapi import SNAPSHOT

RELEASED: dict[str, Any] = {
    "paths": {
        "/things": {
            "get": {
                "parameters": [{"in": "query", "name": "kind", "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Thing"},
                                }
                            }
                        }
                    }
                },
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}
                    }
                },
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"type": "string", "enum": ["open", "closed"]},
                },
            },
            "NewThing": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "colour": {"type": "string", "enum": ["red", "blue"]},
                },
            },
        }
    },
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(RELEASED)
    change(document)
    return document


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def get(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/things"]["get"]
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["paths"].pop("/things"), "/things: is gone"),
        (lambda d: d["paths"]["/things"].pop("post"), "POST /things: is gone"),
        (lambda d: schema(d, "Thing")["properties"].pop("state"), "field state is gone"),
        (lambda d: schema(d, "Thing")["properties"]["state"]["enum"].pop(), "value closed is gone"),
        (lambda d: schema(d, "Thing").update(required=[]), "field id may be missing now"),
        (
            lambda d: schema(d, "Thing")["properties"]["id"].update(type="integer"),
            "was string and is integer",
        ),
        (
            lambda d: schema(d, "NewThing").update(required=["name", "colour"]),
            "field colour is required now",
        ),
        (lambda d: schema(d, "NewThing")["properties"].pop("colour"), "is taken no longer"),
        (
            lambda d: schema(d, "NewThing")["properties"]["colour"]["enum"].remove("blue"),
            "value blue is gone",
        ),
        (lambda d: get(d)["parameters"].clear(), "parameter kind is gone"),
        (lambda d: get(d)["parameters"][0].update(required=True), "kind is required now"),
        (lambda d: get(d)["responses"].pop("200"), "no longer answers 200"),
    ],
)
def test_taking_something_away_is_refused(
    change: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert any(said in line for line in breaches(RELEASED, changed(change)))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].update({"/more": {"get": {"responses": {"200": {}}}}}),
        lambda d: schema(d, "Thing")["properties"].update(colour={"type": "string"}),
        lambda d: schema(d, "Thing")["properties"]["state"]["enum"].append("lost"),
        lambda d: schema(d, "NewThing")["properties"].update(size={"type": "integer"}),
        lambda d: schema(d, "NewThing").update(required=[]),
        lambda d: get(d)["parameters"].append({"in": "query", "name": "more", "schema": {}}),
        lambda d: get(d).update(deprecated=True),
    ],
)
def test_adding_is_free(change: Callable[[dict[str, Any]], object]) -> None:
    assert breaches(RELEASED, changed(change)) == []


def test_our_own_document_would_be_caught() -> None:
    last = newest()
    assert last is not None
    released = json.loads(last.read_text("utf-8"))
    assert breaches(released, json.loads(SNAPSHOT.read_text("utf-8"))) == []
    less = copy.deepcopy(released)
    gone = sorted(less["paths"])[0]
    del less["paths"][gone]
    assert breaches(released, less) == [f"{gone}: is gone"]
