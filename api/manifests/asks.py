"""What the manifest routes take."""

from typing import Annotated

from pydantic import Field

from api.types import Named, Request

Whole = Annotated[str, Field(max_length=1_048_576)]


class File(Request):
    """One file as it is; mistakes name it."""

    name: Named
    content: Whole


class ManifestsGiven(Request):
    """Manifests, and what becomes of those that are not among them."""

    files: Annotated[list[File], Field(min_length=1, max_length=1000)]
    set: dict[Named, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict, max_length=100, description="values for `${name}` in the files"
    )
    owner: Named = Field(default="default", description="the set that they belong to; only what is in it is pruned")
    source: Annotated[str, Field(max_length=1000)] = Field(
        default="", description="where they come from, for the record: a repository and a commit"
    )
    prune: bool = Field(default=False, description="delete what was applied with this owner and is not in the files")
    take_over: bool = Field(default=False, description="take what another owner has applied")


class ManifestsPlanned(ManifestsGiven):
    expect: Annotated[str, Field(max_length=64)] = Field(
        default="", description="the plan that was looked at; 409 when it would be another one by now"
    )


class ManifestPage(Request):
    kind: Named = Field(description="its name, plural or short name; `all` is every kind")
    namespace: Named | None = None
    name: Named | None = None
