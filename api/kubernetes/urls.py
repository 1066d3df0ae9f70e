"""The paths of the Kubernetes dialect."""

from django.urls import path

from api.kubernetes import core, discovery, openapi, reviews, secrets, views

NAMESPACED = "apis/<str:group>/<str:version>/namespaces/<str:namespace>/<str:plural>"
CORE = "api/v1/namespaces/<str:namespace>"

urlpatterns = [
    path("version", discovery.version, name="kubernetes-version"),
    path("api", discovery.core_versions, name="kubernetes-core"),
    path("api/v1", discovery.core_resources, name="kubernetes-core-resources"),
    path("api/v1/namespaces", core.namespaces, name="kubernetes-namespaces"),
    path("api/v1/namespaces/<str:name>", core.namespace, name="kubernetes-namespace"),
    path("api/v1/events", core.events, name="kubernetes-events-everywhere"),
    path(f"{CORE}/events", core.events, name="kubernetes-events"),
    path("api/v1/secrets", secrets.everywhere, name="kubernetes-secrets-everywhere"),
    path(f"{CORE}/secrets", secrets.in_namespace, name="kubernetes-secrets"),
    path(f"{CORE}/secrets/<str:name>", secrets.item, name="kubernetes-secret"),
    path("apis", discovery.api_groups, name="kubernetes-groups"),
    path("apis/<str:group>", discovery.api_group, name="kubernetes-group"),
    path("apis/<str:group>/<str:version>", discovery.group_resources, name="kubernetes-group-resources"),
    path(
        "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", reviews.access_review, name="kubernetes-access-review"
    ),
    path("apis/authorization.k8s.io/v1/selfsubjectrulesreviews", reviews.rules_review, name="kubernetes-rules-review"),
    path("apis/authentication.k8s.io/v1/selfsubjectreviews", reviews.self_review, name="kubernetes-self-review"),
    path("apis/apiextensions.k8s.io/v1/customresourcedefinitions", core.definitions, name="kubernetes-definitions"),
    path("apis/<str:group>/<str:version>/<str:plural>", views.everywhere, name="kubernetes-everywhere"),
    path(NAMESPACED, views.in_namespace, name="kubernetes-resources"),
    path(f"{NAMESPACED}/<str:name>", views.item, name="kubernetes-resource"),
    path(f"{NAMESPACED}/<str:name>/status", views.status, name="kubernetes-resource-status"),
    path("openapi/v2", openapi.v2, name="kubernetes-openapi-v2"),
    path("openapi/v3", openapi.v3, name="kubernetes-openapi-v3"),
    path("openapi/v3/apis/<str:group>/<str:version>", openapi.v3_of_group, name="kubernetes-openapi-v3-group"),
]
