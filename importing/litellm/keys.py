"""LiteLLM's keys: their facts, and the SHA-256 of their secrets, which is what LiteLLM stores and shows."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from importing.found import Found, FoundKey, short
from importing.litellm.people import RESERVED
from importing.litellm.values import Say, limits_of, mapping, moment, names, put, text
from keys import secrets

OWN_TEAM = "litellm-dashboard"


def keys_of(rows: Sequence[Mapping[str, Any]], found: Found, *, tells_fingerprints: bool) -> None:
    """Put the keys among what was found, but for those of LiteLLM's own pages, which are sessions."""
    people, teams = {one.ident for one in found.people}, {one.ident: one for one in found.teams}
    homes = {one.ident for one in found.organizations}
    for row in rows:
        if text(row.get("team_id")) == OWN_TEAM:
            continue
        token = text(row.get("token")) or text(row.get("token_id"))
        ident = text(row.get("key_alias")) or text(row.get("key_name")) or short(token)
        if not token:
            found.report.leave_out("key", ident, "its hash is not told, so that nothing tells it from others.")
            continue
        team, project = text(row.get("team_id")), text(row.get("project_id"))
        if team and team not in teams:
            found.report.leave_out("key", ident, f"its team {team} is not there; without it, it would reach further.")
            continue
        if project and not team:
            found.report.leave_out("key", ident, f"lives in project {project}, and projects do not come over.")
            continue
        say = partial(found.report.note, "key", ident)
        if project:
            say(f"its project {project} does not come over; the limits of the team bind it.")
        organization = text(row.get("organization_id"))
        if organization and organization not in homes:
            say(f"its organization {organization} is not there; comes without.")
            organization = ""
        if team and organization and organization != teams[team].home:
            say("its organization is not that of its team, which counts.")
        one = key(row, ident, token, say)
        one.owner = owner(text(row.get("user_id")), people, say)
        one.team, one.organization = team, "" if team else organization
        one.service = bool(team and not one.owner and mapping(row.get("metadata")).get("service_account_id"))
        one.fingerprint = token if tells_fingerprints and secrets.FINGERPRINT.fullmatch(token) else None
        found.keys.append(one)


def key(row: Mapping[str, Any], ident: str, token: str, say: Say) -> FoundKey:
    values = limits_of(row, say)
    put(values, "allowed_routes", row.get("allowed_routes"), names, say)
    aliases = {text(name): text(one) for name, one in mapping(row.get("aliases")).items() if text(name) and text(one)}
    put(values, "aliases", aliases, mapping, say)
    put(values, "permissions", row.get("permissions"), mapping, say)
    return FoundKey(
        ident=ident,
        public_id=f"imported-{secrets.digest_of(token)[:32]}",  # not the hash itself: that of a weak key can be guessed
        alias=text(row.get("key_alias")),
        hint=text(row.get("key_name"))[-4:],
        expires_at=moment(row.get("expires")),
        values=values,
        blocked=row.get("blocked") is True,
    )


def owner(ident: str, people: set[str], say: Say) -> str:
    """Whose key it is; the master key's belong to nobody here."""
    if ident in people:
        return ident
    if ident and ident not in RESERVED:
        say(f"its owner {ident} is not there any more; comes without an owner.")
    return ""
