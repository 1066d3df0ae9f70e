"""A team's life: what the client has no verb for goes through its `http`. Arguments: URL, key, an alias."""

import json
import sys

from litellm.proxy.client import Client

url, key, alias = sys.argv[1:]
client = Client(url, key)

organization = client.http.request("POST", "/organization/new", json={"organization_alias": alias})
named = {"team_alias": alias, "organization_id": organization["organization_id"], "max_budget": 10}
made = client.http.request("POST", "/team/new", json=named)
listed = client.teams.list(organization_id=organization["organization_id"])
paged = client.teams.list_v2(team_alias=alias, page=1, page_size=5, sort_by="team_alias")
known = {"team_id": made["team_id"]}
updated = client.http.request("POST", "/team/update", json={**known, "max_budget": 5})
bound = client.keys.generate(team_id=made["team_id"], key_alias=f"{alias} key")
of_team = client.keys.list(team_id=made["team_id"], include_team_keys=True)
deleted = client.http.request("POST", "/team/delete", json={"team_ids": [made["team_id"]]})
left = client.teams.list(organization_id=organization["organization_id"])
print(
    json.dumps(
        {
            "made": made,
            "listed": listed,
            "paged": paged,
            "updated": updated,
            "bound": bound,
            "of_team": of_team,
            "deleted": deleted,
            "left": left,
        }
    )
)
