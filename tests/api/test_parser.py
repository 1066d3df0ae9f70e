"""The strict parser: what it refuses, and that it says why."""

import json
from typing import Any

import pytest
from rest_framework.exceptions import ParseError

from api.parser import MAX_BODY, MAX_DEPTH, parse

pytestmark = pytest.mark.sqlite

REFUSED = {
    "a NUL escape": (b'{"a": "x\\u0000y"}', "NUL"),
    "a NUL in a name": (b'{"a\\u0000": 1}', "NUL"),
    "a raw NUL": (b'{"a": "\x00"}', "not valid JSON"),
    "a lone high surrogate": (b'{"a": "\\ud800"}', "surrogate"),
    "a lone low surrogate deep inside": (b'{"a": [{"b": "\\udc00"}]}', "surrogate"),
    "a name that stands twice": (b'{"a": 1, "a": 2}', "twice"),
    "a nested name that stands twice": (b'{"a": {"b": 1, "b": 1}}', "twice"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": -Infinity}', "Infinity"),
    "a float beyond floats": (b'{"a": 1e999}', "too large"),
    "an integer of five thousand digits": (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
    "nesting below the limit": (b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", "nested"),
    "a hundred thousand brackets": (b'{"a":' + b"[" * 100_000, "nested"),
    "an array": (b"[1]", "object"),
    "a string": (b'"a"', "object"),
    "null": (b"null", "object"),
    "Latin-1": ('{"a": "é"}'.encode("latin-1"), "UTF-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', "not valid JSON"),
    "half an object": (b'{"a": ', "not valid JSON"),
    "single quotes": (b"{'a': 1}", "not valid JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_parser_refuses(name: str) -> None:
    body, word = REFUSED[name]
    with pytest.raises(ParseError, match=word):
        parse(body)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": "é 🎉"},
        {"a": "\ud83c\udf89".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"a": [1, 2.5, None, True]},
    ],
)
def test_the_parser_takes(value: dict[str, Any]) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


def test_the_deepest_level_allowed_is_taken() -> None:
    levels = MAX_DEPTH - 1
    assert parse(b'{"a":' + b"[" * levels + b"]" * levels + b"}")


def test_an_empty_body_is_an_empty_object() -> None:
    assert parse(b"") == {} == parse(b" \n")


@pytest.mark.parametrize("name", ["a NUL escape", "a name that stands twice", "an array", "Latin-1"])
def test_a_refused_body_is_400_in_the_envelope_of_its_route(master: Any, name: str) -> None:
    body, word = REFUSED[name]
    shape_a = master("POST", "/key/generate", body)
    assert shape_a.status_code == 400
    assert word in shape_a.json()["error"]["message"]
    assert shape_a.json()["error"]["code"] == "400"
    shape_b = master("POST", "/organization/new", body)
    assert shape_b.status_code == 400
    assert word in shape_b.json()["detail"]["error"]


def test_a_body_over_a_megabyte_is_400(master: Any) -> None:
    answer = master("POST", "/key/generate", b'{"key_alias": "' + b"x" * MAX_BODY + b'"}')
    assert answer.status_code == 400
    assert "larger" in answer.json()["error"]["message"]


def test_other_content_types_are_415(master: Any) -> None:
    answer = master("POST", "/key/generate", b"a=1", content_type="text/plain")
    assert answer.status_code in (400, 415)


def test_query_and_body_are_one(master: Any, cast: Any) -> None:
    ident = cast.organization.public_id
    named = master("POST", f"/team/new?organization_id={ident}", {"team_alias": "from both"})
    assert named.json()["organization_id"] == ident
    agreed = master("POST", f"/team/new?organization_id={ident}", {"team_alias": "agreed", "organization_id": ident})
    assert agreed.status_code == 200


def test_a_parameter_that_says_two_things_is_400(master: Any, cast: Any) -> None:
    path = f"/team/new?organization_id={cast.organization.public_id}"
    answer = master("POST", path, {"team_alias": "torn", "organization_id": cast.there.organization.public_id})
    assert answer.status_code == 400
    assert "organization_id" in answer.json()["error"]["message"]


def test_numbers_and_booleans_agree_with_their_texts(master: Any) -> None:
    answer = master("POST", "/key/list?page=1&return_full_object=true", {"page": 1, "return_full_object": True})
    assert answer.status_code == 200
    assert master("POST", "/key/list?page=2", {"page": 1}).status_code == 400


def test_an_empty_query_parameter_is_one_that_was_not_given(master: Any) -> None:
    assert master("GET", "/key/list?team_id=&user_id=").json()["total_count"] > 0


def test_a_nul_in_the_query_is_400(master: Any) -> None:
    assert master("GET", "/key/list?key_alias=%00").status_code == 400
