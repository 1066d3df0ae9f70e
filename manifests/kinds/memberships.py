"""Who is in which team, as manifests."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from django.db.models import QuerySet
from pydantic import Field

from manifests import names, references
from manifests.errors import Cause, Invalid, Waiting
from manifests.kinds.fields import Count, Duration, Money, Named, Names, Ref, Spec
from manifests.kinds.kind import Column, Declared, Kind, Refs, Seen, Status, Values
from manifests.kinds.people import USER, role_of
from manifests.kinds.scopes import AGE, READY
from rbacadmin import policy
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from teams import services
from teams.models import Membership, Team, User
from teams.services.belonging import is_member
from teams.services.roles import canonical_role


class AssociationSpec(Spec):
    """A person in a team."""

    teamRef: Ref = Field(description="The Team.")
    userRef: Ref = Field(description="The User.")
    role: Annotated[Named, role_of("team")] = Field(
        description="admin, or user (member says the same); status.role has the one spelling."
    )
    maxBudgetInTeam: Money | None = Field(
        default=None, description="Their own budget in the team, in dollars, as text."
    )
    budgetDuration: Duration | None = Field(default=None, description="After what time it starts anew.")
    tpmLimit: Count | None = Field(default=None, description="Their tokens per minute in the team.")
    rpmLimit: Count | None = Field(default=None, description="Their requests per minute in the team.")
    models: Names | None = Field(default=None, description="The models that they may use in the team.")


class AssociationStatus(Status):
    """Who is in which team, as it is."""

    teamAlias: str | None = None
    teamID: str | None = None
    userEmail: str | None = None
    userID: str | None = None
    role: str | None = Field(default=None, description="The role, in its one spelling: admin or user.")
    teamExists: bool | None = None
    userExists: bool | None = None
    associationIsValid: bool | None = Field(default=None, description="Whether the person is in the team.")


class AssociationKind(Kind):
    name, plural, short = "TeamMemberAssociation", "teammemberassociations", ("tma",)
    description = "That a person is in a team, with a role and perhaps a budget of their own."
    spec, status, model = AssociationSpec, AssociationStatus, Membership
    fields = {
        "role": "role",
        "maxBudgetInTeam": "max_budget",
        "budgetDuration": "budget_duration",
        "tpmLimit": "tpm_limit",
        "rpmLimit": "rpm_limit",
        "models": "models",
    }
    kept = frozenset({"connectionRef"})
    outlives = True
    ref_fields = {"team": ("teamRef",), "user": ("userRef",)}
    alias_columns = ("user__name", "user__email", "user__public_id", "team__alias")
    tells_of = ("team_id", "user_id")  # a team has a new name, a person a new address
    columns = (
        READY,
        Column("Team", ".status.teamAlias", "The team's name."),
        Column("User", ".status.userEmail", "The person's address."),
        Column("Role", ".status.role", "Their role in the team."),
        Column("Budget", ".spec.maxBudgetInTeam", "Their own budget there, in dollars."),
        AGE,
    )
    sees = Action.VIEW_MEMBERS
    creates = changes = deletes = Action.MANAGE_MEMBERS

    def queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(unexpired(), team__isnull=False).select_related("user", "team", "organization")

    def alias_of(self, row: Any) -> str:
        return f"{USER.alias_of(row.user)}-{row.team.alias}"

    def status_waiting(self) -> Values:
        return {"associationIsValid": False}

    def targets(self, row: Any) -> dict[str, Any]:
        return {"team": row.team_id, "user": row.user_id}

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        from manifests.kinds import KINDS

        teams = names.named(KINDS["Team"], list({row.team_id: row.team for row in rows}.values()))
        people = names.named(USER, list({row.user_id: row.user for row in rows}.values()))
        found = {}
        for row in rows:
            spec = {"teamRef": teams[row.team_id].as_ref(), "userRef": people[row.user_id].as_ref()}
            status = {
                "teamAlias": row.team.alias,
                "teamID": row.team.public_id,
                "userEmail": row.user.email or row.user.label,
                "userID": row.user.public_id,
                "role": row.role,
                "teamExists": True,
                "userExists": True,
                "associationIsValid": True,
            }
            found[row.pk] = Seen(spec, status)
        return found

    def canonical(self, field: str, value: Any) -> Any:
        return canonical_role("team", value) if field == "role" and value else value

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        super().resolve(actor, spec, namespace)
        team = references.find(actor, "Team", spec.teamRef, namespace, "teamRef")
        return {"team": team, "user": self.person(actor, team, spec.userRef, namespace)}

    def person(self, actor: Actor, team: Team, ref: Ref, namespace: str) -> User:
        """The person to be in the team: one whom the author sees, or (rulebook 8) anybody of the team's organization.

        Raises Waiting for everybody else, known or not.
        """
        try:
            return references.find(actor, "User", ref, namespace, "userRef")
        except Waiting:
            named = names.find(USER, ref.namespace or namespace, ref.name)
            inside = Membership.objects.filter(unexpired(), organization=team.organization_id, team=None, project=None)
            if named is None or named.object_id is None or team.organization_id is None:
                raise
            if not policy.can(actor, Action.MANAGE_MEMBERS, team):
                raise
            found = USER.queryset().filter(pk=named.object_id, pk__in=inside.values("user")).first()
            if found is None:
                raise
            return found

    def found(self, actor: Actor, declared: Declared) -> Membership | None:
        """A membership is the same one, however it came to be."""
        team, user = declared.refs["team"], declared.refs["user"]
        if not is_member(user, team):  # the usual answer, and the cheaper question
            return None
        return self.visible(actor).filter(team=team, user=user).first()

    def create(self, actor: Actor, declared: Declared) -> Membership:
        person = declared.refs["user"].public_id
        return services.add_member(actor, declared.refs["team"], person=person, **self.column_values(declared.given))

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Membership:
        if self.targets(row) != {name: target.pk for name, target in declared.refs.items()}:
            return self.moved(actor, row, declared)
        if changes.get("role", ...) is None:
            raise Invalid([Cause("spec.role", "Required value", "FieldValueRequired")])
        return services.change_member(actor, row, **self.column_values(changes)) if changes else row

    def moved(self, actor: Actor, row: Any, declared: Declared) -> Membership:
        """Another person, or another team: that membership begins, and this one ends."""
        if self.found(actor, declared) is not None:
            raise Duplicate("member", "That person is in that team already.", code="already_member")
        made = self.create(actor, declared)
        services.remove_member(actor, row)
        return made

    def delete(self, actor: Actor, row: Any) -> None:
        services.remove_member(actor, row)
