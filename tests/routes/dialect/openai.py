"""Rows of the calls of models: the body says which model, so an empty one is refused before anything is asked."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    f"{prefix}{route}": dialect(400, "POST")
    for route in ("chat/completions", "completions", "embeddings")
    for prefix in ("", "v1/")
}
