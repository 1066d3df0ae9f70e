"""What the routes under /management/v1 take."""

from api.types import PageNumber, PageSize, Request, Text


class PeoplePage(Request):
    """Part of a name or an e-mail, and which page."""

    search: Text | None = None
    page: PageNumber = 1
    page_size: PageSize = 25
