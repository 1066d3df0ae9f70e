"""/manifests/*: each function is one request, one call, one answer."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError

from api.manifests import asks
from api.types import Nothing
from manifests import apply as applying
from manifests import reading, resources, tenants
from manifests.apply import Asked
from manifests.documents import checked
from manifests.kinds import KINDS, Kind
from manifests.plan import UNCHANGED, Plan
from rbacadmin.policy import Actor

KUBECTL = "kubectl.kubernetes.io/"


def plan(actor: Actor, body: asks.ManifestsGiven) -> dict[str, Any]:
    return shown(applying.plan(actor, asked(body)))


def apply(actor: Actor, body: asks.ManifestsPlanned) -> dict[str, Any]:
    return shown(applying.apply(actor, asked(body, body.expect)))


def asked(body: asks.ManifestsGiven, expect: str = "") -> Asked:
    """The files read. Raises Mistaken."""
    entries = reading.read([(file.name, file.content) for file in body.files], body.set)
    return Asked(entries, body.owner, body.source, body.prune, body.take_over, expect)


def shown(found: Plan) -> dict[str, Any]:
    return {
        "plan": found.digest,
        "applied": found.applied,
        "owner": found.owner,
        "counts": found.counts,
        "steps": [
            {
                "kind": step.kind.name,
                "namespace": step.namespace,
                "name": step.name,
                "outcome": step.outcome,
                "reason": step.reason or None,
                "file": step.entry.file if step.entry else None,
                "line": step.entry.line if step.entry else None,
                "fields": step.fields,
            }
            for step in found.steps
            if step.outcome != UNCHANGED or step.reason
        ],
        "people": [asdict(one) for one in found.people],
        "people_count": found.people_count,
    }


def export(actor: Actor, body: asks.ManifestPage) -> dict[str, Any]:
    """What is, as manifests that say the same when they are applied. What still waits is among them."""
    found, left_out = [], []
    for kind in kinds_named(body.kind):
        if body.name is not None:
            rows = [resources.find(actor, kind, body.namespace or resources.names.home(), body.name)]
        else:
            rows = resources.listed(actor, kind, body.namespace)
        for document in resources.shown(actor, kind, rows):
            _, mistakes, _ = checked(kind, document["spec"])
            if mistakes:  # a key without a name: nothing could be applied that says the same
                left_out.append(f"{kind.name} {document['metadata']['name']}: {mistakes[0]}")
            else:
                found.append(declared(document))
    return {"manifests": found, "left_out": left_out}


def kinds_named(word: str) -> list[Kind]:
    """The kinds that a word means, whatever its case. Raises ValidationError."""
    if word == "all":
        return [kind for kind in KINDS.values() if not kind.read_only]
    for kind in KINDS.values():
        if word.lower() in (kind.name.lower(), kind.plural, *kind.short):
            return [kind]
    raise ValidationError({"kind": f"There is no kind '{word}'. There are: {', '.join(KINDS)}, all."})


def declared(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what the server or kubectl write into it."""
    metadata = {name: document["metadata"][name] for name in ("name", "namespace")}
    for part in ("labels", "annotations", "finalizers"):
        if kept := document["metadata"].get(part):
            metadata[part] = kept
    if "annotations" in metadata:
        own = {name: text for name, text in metadata["annotations"].items() if not name.startswith(KUBECTL)}
        metadata = (
            {**metadata, "annotations": own} if own else {k: v for k, v in metadata.items() if k != "annotations"}
        )
    return {
        "apiVersion": document["apiVersion"],
        "kind": document["kind"],
        "metadata": metadata,
        "spec": document["spec"],
    }


def templates(_actor: Actor, _body: Nothing) -> dict[str, Any]:
    """The tenant templates that come along: files of manifests with settings."""
    return {"templates": [asdict(one) for one in tenants.shipped()]}
