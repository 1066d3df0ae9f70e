"""A key's life through LiteLLM's client. Arguments: URL, key, an alias."""

import json
import sys

from litellm.proxy.client import Client

url, key, alias = sys.argv[1:]
keys = Client(url, key).keys

made = keys.generate(models=["gpt-4o"], aliases={"fast": "gpt-4o"}, duration="7d", key_alias=alias)
own = Client(url, made["key"]).keys.info(made["key"])
listed = keys.list(page=1, size=10, key_alias=alias, return_full_object=True)
hashes = keys.list(key_alias=alias)
updated = keys.update(made["key"], models=["gpt-4"], key_alias=f"{alias}-2", duration="1d")
by_hash = keys.info(made["token"])
deleted = keys.delete(keys=[made["key"]])
left = keys.list(key_alias=f"{alias}-2")
print(
    json.dumps(
        {
            "made": made,
            "own": own,
            "listed": listed,
            "hashes": hashes,
            "updated": updated,
            "by_hash": by_hash,
            "deleted": deleted,
            "left": left,
        }
    )
)
