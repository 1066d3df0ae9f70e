"""LiteLLM's Python client, unmodified."""

from typing import Any


def test_a_key_is_made_listed_changed_and_deleted(script: Any, ask: Any) -> None:
    told = script("keys", "made-by-client")
    made = told["made"]
    assert made["key"].startswith("sk-")
    assert made["models"] == ["gpt-4o"]
    assert made["aliases"] == {"fast": "gpt-4o"}
    assert made["expires"]
    assert told["own"]["info"]["token"] == made["token"]
    assert [row["token"] for row in told["listed"]["keys"]] == [made["token"]]
    assert told["hashes"]["keys"] == [made["token"]]
    assert told["updated"]["models"] == ["gpt-4"]
    assert told["by_hash"]["info"]["key_alias"] == "made-by-client-2"
    assert told["by_hash"]["info"]["expires"] < made["expires"]
    assert told["deleted"] == {"deleted_keys": [made["key"]]}
    assert told["left"]["keys"] == []
    assert ask("GET", "/key/info", key=made["key"])[0] == 401
    assert ask("GET", f"/key/info?key={made['token']}")[0] == 404


def test_a_team_is_listed_changed_and_deleted(script: Any, ask: Any) -> None:
    told = script("teams", "team by client")
    ident = told["made"]["team_id"]
    assert [team["team_id"] for team in told["listed"]] == [ident]
    assert [team["team_id"] for team in told["paged"]["teams"]] == [ident]
    assert told["updated"]["data"]["max_budget"] == 5
    assert told["bound"]["team_id"] == ident
    assert told["of_team"]["total_count"] == 1
    assert told["deleted"] == {"deleted_teams": [ident]}
    assert told["left"] == []
    assert ask("GET", f"/team/info?team_id={ident}")[0] == 404
    assert ask("GET", "/key/health", key=told["bound"]["key"])[0] == 401


def test_refusals_are_what_the_client_expects(script: Any) -> None:
    told = script("refused")
    assert told["keys"] == told["teams"] == told["users"] == ["UnauthorizedError"]
    assert told["no_person"] == ["NotFoundError"]
    assert told["no_key"][:2] == told["teamless"][:2] == ["HTTPError", 404]
    assert told["chosen"][:2] == ["HTTPError", 400]
    assert told["chosen"][2]["error"]["param"] == "key"


def test_a_person_is_made_listed_changed_and_deleted(script: Any, ask: Any) -> None:
    told = script("users", "By-Client@Example.com")
    made = told["made"]
    assert made["user_id"] == "by-client@example.com"
    assert [row["user_id"] for row in told["listed"]] == [made["user_id"]]
    assert told["shown"]["user_info"]["user_alias"] == "Made by a client"
    assert told["flat"]["user_email"] == "by-client@example.com"
    assert told["oneself"]["user_id"] == made["user_id"]
    assert told["updated"]["data"]["user_alias"] == "Changed"
    assert told["left"] == []
    assert ask("GET", f"/user/info?user_id={made['user_id']}")[0] == 404
    assert ask("GET", "/key/info", key=made["key"])[0] == 401


def test_a_model_is_added_listed_changed_and_deleted(script: Any, ask: Any) -> None:
    told = script("models", "gpt-by-client")
    assert "gpt-by-client" in [row["id"] for row in told["listed"]]
    assert [row["model_info"]["id"] for row in told["info"]] == [told["id"]]
    assert told["by_name"] == told["by_id"] == told["info"][0]
    assert "a provider's" not in str(told)
    assert [row["model_group"] for row in told["groups"]] == ["gpt-by-client"]
    assert told["again"]["litellm_params"]["rpm"] == 9
    assert "gpt-by-client" not in told["left"]
    assert ask("GET", "/models/gpt-by-client")[0] == 404
