"""The only way in which a view or a dialect gets an object: what you may not see is 404, what you may not do 403."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.logs import SECRET
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.engine import visible
from rbacadmin.policy.explain import explain

M = TypeVar("M", bound=Model)


def find(actor: Actor, action: Action, source: type[M] | QuerySet[M], ident: Any) -> M:
    """The row that `ident` names (UUID, public id, prefixed id; for keys also the secret or its hash).

    Raises PermissionDenied when the actor may see the row but not do the action, NotFound when they may not even
    see it. Both are recorded when the action is a write. An invisible row answers exactly like a random id.
    """
    queryset = source if isinstance(source, QuerySet) else source._default_manager.all()
    model = queryset.model
    found = queryset.filter(model.named(str(ident)))  # type: ignore[attr-defined]
    if row := visible(actor, action, found).first():
        return row
    kind = str(model._meta.verbose_name)
    hidden = found.first()
    if hidden is not None and visible(actor, model.view_action, found).exists():  # type: ignore[attr-defined]
        refusal: NotFound | PermissionDenied = PermissionDenied(explain(actor, action, hidden), hidden)
    else:
        # a key can be named by its secret, which belongs neither into an answer nor into the record
        refusal = NotFound(kind, SECRET.sub("[secret]", str(ident)), action=action, obj=hidden)
    from rbacadmin.service import refuse

    raise refuse(actor, refusal)
