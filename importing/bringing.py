"""Writing what was found, through the services. What is there already stays as it is, unless it may be updated."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from importing.fitting import fitted
from importing.found import Found, FoundMember, FoundPerson, FoundScope
from importing.keys import bring_key
from importing.run import Run, apart, block_too, differences, named_apart, scope_of, settle
from orgs.models import Organization, Project
from orgs.services import create_organization, create_project, update_organization, update_project
from rbacadmin.blocking import block_scope
from rbacadmin.changes import parent
from rbacadmin.errors import Refused
from teams.models import Membership, Team, User
from teams.services import add_member, block_users, change_member, create_team, create_user, update_team, update_user

MODELS: dict[str, Any] = {"organization": Organization, "team": Team, "project": Project}
UPDATES: dict[str, Any] = {"organization": update_organization, "team": update_team, "project": update_project}


def bring(run: Run, found: Found) -> None:
    """Write everything, parents before children; each row by itself, so that one that does not fit stops no other."""
    each(run, "organization", found.organizations, bring_scope)
    each(run, "user", found.people, bring_person)
    each(run, "team", found.teams, bring_scope)
    each(run, "project", found.projects, bring_scope)
    each(run, "member", found.members, bring_member)
    each(run, "key", found.keys, bring_key)


def each(run: Run, kind: str, items: Sequence[Any], write: Callable[[Run, Any], str]) -> None:
    """Write them one by one and count what became of each; what a service refuses is left out, with its reason."""
    for number, item in enumerate(items, start=1):
        try:
            run.report.count(kind, write(run, item))
        except ValidationError as error:
            run.report.leave_out(kind, name_of(item), reasons(error))
        except Refused as error:
            run.report.leave_out(kind, name_of(item), str(error))
        run.progress(f"{kind}s", number, len(items))


def reasons(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
    return " ".join(error.messages)


def name_of(item: Any) -> str:
    return f"{item.person} of {item.kind} {item.scope}" if isinstance(item, FoundMember) else str(item.ident)


def bring_scope(run: Run, found: FoundScope) -> str:
    """An organization, team or project. Returns `created`, `same`, `changed` or `differs`."""
    say = partial(run.report.note, found.kind, found.ident)
    row = MODELS[found.kind].objects.filter(MODELS[found.kind].named(found.ident)).first()
    home = scope_of(run, "organization", found.home) if found.home else None
    values = fitted(found.values, parent(home), say)
    if row is None:
        row, outcome = (
            named_apart(found.name, found.ident, say, partial(open_scope, run, found, home, values)),
            "created",
        )
        if found.blocked:
            row = block_scope(run.actor, row)
    else:
        if home is not None and row.organization_id != home.pk:
            say("is in another organization here, and stays there.")
        changes = differences(row, values)
        if row.alias not in (found.name, apart(found.name, found.ident)):
            changes["alias"] = found.name
        outcome = settle(run, found.kind, found.ident, row, changes, UPDATES[found.kind])
        if found.blocked and not row.blocked:
            outcome = block_too(run, outcome, say, lambda: block_scope(run.actor, row))
    run.scopes[found.kind, found.ident] = row
    return outcome


def open_scope(run: Run, found: FoundScope, home: Any, values: Mapping[str, Any], alias: str) -> Any:
    if found.kind == "organization":
        return create_organization(run.actor, alias=alias, public_id=found.ident, **values)
    if found.kind == "team":
        more = {**values, "permissions": found.permissions}
        return create_team(run.actor, home, alias=alias, public_id=found.ident, **more)
    return create_project(run.actor, home, alias=alias, public_id=found.ident, **values)


def bring_person(run: Run, found: FoundPerson) -> str:
    """A person, or the one who is here already with the same id or address."""
    user = User.objects.people().filter(User.named(found.public_id)).first()
    if user is None and found.email and (user := User.objects.filter(email=found.email).first()) is not None:
        run.known_before.add(found.ident)
        run.people[found.ident] = user
        run.report.note("user", found.ident, f"{found.email} is here already, as {user.public_id}; left as it is.")
        return "same"
    say = partial(run.report.note, "user", found.ident)
    values = fitted(found.values, (), say)
    if user is None:
        user = create_user(run.actor, email=found.email, public_id=found.public_id, platform_role=found.role, **values)
        outcome = "created"
        if found.blocked:
            block_users(run.actor, [user])
    else:
        changes = differences(user, {**values, "platform_role": found.role})
        outcome = settle(run, "user", found.ident, user, changes, update_user)
        if found.blocked and not user.blocked:
            outcome = block_too(run, outcome, say, lambda: block_users(run.actor, [user]))
    run.people[found.ident] = user
    return outcome


def bring_member(run: Run, found: FoundMember) -> str:
    """A membership. Whoever joins a team joins its organization too (rulebook 9)."""
    scope, user = scope_of(run, found.kind, found.scope), run.people.get(found.person)
    if user is None:
        raise ValidationError("This person did not come.")
    say = partial(run.report.note, "member", name_of(found))
    values = fitted(found.values, parent(scope), say)
    row = Membership.objects.filter(user=user, group_id=scope.group_id).first()
    if row is None:
        add_member(run.actor, scope, person=user.public_id, role=found.role, **values)
        return "created"
    return settle(run, "member", name_of(found), row, differences(row, {**values, "role": found.role}), change_member)
