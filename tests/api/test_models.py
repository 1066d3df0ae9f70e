"""Models and access groups over the API: what is shown to whom, and that what was shown may be sent back."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway import credentials
from gateway.models import CatalogModel

PARAMS = {"model": "openai/gpt-4o", "api_key": "provider-secret", "rpm": "7", "input_cost_per_token": 2.5e-06}


def test_a_row_that_was_shown_may_be_sent_back(master: Any, cast: Any) -> None:
    made = master("POST", "/model/new", {"model_name": "new", "litellm_params": PARAMS}).json()
    assert made["litellm_params"] == {"model": "openai/gpt-4o", "api_key": "********", "rpm": 7}
    assert made["model_info"]["input_cost_per_token"] == 2.5e-06
    again = master("POST", "/model/update", made).json()
    assert again["litellm_params"] == made["litellm_params"]
    row = CatalogModel.objects.get(name="new")
    assert (row.input_price, row.rpm_limit, row.info) == (2_500_000_000, 7, {})
    assert credentials.unseal(row.credential, row.pk) == {"api_key": "provider-secret"}


def test_how_a_model_is_called_is_shown_to_those_who_run_it(master: Any, api: Any, cast: Any) -> None:
    info = {"team_id": cast.team.public_id}
    ident = master("POST", "/model/new", {"model_name": "new", "litellm_params": PARAMS, "model_info": info}).json()
    url = f"/model/info?litellm_model_id={ident['model_id']}"
    shown = {name: api("GET", url, as_=name).json()["data"][0]["litellm_params"] for name in ("team_admin", "member")}
    assert shown == {"team_admin": {"model": "openai/gpt-4o", "api_key": "********", "rpm": 7}, "member": {}}


def test_bad_prices_and_rates_are_refused_by_name(master: Any, cast: Any) -> None:
    for name, value in (("input_cost_per_token", -1), ("output_cost_per_token", "x"), ("rpm", 1.5), ("tpm", -1)):
        answer = master("POST", "/model/new", {"model_name": "new", "litellm_params": {name: value}})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, name)
    assert not CatalogModel.objects.filter(name="new").exists()


def test_groups_answer_as_litellm_does(master: Any, cast: Any) -> None:
    for body, status in (
        ({"access_group": "quick", "model_names": ["gpt-4o"]}, 200),
        ({"access_group": "quick", "model_names": ["gpt-4o"]}, 409),
        ({"access_group": "gpt-4o", "model_names": ["gpt-4o"]}, 409),
        ({"access_group": "other", "model_names": []}, 400),
        ({"access_group": "other", "model_names": ["none"]}, 400),
        ({"access_group": "other", "model_ids": ["none"]}, 400),
    ):
        assert master("POST", "/access_group/new", body).status_code == status, body
    type(cast.team).objects.filter(pk=cast.team.pk).update(models=["quick"])
    assert master("DELETE", "/access_group/quick/delete").status_code == 409
    names = [row["id"] for row in master("GET", "/models?only_model_access_groups=true").json()["data"]]
    assert names == ["fast", "quick"]


def test_lists_cost_the_same_at_three_models_and_at_thirty(api: Any, cast: Any) -> None:
    for name in ("member", "proxy_admin", "org_admin"):
        for path in ("/models", "/model/info", "/v2/model/info", "/model_group/info", "/access_group/list"):
            counts = []
            for number in range(2):
                with CaptureQueriesContext(connection) as queries:
                    assert api("GET", path, as_=name).status_code == 200
                counts.append(len(queries))
                for more in range(30 if number == 0 else 0):
                    CatalogModel.objects.create(name=f"claude {name} {path} {more}")
            assert counts[1] <= counts[0] + 1, (name, path, counts)
