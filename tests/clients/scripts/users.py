"""People through LiteLLM's client; what it has no verb for goes through its `http`. Arguments: URL, key, an address."""

import json
import sys

from litellm.proxy.client import Client, UsersManagementClient

url, key, email = sys.argv[1:]
users = UsersManagementClient(url, key)

made = users.create_user({"user_email": email, "user_alias": "Made by a client", "user_role": "internal_user"})
listed = users.list_users({"user_email": email})
shown = users.get_user(made["user_id"])
flat = users.get_user_v2(made["user_id"])
oneself = UsersManagementClient(url, made["key"]).get_user()
changes = {"user_id": made["user_id"], "user_alias": "Changed", "max_budget": 7}
updated = Client(url, key).http.request("POST", "/user/update", json=changes)
deleted = users.delete_user([made["user_id"]])
left = users.list_users({"user_email": email})
told = {"made": made, "listed": listed, "shown": shown, "flat": flat, "oneself": oneself}
print(json.dumps({**told, "updated": updated, "deleted": deleted, "left": left}))
