"""LiteLLM's rows as what we know: scopes and who belongs to them. Keys and people have files of their own."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from importing.found import Found, FoundMember, FoundScope
from importing.litellm.keys import OWN_TEAM, keys_of
from importing.litellm.people import RESERVED, people_of
from importing.litellm.reading import Read
from importing.litellm.values import Say, limits_of, mapping, rows, text
from rbacadmin.member_permissions import MEMBER_PERMISSIONS, to_actions
from rbacadmin.shapes import STARTING
from teams.services.roles import canonical_role

USUAL = {"organization": "internal_user", "team": "user"}
LEAST = {"organization": "internal_user_viewer", "team": "user"}


def found_in(read: Read) -> Found:
    """Everything that was read, with a remark for whatever has no counterpart here."""
    found = Found()
    for problem in read.problems:
        found.report.note("gateway", "", problem)
    people_of(read.people, found)
    rosters = Rosters(found)
    for row in read.organizations:
        organization(row, found, rosters)
    for row in read.teams:
        if text(row.get("team_id")) != OWN_TEAM:
            team(row, found, rosters)
    for row in read.archived_teams:
        found.report.leave_out("team", text(row.get("team_id")), "archived there.")
    keys_of(read.keys, found, tells_fingerprints=read.tells_fingerprints)
    return found


class Rosters:
    """Who is in which scope, as far as the rosters name people whom we know."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.people = {one.ident for one in found.people}
        self.by_email = {one.email: one.ident for one in found.people if one.email}
        self.seen: set[tuple[str, str, str]] = set()

    def add(self, kind: str, scope: str, row: Mapping[str, Any], role: str, values: dict[str, Any]) -> None:
        """A membership, unless it names nobody whom we know."""
        ident = self.ident_of(row)
        where = f"{ident or address_of(row) or '?'} of {kind} {scope}"
        if ident in RESERVED:
            return
        if ident not in self.people:
            self.found.report.leave_out("member", where, "is not among the users.")
        elif (ident, kind, scope) in self.seen:
            self.found.report.note("member", where, "stands there twice; the first counts.")
        else:
            self.seen.add((ident, kind, scope))
            limits = {name: value for name, value in values.items() if name not in ("metadata", "tags")}
            self.found.members.append(FoundMember(ident, kind, scope, self.role(kind, role, where), limits))

    def ident_of(self, row: Mapping[str, Any]) -> str:
        """Whom a row of a roster names: by id, or only by e-mail."""
        return text(row.get("user_id")) or self.by_email.get(address_of(row).lower(), "")

    def role(self, kind: str, word: str, where: str) -> str:
        """The role here; null is the usual one, and what is not known the least."""
        try:
            return canonical_role(kind, word or USUAL[kind])
        except ValidationError:
            self.found.report.note("member", where, f"the role '{word}' is not known; comes as {LEAST[kind]}.")
            return LEAST[kind]


def address_of(row: Mapping[str, Any]) -> str:
    return text(row.get("user_email") or mapping(row.get("user")).get("user_email"))


def organization(row: Mapping[str, Any], found: Found, rosters: Rosters) -> None:
    ident = text(row.get("organization_id"))
    if not ident:
        found.report.leave_out("organization", "", "has no id.")
        return
    say = partial(found.report.note, "organization", ident)
    name = named(row.get("organization_alias"), ident, say)
    blocked = row.get("blocked") is True
    found.organizations.append(FoundScope("organization", ident, name, values=limits_of(row, say), blocked=blocked))
    for one in rows(row.get("members")):
        rosters.add("organization", ident, one, text(one.get("user_role")), limits_of(one, say))


def team(row: Mapping[str, Any], found: Found, rosters: Rosters) -> None:
    ident = text(row.get("team_id"))
    if not ident:
        found.report.leave_out("team", "", "has no id.")
        return
    say = partial(found.report.note, "team", ident)
    values = limits_of(row, say)
    aliases = mapping(row.get("model_aliases") or mapping(row.get("litellm_model_table")).get("model_aliases"))
    if aliases := {text(name): text(one) for name, one in aliases.items() if text(name) and text(one)}:
        values["model_aliases"] = aliases
    starting = limits_of(mapping(row.get("team_member_budget_table")), say)
    if defaults := {name: one for name, one in starting.items() if name in STARTING}:
        values["member_defaults"] = defaults
    home = text(row.get("organization_id"))
    if home and all(one.ident != home for one in found.organizations):
        say(f"its organization {home} is not among those that were read; made with its id for a name, without limits.")
        found.organizations.append(FoundScope("organization", home, home))
    found.teams.append(
        FoundScope(
            *("team", ident, named(row.get("team_alias"), ident, say), home),
            values=values,
            blocked=row.get("blocked") is True,
            permissions=permissions(row.get("team_member_permissions"), say),
        )
    )
    limits = {text(one.get("user_id")): one for one in rows(row.get("team_memberships"))}
    for one in rows(row.get("members_with_roles")):
        personal = dict(limits.get(rosters.ident_of(one), {}))
        budget = mapping(personal.get("litellm_budget_table"))
        personal.setdefault("models", budget.get("allowed_models") or personal.get("allowed_models"))
        rosters.add("team", ident, one, text(one.get("role")), limits_of(personal, say))


def named(alias: Any, ident: str, say: Say) -> str:
    if not text(alias):
        say("has no name; is called as its id.")
    return text(alias) or ident


def permissions(value: Any, say: Say) -> Any:
    """What members may do with keys; null is LiteLLM's default, which is ours too."""
    if not isinstance(value, list):
        return None
    if unknown := [one for one in value if one not in MEMBER_PERMISSIONS]:
        say(f"team_member_permissions: {', '.join(map(str, unknown))}: nothing like it here; left out.")
    return to_actions(one for one in value if one in MEMBER_PERMISSIONS)
