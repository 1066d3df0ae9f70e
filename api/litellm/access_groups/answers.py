"""What the access group routes answer."""

from api.types import Response


class AccessGroup(Response):
    access_group: str
    model_names: list[str]
    deployment_count: int


class AccessGroups(Response):
    access_groups: list[AccessGroup]


class AccessGroupWritten(Response):
    access_group: str
    model_names: list[str]
    model_ids: list[str]
    models_updated: int


class AccessGroupDeleted(Response):
    access_group: str
    models_updated: int
    message: str
