"""What the routes under /management/v1 answer."""

from api.litellm.users.answers import UserRow
from api.types import Response


class Meta(Response):
    total: int
    page: int
    page_size: int
    total_pages: int


class Links(Response):
    """Addresses without a host; null where there is no such page."""

    self: str | None
    first: str | None
    last: str | None
    prev: str | None
    next: str | None


class PeopleLinked(Response):
    data: list[UserRow]
    meta: Meta
    links: Links
