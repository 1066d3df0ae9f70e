"""The screens of people: making, changing, blocking and ending them; what administrators do about sign-in."""

import csv
import io
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from keys import secrets
from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Membership, User
from tests.world import World

Browser = Callable[[str], Client]
PASSWORD = "correct horse battery staple"


def url(name: str, person: User) -> str:
    return reverse(name, args=[person.pk])


def listed(browser: Client, query: str = "") -> set[str]:
    return {person.email for person in browser.get(f"/ui/people/{query}").context["people"]}


def test_everybody_sees_themselves_and_who_they_look_after(cast: World, browser_of: Browser) -> None:
    assert listed(browser_of("loner")) == {cast.loner.email}
    assert listed(browser_of("member")) == {cast.member.email}
    seen = listed(browser_of("team_admin"))
    assert {cast.team_admin.email, cast.member.email, cast.colleague.email} <= seen
    assert not {email for email in seen if "globex" in email}


def test_filters_and_search_narrow_the_list(cast: World, browser_of: Browser) -> None:
    User.objects.filter(pk=cast.colleague.pk).update(blocked_by="platform", name="Ümit Said")
    browser = browser_of("proxy_admin")
    assert listed(browser, "?state=blocked") == {cast.colleague.email}
    assert listed(browser, "?role=proxy_admin_viewer") == {cast.auditor.email}
    assert listed(browser, f"?in={cast.there.organization.pk}") == {user.email for user in cast.there.people.values()}
    assert listed(browser, "?q=said") == {cast.colleague.email}
    assert listed(browser_of("org_admin"), "?q=globex") == set()


def test_who_may_not_read_when_people_came_cannot_sort_by_it(cast: World, browser_of: Browser) -> None:
    assert "created_at" not in dict(browser_of("org_admin").get("/ui/people/").context["list"].orders)
    assert browser_of("org_admin").get("/ui/people/?sort=created_at").context["list"].order == "public_id"
    assert browser_of("auditor").get("/ui/people/?sort=created_at").context["list"].order == "created_at"


def test_keys_are_counted_as_far_as_they_may_be_listed(cast: World, browser_of: Browser) -> None:
    def count(name: str) -> int:
        return {p.pk: p.key_count for p in browser_of(name).get("/ui/people/").context["people"]}[cast.member.pk]

    assert count("proxy_admin") == 3
    assert count("team_admin") == 1, "not the personal ones"


def test_limits_of_others_are_for_administrators(cast: World, browser_of: Browser) -> None:
    User.objects.filter(pk=cast.member.pk).update(max_budget=7_000_000_000)
    at = url("person-detail", cast.member)
    assert "$7.00" in browser_of("proxy_admin").get(at).content.decode()
    assert "$7.00" in browser_of("member").get(at).content.decode()
    assert "$7.00" not in browser_of("org_admin").get(at).content.decode()
    answer = browser_of("org_admin").get("/ui/people/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    found = {row["id"]: row for row in rows}[cast.member.public_id]
    assert (found["email"], found["budget_usd"], found["created"]) == (cast.member.email, "", "")


def test_memberships_are_those_that_the_reader_may_see(cast: World, browser_of: Browser) -> None:
    def places(name: str) -> list[str]:
        found = browser_of(name).get(url("person-detail", cast.member)).context["memberships"]
        return [member.scope.label for member in found]

    assert places("org_admin") == ["acme", "acme core"]
    assert places("team_admin") == ["acme core"]
    assert browser_of("colleague").get(url("person-detail", cast.member)).status_code == 404


def test_each_membership_tells_its_personal_limits(cast: World, browser_of: Browser) -> None:
    own = Membership.objects.filter(user=cast.member, team=cast.team)
    page = browser_of("team_admin").get(url("person-detail", cast.member)).content.decode()
    assert "none of their own" in page
    own.update(max_budget=7_000_000_000, budget_duration="30d", rpm_limit=60)
    page = browser_of("team_admin").get(url("person-detail", cast.member)).content.decode()
    assert "$7.00 per month" in page
    assert "60 requests a minute" in page
    assert "none of their own" not in page


def test_an_org_admin_makes_a_person_with_a_first_key(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    form = browser.get("/ui/people/new/").context["form"]
    assert [value for value, _ in form.fields["organization"].choices] == [str(cast.organization.pk)]
    assert [value for value, _ in form.fields["platform_role"].choices] == ["internal_user", "internal_user_viewer"]
    sent = {
        "email": "New.One@acme.example.com", "name": "New", "organization": str(cast.organization.pk),
        "platform_role": "internal_user", "with_key": "on", "key_alias": "first", "expires": "30",
    }  # fmt: skip
    answer = browser.post("/ui/people/new/", sent)
    person, key = User.objects.get(email="new.one@acme.example.com"), Key.objects.get(alias="first")
    assert (key.user, key.organization) == (person, cast.organization)
    assert secrets.digest(answer.context["secret"]) == key.token
    assert "no-store" in answer["Cache-Control"]
    again = browser.post("/ui/people/new/", sent | {"key_alias": "second"})
    assert again.status_code == 422
    assert "email" in again.context["form"].errors


def test_a_person_whose_first_key_fails_is_not_made(cast: World, browser_of: Browser) -> None:
    sent = {
        "email": "half@acme.example.com", "organization": str(cast.organization.pk), "platform_role": "internal_user",
        "with_key": "on", "key_alias": "member-team",
    }  # fmt: skip
    answer = browser_of("org_admin").post("/ui/people/new/", sent)
    assert "key_alias" in answer.context["form"].errors
    assert not User.objects.filter(email="half@acme.example.com").exists()


def test_a_member_makes_nobody(cast: World, browser_of: Browser) -> None:
    assert browser_of("member").get("/ui/people/new/").status_code == 403
    assert "New person" not in browser_of("member").get("/ui/people/").content.decode()


def test_one_changes_ones_own_name_and_nothing_more(cast: World, browser_of: Browser) -> None:
    browser, at = browser_of("member"), url("person-edit", cast.member)
    form = browser.get(at).context["form"]
    assert form.fields["platform_role"].disabled
    assert form.fields["max_budget"].disabled
    assert "Platform admin" in form.fields["platform_role"].help_text
    sent = {"name": "Mem Ber", "platform_role": "proxy_admin", "max_budget": "5"}
    assert browser.post(at, sent).status_code == 302
    cast.member.refresh_from_db()
    assert (cast.member.name, cast.member.platform_role, cast.member.max_budget) == ("Mem Ber", "internal_user", None)


def test_the_last_platform_admin_stays_and_the_form_says_so(cast: World, browser_of: Browser) -> None:
    User.objects.filter(platform_role="proxy_admin").exclude(pk=cast.proxy_admin.pk).delete()
    answer = browser_of("proxy_admin").post(
        url("person-edit", cast.proxy_admin), {"platform_role": "internal_user", "name": ""}
    )
    assert answer.status_code == 409
    assert "appoint another one first" in str(answer.context["form"].errors["platform_role"])
    assert browser_of("proxy_admin").post(url("person-block", cast.proxy_admin)).status_code == 409
    cast.proxy_admin.refresh_from_db()
    assert (cast.proxy_admin.platform_role, cast.proxy_admin.blocked_by) == ("proxy_admin", "")


def test_ones_own_address_takes_the_password_and_signs_out(cast: World, browser_of: Browser) -> None:
    cast.member.set_password(PASSWORD)
    cast.member.save()
    browser, at = browser_of("member"), url("person-email", cast.member)
    wrong = browser.post(at, {"email": "new@acme.example.com", "current_password": "wrong"})
    assert "current_password" in wrong.context["form"].errors
    done = browser.post(at, {"email": "new@acme.example.com", "current_password": PASSWORD})
    assert done["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in browser.session
    assert User.objects.get(pk=cast.member.pk).email == "new@acme.example.com"


def test_who_has_no_password_chooses_one_before_the_address(cast: World, browser_of: Browser) -> None:
    cast.member.set_unusable_password()
    cast.member.save()
    answer = browser_of("member").get(url("person-email", cast.member))
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/set/")


def test_an_administrator_changes_an_address(cast: World, browser_of: Browser) -> None:
    browser, at = browser_of("proxy_admin"), url("person-email", cast.member)
    assert "current_password" not in browser.get(at).context["form"].fields
    taken = browser.post(at, {"email": cast.colleague.email})
    assert "email" in taken.context["form"].errors
    assert browser.post(at, {"email": "new@acme.example.com"}).status_code == 302
    assert User.objects.get(pk=cast.member.pk).email == "new@acme.example.com"
    assert "_auth_user_id" in browser.session


def test_block_unblock_and_delete(cast: World, browser_of: Browser) -> None:
    browser, person = browser_of("proxy_admin"), cast.member
    browser.post(url("person-block", person))
    assert User.objects.get(pk=person.pk).blocked_by == "platform"
    assert "Unblock" in browser.get(url("person-detail", person)).content.decode()
    browser.post(url("person-unblock", person))
    assert User.objects.get(pk=person.pk).blocked_by == ""
    assert browser.post(url("person-delete", person), {"typed": "x"}).status_code == 422
    assert browser_of("org_admin").post(url("person-delete", person), {"typed": person.label}).status_code == 403
    assert browser.post(url("person-delete", person), {"typed": person.label}).status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()


def test_the_link_of_a_reset_is_shown_once_and_works(cast: World, browser_of: Browser) -> None:
    browser, at = browser_of("proxy_admin"), url("person-reset", cast.member)
    assert browser.get(at).status_code == 200
    answer = browser.post(at)
    assert "no-store" in answer["Cache-Control"]
    link = answer.context["link"]
    assert Client().get(link, follow=True).status_code == 200
    assert link not in browser.get(url("person-history", cast.member)).content.decode()
    assert AuditEvent.objects.filter(event="user.password_reset_triggered").count() == 1
    assert browser_of("org_admin").post(at).status_code == 403


def test_sessions_are_ones_own_or_for_who_may_end_them(cast: World, browser_of: Browser) -> None:
    browser = Client()
    cast.member.set_password(PASSWORD)
    cast.member.save()
    browser.post("/accounts/login/", {"login": cast.member.email, "password": PASSWORD})
    at = url("person-sessions", cast.member)
    assert len(browser.get(at).context["sessions"]) == 1
    assert browser_of("org_admin").get(at).status_code == 403
    admin = browser_of("proxy_admin")
    assert len(admin.get(at).context["sessions"]) == 1
    assert admin.post(url("person-sign-out", cast.member)).status_code == 302
    assert not UserSession.objects.filter(user=cast.member).exists()
    assert browser.get("/ui/")["Location"].startswith("/accounts/login/")


def test_who_has_lost_their_device_is_helped(cast: World, browser_of: Browser) -> None:
    Authenticator.objects.create(user=cast.member, type=Authenticator.Type.TOTP, data={"secret": "x"})
    admin, at = browser_of("proxy_admin"), url("person-sessions", cast.member)
    assert admin.get(at).context["factors"] == ["TOTP Authenticator"]
    assert browser_of("org_admin").post(url("person-factors", cast.member)).status_code == 403
    assert admin.get(url("person-factors", cast.member)).status_code == 200
    assert admin.post(url("person-factors", cast.member)).status_code == 302
    assert admin.get(at).context["factors"] == []


def test_several_are_changed_each_by_themselves(cast: World, browser_of: Browser) -> None:
    rows = [str(cast.member.pk), str(cast.colleague.pk)]
    browser, sent = browser_of("proxy_admin"), {"verb": "change", "row": [*rows, str(cast.team.pk)]}
    asked = browser.post("/ui/people/bulk/", {"verb": "change", "row": rows})
    assert "Change 2 people?" in asked.content.decode()
    sent |= {"asked": "1", "platform_role": "", "max_budget": "5", "rpm_limit": ""}
    outcomes = browser.post("/ui/people/bulk/", sent).context["outcomes"]
    assert [outcome.done for outcome in outcomes] == [True, True, False]
    assert set(User.objects.filter(pk__in=rows).values_list("max_budget", flat=True)) == {5_000_000_000}
    refused = browser_of("org_admin").post("/ui/people/bulk/", {**sent, "row": rows, "max_budget": "6"})
    assert [outcome.done for outcome in refused.context["outcomes"]] == [False, False]
    assert browser.post("/ui/people/bulk/", {"verb": "change"}).status_code == 400


@pytest.mark.parametrize("verb", ["block", "delete"])
def test_several_are_blocked_or_deleted_after_a_question(cast: World, browser_of: Browser, verb: str) -> None:
    sent = {"verb": verb, "row": [str(cast.member.pk), str(cast.proxy_admin.pk)]}
    User.objects.filter(platform_role="proxy_admin").exclude(pk=cast.proxy_admin.pk).delete()
    browser = browser_of("proxy_admin")
    assert "2 people?" in browser.post("/ui/people/bulk/", sent).content.decode()
    outcomes = browser.post("/ui/people/bulk/", sent | {"typed": "2"}).context["outcomes"]
    assert [outcome.done for outcome in outcomes] == [True, False]
    assert "appoint another one first" in outcomes[1].text


def test_the_history_says_who_did_what(cast: World, browser_of: Browser) -> None:
    browser_of("proxy_admin").post(url("person-block", cast.colleague))
    assert "User blocked" in browser_of("auditor").get(url("person-history", cast.colleague)).content.decode()
