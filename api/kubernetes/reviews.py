"""`kubectl auth can-i` and `whoami`: answered by the policy, and by who the bearer is."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from api.kubernetes import bodies
from api.kubernetes.door import door, json, require_route
from api.kubernetes.protobuf import Malformed, fields, nested
from api.kubernetes.status import Problem
from api.litellm import presets
from manifests import names, resources
from manifests.kinds import BY_PLURAL, KINDS, VERSION, Kind
from manifests.resources import Resource
from rbacadmin import policy
from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.scopes import scope_models

PROTOBUF = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\0"
# The fields of ResourceAttributes, by their number in Kubernetes' own definition.
ATTRIBUTES = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
READS = ("get", "list", "watch")
VERBS = (*READS, "create", "update", "patch", "delete")


def read(request: HttpRequest, *path: int) -> dict[str, Any]:
    """A review as an object: from JSON, or from protobuf, which kubectl sends since 1.32."""
    if not bodies.media_of(request).startswith(PROTOBUF):
        return bodies.read(request)
    content = bodies.content(request)
    try:
        if not content.startswith(MAGIC):
            raise Malformed
        found = fields(nested(content[len(MAGIC) :], 2, *path)) if path else ()
        attributes = {ATTRIBUTES[number]: value.decode() for number, value in found if number in ATTRIBUTES}
    except (Malformed, UnicodeDecodeError) as error:
        raise Problem(400, "the body is no protobuf message of Kubernetes") from error
    return {"spec": {"resourceAttributes": attributes}}


@door("POST")
def access_review(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"""
    require_route(request, actor, None)
    spec = read(request, 2, 1).get("spec")
    asked = spec.get("resourceAttributes") if isinstance(spec, dict) else None
    if not isinstance(asked, dict):
        raise Problem(400, "spec.resourceAttributes: Required value")
    allowed, reason = decided(actor, {name: value for name, value in asked.items() if isinstance(value, str)})
    return json(
        {
            "kind": "SelfSubjectAccessReview",
            "apiVersion": "authorization.k8s.io/v1",
            "metadata": {},
            "spec": spec,
            "status": {"allowed": allowed, "reason": reason},
        },
        201,
    )


def decided(actor: Actor, asked: dict[str, str]) -> tuple[bool, str]:
    """Whether the caller may do this verb to this resource, and in one sentence why."""
    verb, group, plural = asked.get("verb", ""), asked.get("group", ""), asked.get("resource", "")
    kinds = [kind for kind in KINDS.values() if plural in (kind.plural, "*") and group in (kind.group, "*", "")]
    if group:
        kinds = [kind for kind in kinds if (kind.group, kind.plural) in BY_PLURAL]
    if not kinds:
        return False, "There is no such resource here."
    answers = [decided_of(actor, kind, verb, asked) for kind in kinds]
    return next((answer for answer in answers if not answer[0]), answers[0])


def decided_of(actor: Actor, kind: Kind, verb: str, asked: dict[str, str]) -> tuple[bool, str]:
    action = action_of(kind, verb)
    if action is None:
        return False, f"Nobody does {verb or 'nothing'} to {kind.plural} here."
    try:
        presets.require_route(actor, f"/apis/{kind.group}/{VERSION}/{kind.plural}", action)
    except PermissionDenied as error:
        return False, str(error)
    if asked.get("name") and verb != "create":
        return decided_of_one(actor, kind, verb, action, asked)
    if verb in READS:
        return True, "Lists hold what one sees."
    allowed = policy.can_somewhere(actor, action)
    return allowed, f"{actor.label} {'may' if allowed else 'may nowhere'} {action.label}."


def decided_of_one(actor: Actor, kind: Kind, verb: str, action: Action, asked: dict[str, str]) -> tuple[bool, str]:
    """About one resource. What one does not see is not there."""
    try:
        one: Resource = resources.find(actor, kind, asked.get("namespace") or names.home(), asked["name"])
    except (NotFound, PermissionDenied):
        return False, f"There is no {kind.name} '{asked['name']}'."
    if verb in READS:
        return True, "It is seen."
    about = one.row if one.row is not None else one.manifest
    allowed = policy.can(actor, action, about)
    return allowed, f"{actor.label} {'may' if allowed else 'may not'} {action.label} here."


def action_of(kind: Kind, verb: str) -> Action | None:
    """What a verb of Kubernetes does to a kind; None for what is not done here."""
    if verb in READS:
        return kind.sees
    if kind.read_only:
        return None
    acts = {"create": kind.creates, "update": kind.changes, "patch": kind.changes, "delete": kind.deletes}
    return acts.get(verb, kind.deletes if verb == "*" else None)


@door("POST")
def rules_review(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews: what the caller may do somewhere, kind by kind."""
    require_route(request, actor, None)
    read(request)
    rules = [
        {"verbs": verbs, "apiGroups": [kind.group], "resources": [kind.plural]}
        for kind in KINDS.values()
        if (verbs := [verb for verb in VERBS if decided_of(actor, kind, verb, {})[0]])
    ]
    status = {"resourceRules": rules, "nonResourceRules": [], "incomplete": False}
    return json(
        {
            "kind": "SelfSubjectRulesReview",
            "apiVersion": "authorization.k8s.io/v1",
            "metadata": {},
            "spec": {},
            "status": status,
        },
        201,
    )


@door("POST")
def self_review(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """POST /apis/authentication.k8s.io/v1/selfsubjectreviews: who calls, with the roles as groups."""
    require_route(request, actor, None)
    read(request)
    info: dict[str, Any] = {"username": actor.label or actor.principal, "groups": groups_of(actor)}
    if actor.user_id is not None:
        info["uid"] = str(actor.user_id)
    info["extra"] = {"rbacadmin/principal": [actor.principal]}
    return json(
        {
            "kind": "SelfSubjectReview",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {},
            "status": {"userInfo": info},
        },
        201,
    )


def groups_of(actor: Actor) -> list[str]:
    """What the caller is where: `platform:proxy_admin`, `team:acme core:admin`. One query for each kind of scope."""
    found = [f"platform:{actor.platform_role}"] if actor.platform_role else []
    for scope, model in scope_models().items():
        held = {pk: role for (kind, pk), role in actor.roles.items() if kind == scope}
        if held:
            names_of = model._default_manager.filter(pk__in=held).values_list("pk", "alias")
            found += sorted(f"{scope}:{alias}:{held[pk]}" for pk, alias in names_of)
    return [*found, "system:authenticated"]
