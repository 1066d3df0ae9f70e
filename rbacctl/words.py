"""The wire's words as people type and read them."""

import re

ENUMS = ("ORGANIZATION_ROLE_", "PROJECT_ROLE_")
ROLE = re.compile(rf"\b(?:{'|'.join(ENUMS)})[A-Z_]+\b")
WORDS = {"default_user_id": "the master key"}  # as LiteLLM names it


def word(text: str) -> str:
    """`ORGANIZATION_ROLE_OWNER` as the word that the commands take: `owner`."""
    if text in WORDS:
        return WORDS[text]
    found = next((prefix for prefix in ENUMS if text.startswith(prefix)), None)
    return text.removeprefix(found).lower().replace("_", "-") if found else text
