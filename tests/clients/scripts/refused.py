"""What the client makes of refusals. Arguments: URL, key."""

import json
import sys

import requests
from litellm.proxy.client import Client, UnauthorizedError, UsersManagementClient
from litellm.proxy.client.exceptions import NotFoundError

url, key = sys.argv[1:]
client = Client(url, key)


def outcome(call, *arguments, **named):
    try:
        return ["answered", call(*arguments, **named)]
    except UnauthorizedError:
        return ["UnauthorizedError"]
    except NotFoundError:
        return ["NotFoundError"]
    except requests.exceptions.HTTPError as error:
        return ["HTTPError", error.response.status_code, error.response.json()]


stranger = Client(url, "sk-nobody-knows-this-one")
print(
    json.dumps(
        {
            "keys": outcome(stranger.keys.list),
            "teams": outcome(stranger.teams.list),
            "users": outcome(UsersManagementClient(url, "sk-nobody-knows-this-one").list_users),
            "no_person": outcome(UsersManagementClient(url, key).get_user, "nobody@example.com"),
            "no_key": outcome(client.keys.info, "0" * 64),
            "chosen": outcome(client.http.request, "POST", "/key/generate", json={"key": "sk-chosen-by-the-caller"}),
            "teamless": outcome(client.keys.generate, team_id="no-such-team"),
        }
    )
)
