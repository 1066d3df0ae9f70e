"""Files of manifests: where each mistake stands, and what `${name}` becomes."""

import time

import pytest

from manifests import reading
from manifests.errors import Mistaken
from manifests.tenants import shipped

HEAD = "apiVersion: auth.litellm.ai/v1alpha1\n"
TEAM = HEAD + "kind: Team\nmetadata: {name: ai}\nspec: {teamAlias: ai}\n"


def mistakes(*files: tuple[str, str], **settings: str) -> list[str]:
    with pytest.raises(Mistaken) as caught:
        reading.read(files, settings)
    return [str(one) for one in caught.value.found]


def test_every_mistake_of_every_file_has_its_line() -> None:
    first = (
        HEAD + "kind: Team\nmetadata:\n  name: Not_A_Name\nspec:\n  teamAlais: ai\n  maxBudget: lots\n---\n"
        "apiVersion: v1\nkind: Team\n---\nkind: Taem\n---\n- a\n---\n"
        + HEAD
        + "kind: TeamMemberAssociation\nmetadata: {name: x}\nspec:\n"
        + "  teamRef:\n    name: ai\n    nmae: b\n  role: king\n"
    )
    found = "\n".join(mistakes(("a.yaml", first), ("b.yaml", "x: [1\n"), ("c.yaml", "a: 1\na: 2\n")))
    for line in (
        'a.yaml:4: Team: metadata.name: Invalid value: "Not_A_Name"',
        'a.yaml:6: Team: spec.teamAlais: unknown field "spec.teamAlais"',
        'a.yaml:7: Team: spec.maxBudget: Invalid value: "lots"',
        "a.yaml:9: apiVersion of Team is auth.litellm.ai/v1alpha1.",
        "a.yaml:12: This server knows no 'Taem'. Did you mean 'Team'?",
        "a.yaml:14: A manifest is a mapping",
        "a.yaml:19: TeamMemberAssociation: spec.userRef: Required value",
        "a.yaml:22: TeamMemberAssociation: spec.teamRef.nmae: unknown field",
        'a.yaml:23: TeamMemberAssociation: spec.role: Unsupported value: "king"',
        "b.yaml:2: This is no YAML",
        "c.yaml:2: 'a' stands here twice, first on line 1.",
    ):
        assert any(one.startswith(line) for one in found.splitlines()), f"{line}\n---\n{found}"


def test_a_manifest_that_stands_there_twice_is_a_mistake() -> None:
    assert mistakes(("a.yaml", TEAM), ("b.yaml", "---\n" + TEAM)) == [
        "b.yaml:2: Team ai: stands there twice, first at a.yaml:1."
    ]
    assert mistakes(("a.yaml", "---\n# nothing\n")) == ["-f: No manifest was given."]


def test_settings_are_put_into_values_and_nowhere_else() -> None:
    text = HEAD + (
        "kind: Team\nmetadata: {name: '${name}-team'}\nspec:\n  teamAlias: \"${alias}\"\n  rpmLimit: ${rpm:-60}\n"
        "  tpmLimit: ${tpm}\n  metadata: {note: 'a $${literal}', 'on': 2026-01-01, path: os.environ/HOME}\n"
    )
    alias = 'x", blocked: true, a: "\n---\nkind: evil'
    (entry,) = reading.read([("t.yaml", text)], {"name": "core", "alias": alias, "tpm": "5"})
    given = entry.document.given
    assert (entry.document.name, given["teamAlias"], given["rpmLimit"], given["tpmLimit"]) == (
        "core-team",
        alias,
        60,
        5,
    )
    assert given["metadata"] == {"note": "a ${literal}", "on": "2026-01-01", "path": "os.environ/HOME"}
    found = mistakes(("t.yaml", text), name="core", alias="x", typo="1")
    assert found == ["t.yaml:7: ${tpm} is not set: --set tpm=...", "--set: No manifest names ${typo}."]


def test_a_file_is_not_unfolded_without_end() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "too large or nested too deeply" in mistakes(("bomb.yaml", bomb))[0]
    assert "bomb.yaml" in mistakes(("bomb.yaml", "a: &a [*a]\n"))[0]
    assert "no YAML" in mistakes(("evil.yaml", "a: !!python/name:os.system\n"))[0]


@pytest.mark.parametrize("nested", ["[", "{a: ", "- ", "? "])
def test_what_is_nested_without_an_end_is_a_mistake_and_not_the_end_of_the_process(nested: str) -> None:
    assert mistakes(("deep.yaml", nested * 300_000)) == ["deep.yaml: This is no YAML: nested too deeply."]


@pytest.mark.parametrize(
    "value", ['"a\\0b"', '"\\ud800"', ".nan", "-.inf", "0x" + "f" * 5000, "9" * 5000, "\b", "2026-13-45"]
)
def test_what_no_database_holds_is_a_mistake(value: str) -> None:
    for spec in (
        f"spec: {{teamAlias: a, metadata: {{x: {value}}}}}",
        f"spec: {{teamAlias: a, metadata: {{{value}: 1}}}}",
    ):
        if value == "2026-13-45" and "x:" not in spec:
            continue  # a name that looks like a date is none
        (found,) = mistakes(("a.yaml", HEAD + "kind: Team\nmetadata: {name: a}\n" + spec))
        assert found.startswith("a.yaml")


@pytest.mark.parametrize("name", [template.name for template in shipped()])
def test_the_templates_that_come_along_are_right(name: str) -> None:
    (template,) = [one for one in shipped() if one.name == name]
    needed = {"tenant": "acme", "organization": "acme", "team": "search", "project": "tulips", "admin": "a@b.example"}
    settings = {key: value for key, value in needed.items() if f"${{{key}" in template.content}
    assert len(reading.read([(name, template.content)], settings)) == template.content.count("\nkind: ")
    assert "--set" in template.content.splitlines()[1]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("a: '" + "${a:-" * 100_000 + "'", {}),
        ("a: '" + "${a}" * 200_000 + "'", {"a": "x" * 4096}),
        ("a: &x '" + "y" * 500_000 + "'\nb: [" + ",".join(["*x"] * 5000) + "]", {}),
    ],
)
def test_what_is_small_to_send_is_not_endless_to_read(text: str, settings: dict[str, str]) -> None:
    begun = time.process_time()
    with pytest.raises(Mistaken):
        reading.read([("0.yaml", text)], settings)
    assert time.process_time() - begun < 5  # seconds
