"""Forward auth: how proxies describe a call, and what they are told."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from api.gateway import forward_auth
from gateway import admission
from gateway.admission.decide import flying
from gateway.models import CatalogModel
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import PassedOn, Told, at_boundary
from tests.world import World

Ask = Callable[..., Told]


def test_an_admitted_call_has_no_body_and_says_whose_it_is(cast: World, nginx: Ask) -> None:
    key = cast.keys["member_team"]
    told = nginx(key.secret, x_model="gpt-4o")
    assert (told.status, told.body, told.headers["content-length"]) == (200, b"", "0")
    assert told.headers["x-rbacadmin-key-id"] == key.public_id
    assert told.headers["x-rbacadmin-team-id"] == cast.team.public_id
    assert told.headers["x-rbacadmin-organization-id"] == cast.organization.public_id
    assert told.headers["x-rbacadmin-model"] == "gpt-4o"
    assert told.headers["x-request-id"] in flying


def test_nginx_is_told_401_or_403_and_the_real_status_in_a_header(cast: World, nginx: Ask) -> None:
    slow = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, rpm_limit=0)
    for secret, model, wire, real, kind in (
        ("sk-junk", "gpt-4o", 401, "401", "token_not_found_in_db"),
        (cast.keys["member_team"].secret, "o3", 403, "403", "org_model_access_denied"),
        (cast.keys["member_team"].secret, "", 403, "400", "bad_request_error"),
        (slow.secret, "gpt-4o", 403, "429", "rate_limit_error"),
    ):
        told = nginx(secret, x_model=model)
        assert (told.status, told.body) == (wire, b"")
        assert (told.headers["x-rbacadmin-status"], told.headers["x-rbacadmin-type"]) == (real, kind)
        assert told.headers["content-length"] == "0"
    assert told.headers["x-rbacadmin-level"] == "key"
    assert int(told.headers["retry-after"]) > 0


def test_a_budget_that_is_spent_is_422_in_the_header(cast: World, nginx: Ask) -> None:
    CatalogModel.objects.filter(name="gpt-4o").update(input_price=10**9, output_price=10**9)
    poor = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, max_budget=0)
    told = nginx(poor.secret, x_model="gpt-4o")
    assert (told.status, told.headers["x-rbacadmin-status"]) == (403, "422")
    assert told.headers["x-rbacadmin-type"] == "budget_exceeded"


def test_traefik_and_envoy_hand_a_refusal_to_the_client_as_it_is(cast: World) -> None:
    secret = cast.keys["member_team"].secret
    for path, more in (
        ("/gateway/forward-auth", {"x_forwarded_uri": "/v1/chat/completions"}),
        ("/gateway/ext-authz/v1/chat/completions", {}),
    ):
        told = at_boundary("POST", path, authorization=f"Bearer {secret}", x_model="o3", **more)
        assert told.status == 403
        assert json.loads(told.body)["error"]["type"] == "org_model_access_denied"
        assert told.headers["content-length"] == str(len(told.body))


def test_envoy_sends_the_body_and_the_model_and_the_estimate_come_from_it(cast: World) -> None:
    secret = cast.keys["member_team"].secret
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "x" * 200}], "max_tokens": 77, "n": 2}
    told = at_boundary(
        "POST",
        "/gateway/ext-authz/v1/chat/completions",
        json.dumps(body).encode(),
        authorization=f"Bearer {secret}",
    )
    assert told.status == 200
    call = flying[told.headers["x-request-id"]]
    assert call.completion_tokens == 154
    assert 100 <= call.prompt_tokens <= 120


@pytest.mark.parametrize(
    "uri",
    [
        "/openai/deployments/gpt-4o/chat/completions?api-version=2024-02-01",
        "/v1/engines/gpt-4o/completions",
        "/v1beta/models/gpt-4o:streamGenerateContent?alt=sse",
        "/v1/models/gpt-4o",
        "/models/gpt%2D4o",
    ],
)
def test_the_model_may_stand_in_the_path(cast: World, nginx: Ask, uri: str) -> None:
    assert nginx(cast.keys["member_team"].secret, uri).headers["x-rbacadmin-model"] == "gpt-4o"


@pytest.mark.parametrize(
    "uri",
    [
        *("", "v1/chat/completions", "//v1/chat/completions", "/v1/embeddings/../chat/completions", "/v1/./models"),
        *(
            "/v1/embeddings/%2e%2e/chat/completions",
            "/v1/%252e%252e/x",
            "/v1\\chat",
            "/v1/models#/../chat/completions",
            "/v1/%00",
            "/v1/%ff",
            "/v1/%0d%0a",
        ),
        "/" + "a" * 3000,
    ],
)
def test_an_address_that_two_servers_may_read_differently_is_refused(cast: World, nginx: Ask, uri: str) -> None:
    told = nginx(cast.keys["member_team"].secret, uri, x_model="gpt-4o")
    assert (told.status, told.headers["x-rbacadmin-status"]) == (403, "400")


def test_a_call_that_names_two_models_is_refused(cast: World, nginx: Ask) -> None:
    """Else the cheap one would be admitted and the dear one called."""
    secret = cast.keys["member_team"].secret
    told = nginx(secret, "/openai/deployments/gpt-4o/chat/completions", x_model="gpt-4o-mini")
    assert told.headers["x-rbacadmin-status"] == "400"
    for body in (b'{"model": "gpt-4o-mini"}', b'{"model": "gpt-4o", "model": "gpt-4o-mini"}', b'{"model": 7}', b'{"mo'):
        told = at_boundary(
            "POST",
            "/gateway/ext-authz/v1/chat/completions",
            body,
            authorization=f"Bearer {secret}",
            x_model="gpt-4o",
        )
        assert told.status == 400, body


def test_a_body_that_we_cannot_read_is_refused_whatever_the_header_says(cast: World) -> None:
    """The upstream may be able to read it."""
    given = {"authorization": f"Bearer {cast.keys['member_team'].secret}", "x_model": "gpt-4o"}
    path, body = "/gateway/ext-authz/v1/chat/completions", b'{"model": "o3"}'
    assert at_boundary("POST", path, body, **given, x_envoy_auth_partial_body="true").status == 400
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert at_boundary("POST", path, body, **given, content_type=kind).status == 400, kind
    assert (
        at_boundary("POST", path, b"model=o3", **given, content_type="application/x-www-form-urlencoded").status == 400
    )


def test_letters_that_some_servers_read_as_model_are_refused(cast: World) -> None:
    given = {"authorization": f"Bearer {cast.keys['member_team'].secret}"}
    body = b'{"model": "gpt-4o", "Model": "o3"}'
    assert at_boundary("POST", "/gateway/ext-authz/v1/chat/completions", body, **given).status == 400


def test_a_body_with_fallbacks_is_refused(cast: World) -> None:
    given = {"authorization": f"Bearer {cast.keys['member_team'].secret}"}
    for name in ("models", "fallbacks"):
        body = json.dumps({"model": "gpt-4o", name: ["o3"]}).encode()
        assert at_boundary("POST", "/gateway/ext-authz/v1/chat/completions", body, **given).status == 400


def form(**fields: str) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n'
    return "".join([*parts, file, "--x--\r\n"]).encode()


def test_the_model_of_a_form_is_read_in_the_form(cast: World) -> None:
    given = {
        "authorization": f"Bearer {cast.keys['member_team'].secret}",
        "content_type": "multipart/form-data; boundary=x",
    }
    path = "/gateway/ext-authz/v1/audio/transcriptions"
    assert at_boundary("POST", path, form(model="gpt-4o"), **given).status == 200
    assert at_boundary("POST", path, form(model="o3"), **given).status == 403
    assert at_boundary("POST", path, form(model="o3"), **given, x_model="gpt-4o").status == 400
    assert at_boundary("POST", path, form(model="o3", Model="gpt-4o"), **given).status == 400


def test_a_body_that_comes_in_chunks_is_read(cast: World) -> None:
    """So Traefik sends it. Else a caller's `X-Model` would be all that is looked at."""
    for model, status in (("gpt-4o", 200), ("o3", 400)):
        environ = (
            RequestFactory()
            .generic(
                "POST",
                "/gateway/forward-auth",
                headers={
                    "x-forwarded-uri": "/v1/chat/completions",
                    "x-model": "gpt-4o",
                    "authorization": f"Bearer {cast.keys['member_team'].secret}",
                    "transfer-encoding": "chunked",
                },
            )
            .environ
        )
        environ.pop("CONTENT_LENGTH", None)
        environ["wsgi.input"] = BytesIO(json.dumps({"model": model}).encode())
        assert forward_auth.answer(environ)[0] == status, model


def test_only_the_header_that_the_proxy_sets_says_the_address(cast: World, nginx: Ask) -> None:
    """A proxy lets the other one through as its caller sent it: it must not make a call into a list of models."""
    given = {"authorization": f"Bearer {cast.keys['member_team'].secret}"}
    chat = {"x_forwarded_uri": "/v1/chat/completions", "x_original_uri": "/v1/models"}
    assert at_boundary("POST", "/gateway/forward-auth", **given, **chat).status == 400
    assert at_boundary("GET", "/gateway/forward-auth", **given, x_original_uri="/v1/models").status == 400
    told = nginx(cast.keys["member_team"].secret, "", x_forwarded_uri="/v1/models")
    assert told.headers["x-rbacadmin-status"] == "400"


def test_a_model_in_the_query_is_the_one_that_is_asked_for(cast: World, nginx: Ask) -> None:
    secret = cast.keys["member_team"].secret
    assert nginx(secret, "/v1/realtime?model=gpt-4o").headers["x-rbacadmin-model"] == "gpt-4o"
    for uri in ("/v1/realtime?model=o3", "/v1/realtime?%6dodel=o3", "/v1/realtime?model=gpt-4o&model=o3"):
        assert nginx(secret, uri, x_model="gpt-4o").headers["x-rbacadmin-status"] == "400", uri
    told = at_boundary(
        "GET", "/gateway/ext-authz/v1/realtime?model=o3", authorization=f"Bearer {secret}", x_model="gpt-4o"
    )
    assert told.status == 400


def test_no_header_can_be_smuggled_through_the_name_of_a_model(cast: World) -> None:
    given = {"authorization": f"Bearer {cast.secrets['proxy_admin']}"}
    for name in ("gpt\r\nx-rbacadmin-key-id: other", "gpt\u00e4", " ", "x" * 300):
        body = json.dumps({"model": name}).encode()
        assert at_boundary("POST", "/gateway/ext-authz/v1/chat/completions", body, **given).status == 400


def test_ids_that_no_header_can_carry_are_escaped(cast: World, nginx: Ask) -> None:
    """A server answers 500 to a header with them: the call would be reserved and never made."""
    cast.team.public_id = "\u540d\u524d team"
    cast.team.save()
    admission.forget()
    told = nginx(cast.keys["member_team"].secret, x_model="gpt-4o")
    assert told.headers["x-rbacadmin-team-id"] == "%E5%90%8D%E5%89%8D team"
    assert all(value.isascii() and value.isprintable() for value in told.headers.values())


@pytest.mark.parametrize("header", ["x_api_key", "api_key", "x_litellm_api_key"])
def test_the_key_may_stand_where_other_clients_put_it(cast: World, nginx: Ask, header: str) -> None:
    assert nginx(x_model="gpt-4o", **{header: cast.keys["member_team"].secret}).status == 200


def test_the_estimate_is_the_proxys_or_that_of_the_settings(cast: World, nginx: Ask) -> None:
    secret = cast.keys["member_team"].secret
    first = flying[nginx(secret, x_model="gpt-4o").headers["x-request-id"]]
    assert (first.prompt_tokens, first.completion_tokens) == (1000, 1000)
    told = nginx(secret, x_model="gpt-4o", x_prompt_tokens="5", x_completion_tokens="7")
    assert flying[told.headers["x-request-id"]].tokens == 12
    told = nginx(secret, "/v1/embeddings", x_model="gpt-4o")
    assert flying[told.headers["x-request-id"]].completion_tokens == 0
    assert nginx(secret, x_model="gpt-4o", x_prompt_tokens="-1").headers["x-rbacadmin-status"] == "400"


def test_what_is_no_question_goes_on_to_django() -> None:
    for path in ("/", "/ui/", "/gateway/check", "/gateway/usage", "/gateway/ext-authzed", "/gateway/auth-request/"):
        with pytest.raises(PassedOn):
            at_boundary("GET", path)


def test_a_database_that_is_away_lets_nobody_pass(cast: World, nginx: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_token: str, **_more: str) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(admission, "authenticate", away)
    told = nginx("sk-any", x_model="gpt-4o")
    assert (told.status, told.headers["retry-after"]) == (503, "1")


def test_a_bug_of_ours_lets_nobody_pass(cast: World, nginx: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward_auth, "decide", lambda _environ, _path: 1 / 0)
    assert nginx("sk-any").status == 500
