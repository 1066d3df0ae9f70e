"""`manage.py import_litellm` against answers as LiteLLM 1.109 gives them."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from importing.source import Source, SourceFailed
from keys.actors import AuthenticationFailed, actor_for_bearer
from keys.models import Key
from keys.rotation import regenerate_key
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor, Origin, grants
from teams.models import Membership, Team, User
from teams.services import create_user, update_team
from tests.importing.answers import (
    ACME,
    ANN,
    ANN_AGAIN,
    BOB,
    CORE,
    LONELY,
    NAMELESS,
    NOBODY,
    SECRET,
    USERS,
    hashed,
    user,
)
from tests.importing.conftest import Bring
from tests.support.other_gateway import OtherGateway, paged

MASTER = Actor.master()


def said(report: dict[str, Any], kind: str, ident: str) -> str:
    return " ".join(one["text"] for one in report["remarks"] if one["kind"] == kind and one["id"] == ident)


def test_everything_that_fits_comes(litellm: OtherGateway, bring: Bring) -> None:
    report = bring("import_litellm")
    acme, core, lonely = (
        model.objects.get(public_id=ident) for model, ident in ((Organization, ACME), (Team, CORE), (Team, LONELY))
    )
    assert (acme.alias, acme.max_budget, acme.budget_duration) == ("Acme", 500 * 10**9, "30d")
    assert acme.metadata == {"cost_center": "7"}
    assert (core.organization, core.alias, core.tpm_limit, core.model_aliases) == (
        acme,
        "Core",
        1000,
        {"fast": "gpt-4o"},
    )
    assert grants.on(core, core.group) == {Action.VIEW_KEYS, Action.CREATE_KEYS}
    assert (lonely.organization, lonely.blocked_by, lonely.tags) == (None, "platform", ["night"])
    assert lonely.model_rpm_limit == {"gpt-4o": 9}
    ann = User.objects.get(public_id=ANN)
    assert (ann.email, ann.name, ann.platform_role, ann.max_budget) == (
        "ann@acme.example",
        "Ann",
        "internal_user",
        20 * 10**9,
    )
    bob = Membership.objects.get(user__public_id=BOB, team=core)
    assert (bob.role, bob.max_budget, bob.rpm_limit) == ("user", 7_500_000_000, 3)
    assert Membership.objects.get(user=ann, team=core).role == "admin"
    assert Membership.objects.get(user=ann, organization=acme, team=None).role == "org_admin"
    assert report["counts"]["key"] == {"created": 6, "left out": 1}
    assert {event.door for event in AuditEvent.objects.all()} == {"import"}
    call_command("verify", stdout=StringIO())  # every invariant holds


def test_what_is_no_counterpart_is_reported(litellm: OtherGateway, bring: Bring) -> None:
    report = bring("import_litellm")
    assert "ann@acme.example is also the address" in said(report, "user", ANN_AGAIN)
    again = User.objects.get(public_id=ANN_AGAIN)
    assert (again.email, again.platform_role) == (None, "proxy_admin")
    assert "'customer' is not known" in said(report, "user", NOBODY)
    assert User.objects.get(public_id=NOBODY).platform_role == "internal_user_viewer"
    blocked = User.objects.get(public_id="5f0e7a10-blocked")
    assert (blocked.email, blocked.blocked_by) == (None, "platform")
    assert "metadata.logging" in said(report, "organization", ACME)
    assert "is not among the users" in said(report, "member", f"gone-user of organization {ACME}")
    assert "'grand_vizier' is not known" in said(report, "member", f"{NOBODY} of organization {ACME}")
    told = said(report, "team", CORE)
    for words in ("models: ", "gemini", "max_budget: ", "budget_limits", "/team/daily/activity"):
        assert words in told
    core = Team.objects.get(public_id=CORE)
    assert (core.models, core.max_budget) == (["gpt-4o"], None)  # the organization's 500 count, as before
    assert "archived there" in said(report, "team", "team-gone")
    nameless = Team.objects.get(public_id=NAMELESS)
    assert (nameless.alias, nameless.organization.public_id) == (NAMELESS, "org-that-is-gone")
    assert "reach further" in said(report, "key", "lost")
    assert "comes without an owner" in said(report, "key", "outsider")
    assert Key.objects.get(alias="orphan").user is None
    assert Key.objects.get(alias="chosen").kind == Key.Kind.SERVICE


def test_a_second_run_changes_nothing(litellm: OtherGateway, bring: Bring, events: Callable[[], int]) -> None:
    bring("import_litellm")
    before = events()
    for arguments in ((), ("--update",)):
        report = bring("import_litellm", *arguments)
        assert not {outcome for counts in report["counts"].values() for outcome in counts} - {"same", "left out"}
        assert events() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(
    litellm: OtherGateway, bring: Bring, events: Callable[[], int]
) -> None:
    planned = bring("import_litellm", "--dry-run")
    assert not User.objects.exists()
    assert not Organization.objects.exists()
    assert not events()
    done = bring("import_litellm")
    assert (planned["counts"], planned["remarks"]) == (done["counts"], done["remarks"])


def test_what_is_here_already_stays_unless_it_may_be_updated(litellm: OtherGateway, bring: Bring) -> None:
    bring("import_litellm")
    update_team(MASTER, Team.objects.get(public_id=CORE), alias="Ours", tpm_limit=5)
    report = bring("import_litellm")
    assert "differs in tpm_limit, alias; left" in said(report, "team", CORE)
    assert Team.objects.get(public_id=CORE).tpm_limit == 5
    bring("import_litellm", "--update")
    assert Team.objects.get(public_id=CORE).alias == "Core"


def test_keys_open_with_the_secrets_that_people_hold(litellm: OtherGateway, bring: Bring, settings: Any) -> None:
    report = bring("import_litellm")
    assert report["secrets"]["bot"] == "keeps its secret"
    assert "RBACADMIN_TAKEN_OVER_KEYS=true" in report["output"]
    assert "still have the secret of another gateway: 6." in report["output"]
    with pytest.raises(AuthenticationFailed):
        actor_for_bearer(SECRET, Origin())
    settings.TAKEN_OVER_KEYS = True
    key = Key.objects.get(alias="bot")
    assert actor_for_bearer(SECRET, Origin()).key == key
    assert Key.objects.get(Key.named(hashed(SECRET))) == key
    stored = " ".join(map(str, Key.objects.filter(pk=key.pk).values_list().get()))
    assert hashed(SECRET) not in stored
    for other in (SECRET + "x", hashed(SECRET), f"sk-{hashed(SECRET)}", key.token):
        with pytest.raises(AuthenticationFailed):
            actor_for_bearer(other, Origin())
    _, fresh = regenerate_key(MASTER, key)
    assert actor_for_bearer(fresh, Origin()).key == key
    with pytest.raises(AuthenticationFailed):
        actor_for_bearer(SECRET, Origin())


def test_nobody_who_was_here_before_gets_a_key_that_others_hold(
    litellm: OtherGateway, bring: Bring, settings: Any
) -> None:
    """Whoever could write an administrator's address into the other gateway would act as them here."""
    settings.TAKEN_OVER_KEYS = True
    boss = create_user(MASTER, email="ann@acme.example", platform_role="proxy_admin")
    report = bring("import_litellm")
    assert report["secrets"]["bot"] == "needs a new secret"
    assert Key.objects.get(alias="bot").user == boss
    with pytest.raises(AuthenticationFailed):
        actor_for_bearer(SECRET, Origin())
    boss.refresh_from_db()
    assert (boss.platform_role, boss.name) == ("proxy_admin", "")


def test_what_no_database_holds_stops_nothing(litellm: OtherGateway, bring: Bring) -> None:
    strange = b"""[{"organization_id": "odd", "organization_alias": "O\\u0000d\\ud800d", "models": ["a\\u0000"],
        "metadata": {"a": "\\udfff"}, "tags": ["x\\ud800"],
        "litellm_budget_table": {"max_budget": 1e999, "tpm_limit": -1, "rpm_limit": "7", "budget_duration": 7,
         "model_max_budget": {"gpt-4o": {"max_budget": NaN}}}, "members": 7}]"""
    litellm.answers["/organization/list"] = lambda _query: (200, strange)
    report = bring("import_litellm")
    odd = Organization.objects.get(public_id="odd")
    assert (odd.alias, odd.models, odd.metadata, odd.tags, odd.max_budget) == ("Odd", None, {}, [], None)
    told = said(report, "organization", "odd")
    for name in ("models", "metadata", "tags", "max_budget", "tpm_limit", "rpm_limit", "budget_duration"):
        assert f"{name}: " in told


def test_lists_are_read_page_by_page(litellm: OtherGateway, bring: Bring) -> None:
    litellm.answers["/user/list"] = paged("users", [*USERS, *(user(f"u-{number}") for number in range(200))])
    report = bring("import_litellm", "--dry-run")
    assert report["counts"]["user"]["created"] == 205
    assert [query["page"] for path, query in litellm.asked if path == "/user/list"] == ["1", "2", "3"]


def test_organizations_may_be_behind_a_licence(litellm: OtherGateway, bring: Bring) -> None:
    detail = {"detail": {"error": "Only for premium users"}}
    litellm.answers["/organization/list"] = lambda _query: (403, detail)
    report = bring("import_litellm", "--dry-run")
    assert "/organization/list answers 403" in said(report, "gateway", "")
    assert "made with its id for a name" in said(report, "team", CORE)


@pytest.mark.parametrize(
    ("status", "answer", "message"),
    [
        (401, {"error": {"message": "Invalid key"}}, "answers 401"),
        (302, b"", "answers with a redirect"),
        (200, b"<html>", "does not answer JSON"),
        (500, {"error": "boom"}, "answers 500: .*boom"),
    ],
)
def test_a_gateway_that_does_not_answer_writes_nothing(
    litellm: OtherGateway, bring: Bring, status: int, answer: Any, message: str
) -> None:
    litellm.headers["Location"] = f"{litellm.url}/health/readiness"
    litellm.answers["/user/list"] = lambda _query: (status, answer)
    with pytest.raises(CommandError, match=message):
        bring("import_litellm")
    assert not Organization.objects.exists()


def test_the_key_is_asked_for_and_shown_nowhere(
    litellm: OtherGateway, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RBACADMIN_IMPORT_KEY", "sk-wrong-key-of-the-gateway")
    with pytest.raises(CommandError) as caught:
        bring("import_litellm")
    assert "401" in str(caught.value)
    assert not re.search("sk-wrong", str(caught.value))


@pytest.mark.parametrize("url", ["ftp://x", "http://user:secret@127.0.0.1:1", "nonsense", "http://x/?key=1"])
def test_an_address_is_a_place_and_nothing_else(url: str) -> None:
    with pytest.raises(SourceFailed):
        Source(url, "sk-x")
