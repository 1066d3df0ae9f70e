"""Virtual keys as manifests. Their secrets stand in no manifest: `status.keySecretRef` names where one is had, once."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import AfterValidator, Field

from gateway.routes import preset
from gateway.spent import resets_at, spent
from keys import services
from keys.models import Key
from keys.moves import move_key
from manifests import key_secrets, references
from manifests.errors import Cause, Invalid, Waiting
from manifests.kinds.fields import LIMITS, Anything, Duration, Flag, Limited, Named, Ref, dollars
from manifests.kinds.kind import CONFIG_ERROR, Column, Declared, Kind, Refs, Seen, Status, Values
from manifests.kinds.scopes import AGE, READY
from manifests.moments import stamp
from orgs.models import Project
from rbacadmin.limits import parse_duration
from rbacadmin.policy import Action, Actor
from teams.models import Team, User


def route(text: str) -> str:
    """A path, with `*` for anything, or a preset's name."""
    if not text.startswith("/") and preset(text) is None:
        raise ValueError("is neither a path nor a preset of routes")
    return text


class KeySpec(Limited):
    """A virtual key: of a person, or of a team or project."""

    keyAlias: Named = Field(description="Its name.")
    userRef: Ref | None = Field(default=None, description="The User whose key it is.")
    userID: Named | None = Field(default=None, description="The same, by the person's id.")
    teamRef: Ref | None = Field(default=None, description="The Team in which it acts.")
    teamID: Named | None = Field(default=None, description="The same, by the team's id.")
    projectRef: Ref | None = Field(default=None, description="The Project in which it acts.")
    projectID: Named | None = Field(default=None, description="The same, by the project's id.")
    duration: Duration | None = Field(default=None, description="After what time it ends, from its making on.")
    blocked: Flag | None = Field(default=None, description="Whether its calls are refused.")
    allowedRoutes: Annotated[list[Annotated[Named, AfterValidator(route)]], Field(max_length=1000)] | None = Field(
        default=None, description="The routes that it may call; empty is all."
    )
    aliases: dict[Named, Named] | None = Field(default=None, description="Other names for models.")
    permissions: Anything | None = Field(default=None, description="What LiteLLM calls the permissions of a key.")


class KeyStatus(Status):
    """What is known of a key. Never its secret."""

    keyID: str | None = None
    userID: str | None = Field(default=None, description="Whose it is.")
    teamID: str | None = Field(default=None, description="The team in which it acts.")
    projectID: str | None = Field(default=None, description="The project in which it acts.")
    keyName: str | None = Field(default=None, description="The key as it may be shown: sk-...o6kQ.")
    keySecretRef: str | None = Field(
        default=None, description="The Secret with the key: for who made it, once, within an hour."
    )
    spend: str | None = Field(default=None, description="Dollars spent in the running period.")
    budgetResetAt: str | None = Field(default=None, description="When the budget starts anew.")
    expires: str | None = Field(default=None, description="When it ends.")
    createdAt: str | None = None
    updatedAt: str | None = None


BY_ID: dict[str, Any] = {"user": User, "team": Team, "project": Project}


class KeyKind(Kind):
    name, plural, short = "VirtualKey", "virtualkeys", ("vkey",)
    description = "A bearer key for calls of models."
    spec, status, model = KeySpec, KeyStatus, Key
    fields = {
        **LIMITS,
        "keyAlias": "alias",
        "allowedRoutes": "allowed_routes",
        "aliases": "aliases",
        "permissions": "permissions",
    }
    kept = frozenset({"connectionRef", "duration"})
    ref_fields = {ref: (f"{ref}Ref", f"{ref}ID") for ref in BY_ID}
    columns = (
        READY,
        Column("Alias", ".spec.keyAlias", "Its name."),
        Column("User", ".status.userID", "Whose it is."),
        Column("Team", ".status.teamID", "The team in which it acts.", priority=1),
        Column("Budget", ".spec.maxBudget", "Dollars."),
        Column("Expires", ".status.expires", "When it ends.", priority=1),
        Column("Key", ".status.keyName", "The key as it may be shown.", priority=1),
        Column("Secret", ".status.keySecretRef", "Where its secret is had, once.", priority=1),
        AGE,
    )
    sees, lists, creates = Action.VIEW_KEYS, Action.LIST_KEYS, Action.CREATE_KEYS
    changes, deletes = Action.UPDATE_KEYS, Action.DELETE_KEYS

    def queryset(self) -> QuerySet[Key]:
        # a gateway's credential is nobody's, and a sign-in from a terminal is a session that nobody declares
        rows = Key.objects.exclude(kind__in=(Key.Kind.GATEWAY, Key.Kind.TERMINAL))
        return rows.select_related("user", "team", "project", "organization")

    def alias_of(self, row: Any) -> str:
        return row.alias or f"key-{row.hint}"

    def spelled_with(self, word: str) -> Q:
        nameless = Q(alias="") if word == "key" else Q(alias="", hint__icontains=word)
        return super().spelled_with(word) | nameless

    def targets(self, row: Any) -> dict[str, Any]:
        return {"user": row.user_id if row.person else None, "team": row.team_id, "project": row.project_id}

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        spends = spent(rows)
        found = {}
        for row in rows:
            may, targets = allowed[row.pk], self.targets(row)
            spec = {f"{ref}ID": getattr(row, ref).public_id for ref, pk in targets.items() if pk is not None}
            status = {
                **spec,
                "keyID": row.public_id,
                "keyName": row.name,
                "spend": dollars(spends.get(row.pk, 0)) if "spend" in may else None,
                "budgetResetAt": stamp(resets_at(row)) if "max_budget" in may else None,
                "expires": stamp(row.expires_at) if "expires_at" in may else None,
                "createdAt": stamp(row.created_at) if "created_at" in may else None,
                "updatedAt": stamp(row.updated_at) if "updated_at" in may else None,
            }
            found[row.pk] = Seen(spec | ({"blocked": True} if row.blocked else {}), status)
        return found

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        return super().readable_fields(allowed) | ({"blocked"} if "blocked_by" in allowed else set())

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        super().resolve(actor, spec, namespace)
        return {ref: self.named(actor, spec, ref, namespace) for ref in BY_ID}

    def named(self, actor: Actor, spec: Any, ref: str, namespace: str) -> Any:
        """The person, team or project that a spec names; None when it names none. Raises Waiting."""
        from manifests.kinds import KINDS

        if (reference := getattr(spec, f"{ref}Ref")) is not None:
            return references.find(actor, ref.title(), reference, namespace, f"{ref}Ref")
        ident = getattr(spec, f"{ref}ID")
        if ident is None:
            return None
        row = KINDS[ref.title()].visible(actor).filter(BY_ID[ref].named(ident)).first()
        if row is None:
            raise Waiting(CONFIG_ERROR, f"{ref}ID: there is no {ref} '{ident}'.")
        return row

    def create(self, actor: Actor, declared: Declared) -> Key:
        spec, refs = declared.spec, declared.refs
        values = self.column_values(declared.given)
        if spec.duration is not None:
            values["expires_at"] = timezone.now() + parse_duration(spec.duration)
        owner = refs["user"] if refs["user"] is not None or refs["team"] or refs["project"] else actor.user
        key, secret = services.generate_key(actor, owner=owner, team=refs["team"], project=refs["project"], **values)
        wanted = declared.name
        declared.status["keySecretRef"] = key_secrets.keep(actor, declared.namespace, wanted, key, secret)
        return self.set_blocked(actor, key, spec.blocked)

    def set_blocked(self, actor: Actor, key: Key, wanted: Any) -> Key:
        if bool(wanted) == key.blocked:
            return key
        return (services.block_key if wanted else services.unblock_key)(actor, key)

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Key:
        if changes.get("keyAlias", ...) is None:
            raise Invalid([Cause("spec.keyAlias", "Required value", "FieldValueRequired")])
        before, refs = self.targets(row), declared.refs
        owner = refs["user"] if refs["user"] is not None or refs["team"] or refs["project"] else row.user
        moved = {ref: refs[ref] for ref in ("team", "project") if getattr(refs[ref], "pk", None) != before[ref]}
        if before["user"] is not None and getattr(owner, "pk", None) != before["user"]:
            moved["user"] = owner
        if moved:
            row = move_key(actor, row, **moved)
        columns = self.column_values(changes)
        row = services.update_key(actor, row, **columns) if columns else row
        return self.set_blocked(actor, row, changes["blocked"]) if "blocked" in changes else row

    def delete(self, actor: Actor, row: Any) -> None:
        services.delete_keys(actor, row)
