"""What the access group routes accept."""

from api.types import Ident, Idents, Named, Names, Request


class GroupModels(Request):
    """The models, by name or by id."""

    model_names: Names | None = None
    model_ids: Idents | None = None


class AccessGroupNew(GroupModels):
    access_group: Named


class AccessGroupNamed(Request):
    access_group: Ident


class AccessGroupUpdate(GroupModels):
    access_group: Ident
