"""The rows of the matrix whose routes do not exist yet. This list can only get shorter."""

PENDING = (
    # spend: written by the gateway alone
    "SPD-06",
    # settings
    *("SET-01", "SET-02", "SET-03", "SET-04"),
)
AT_MOST = 5
# Parts of rows that are otherwise there.
PENDING_PARTS: dict[str, str] = {}
