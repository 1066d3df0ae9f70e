"""Kubernetes' own Python client: a resource from its making to its end, and a watch of it."""

import json
import sys

from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException

GROUP, VERSION, NAMESPACE, PLURAL = "auth.litellm.ai", "v1alpha1", "litellm", "teams"
url, key = sys.argv[1:3]
configuration = client.Configuration(host=url)
configuration.api_key = {"authorization": f"Bearer {key}"}
api = client.CustomObjectsApi(client.ApiClient(configuration))
here = (GROUP, VERSION, NAMESPACE, PLURAL)

body = {
    "apiVersion": f"{GROUP}/{VERSION}",
    "kind": "Team",
    "metadata": {"name": "cycle", "labels": {"by": "client"}},
    "spec": {"teamAlias": "cycle"},
}
told = {}
since = api.list_namespaced_custom_object(*here)["metadata"]["resourceVersion"]
told["created"] = api.create_namespaced_custom_object(*here, body)["status"]["conditions"][0]["status"]
patch = {"spec": {"rpmLimit": 7}}
told["patched"] = api.patch_namespaced_custom_object(*here, "cycle", patch)["spec"]["rpmLimit"]
current = api.get_namespaced_custom_object(*here, "cycle")
current["spec"]["rpmLimit"] = 8
told["replaced"] = api.replace_namespaced_custom_object(*here, "cycle", current)["spec"]["rpmLimit"]
try:
    api.replace_namespaced_custom_object(*here, "cycle", current)
    told["stale"] = 200
except ApiException as error:
    told["stale"] = error.status
found = api.list_cluster_custom_object(GROUP, VERSION, PLURAL, label_selector="by=client")["items"]
told["listed"] = [one["metadata"]["name"] for one in found]
told["deleted"] = api.delete_namespaced_custom_object(*here, "cycle")["status"]
try:
    api.get_namespaced_custom_object(*here, "cycle")
except ApiException as error:
    told["gone"] = (error.status, json.loads(error.body)["reason"])
events = watch.Watch().stream(
    api.list_namespaced_custom_object, *here, resource_version=since, timeout_seconds=2, _request_timeout=20
)
told["watched"] = [(event["type"], event["object"]["metadata"]["name"]) for event in events]
print(json.dumps(told))
