"""A model's life through LiteLLM's client. Arguments: URL, key, a name."""

import json
import sys

from litellm.proxy.client import Client

url, key, name = sys.argv[1:]
client = Client(url, key)
models = client.models

made = models.new(name, {"model": "openai/gpt-4o", "api_key": "a provider's", "rpm": 7}, {"mode": "chat"})
ident = made["model_info"]["id"] if "model_info" in made else made["model_id"]
listed = models.list()
info = [row for row in models.info() if row["model_name"] == name]
by_name = models.get(model_name=name)
by_id = models.get(model_id=ident)
groups = [row for row in client.model_groups.info() if row["model_group"] == name]
updated = models.update(ident, {"model": "openai/gpt-4o", "rpm": 9})
again = models.get(model_id=ident)
deleted = models.delete(ident)
left = [row["id"] for row in models.list()]
told = {"made": made, "listed": listed, "info": info, "by_name": by_name, "by_id": by_id, "groups": groups}
print(json.dumps({**told, "updated": updated, "again": again, "deleted": deleted, "left": left, "id": ident}))
