"""The rows of the matrix whose routes do not exist yet. This list can only get shorter."""

PENDING = (
    # spend is written by the gateway
    "SPD-06",
    # settings, looking through another's eyes
    *("SET-01", "SET-02", "SET-03", "SET-04", "VAS-01"),
)
AT_MOST = 6
# Parts of rows that are otherwise there.
PENDING_PARTS: dict[str, str] = {}
