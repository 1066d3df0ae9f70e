"""The organization and project that a request names in its headers, as OpenAI's clients send them (rulebook 18)."""

from pydantic.json_schema import SkipJsonSchema
from rest_framework.request import Request as HttpRequest

from api.types import Request, Text
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

HEADERS = {"openai_organization": "Openai-Organization", "openai_project": "Openai-Project"}


class InContext(Request):
    """What may come in the context headers Openai-Organization and Openai-Project."""

    openai_organization: SkipJsonSchema[Text] = ""
    openai_project: SkipJsonSchema[Text] = ""


def named_by(request: HttpRequest) -> dict[str, str]:
    """What the headers say, as fields of `InContext`; empty text where they say nothing."""
    return {field: request.headers.get(header, "").strip() for field, header in HEADERS.items()}


def scope_named(actor: Actor, body: InContext) -> Organization | Project | None:
    """Where the headers say that the request stands; None when they say nothing, or the key itself says where it is.

    Raises NotFound for what the actor does not see there.
    """
    own = actor.key
    if own is not None and (own.team_id or own.project_id):
        return None
    if body.openai_project:
        inside = Project.objects.select_related("organization")
        if body.openai_organization:
            inside = inside.filter(organization__in=Organization.rows_named(body.openai_organization))
        return policy.find(actor, Action.VIEW_PROJECTS, inside, body.openai_project)
    if body.openai_organization and (own is None or own.organization_id is None):
        return policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.openai_organization)
    return None
