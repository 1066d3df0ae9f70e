"""OpenAI's administration API, by noun: the same services and policy as every other door."""
