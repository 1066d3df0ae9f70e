"""The rows of the matrix whose routes do not exist yet. This list can only get shorter."""

PENDING = (
    # spend: written by the gateway alone
    "SPD-06",
)
AT_MOST = 1
# Parts of rows that are otherwise there.
PENDING_PARTS: dict[str, str] = {}
