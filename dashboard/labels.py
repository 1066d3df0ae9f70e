"""What stands beside a row of a list: whose it is and where, by name, and not all that is known of them."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

# What rows are called and linked by, and what the policy asks of a row that is related.
SHOWN = frozenset(
    {"id", "public_id", "alias", "name", "email", "kind", "platform_role", "blocked_by", "organization_id", "group_id"}
)


def with_labels(rows: QuerySet[M], *relations: str) -> QuerySet[M]:
    """The rows with these relations, which leave their limits and settings in the database.

    They are most of what a page of fifty rows would read; whoever asks for one of them after all pays a query.
    """
    hidden = [
        f"{relation}__{column.name}"
        for relation in relations
        for column in related(rows.model, relation)._meta.concrete_fields
        if column.attname not in SHOWN
    ]
    return rows.select_related(*relations).defer(*hidden)


def related(model: type[Model], relation: str) -> type[Model]:
    found: Any = model._meta.get_field(relation).related_model
    assert isinstance(found, type)
    return found
