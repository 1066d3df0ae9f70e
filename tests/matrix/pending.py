"""The rows of the matrix whose routes do not exist yet. This list can only get shorter."""

PENDING: tuple[str, ...] = ()
AT_MOST = 0
# Parts of rows that are otherwise there.
PENDING_PARTS: dict[str, str] = {}
