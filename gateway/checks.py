"""What `manage.py check` says of the models in the configuration file, each with its line."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError

from gateway.from_file import columns_of, where
from gateway.models import CatalogModel
from rbacadmin.checks import CONFIGURATION
from rbacadmin.model_names import RESERVED


@register(CONFIGURATION)
def models_of_the_file(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Names that lists would read otherwise, prices and rates that are none, addresses with a password in them."""
    found: list[CheckMessage] = []
    for place, entry in enumerate(settings.MODEL_LIST):
        name = entry.model_name
        if name != name.strip() or name in RESERVED or "*" in name[:-1]:
            text = "must be a name, without spaces around it, that no list reads otherwise"
            found.append(Error(f"{where(place)}: model_name: {text}.", id="rbacadmin.E003"))
        try:
            columns_of(entry, CatalogModel(name=name))
        except ValidationError as error:
            words = "; ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            found.append(Error(f"{where(place)}: {words}", id="rbacadmin.E004"))
    return found
