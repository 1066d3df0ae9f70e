"""Budgets with an id of their own: one set of limits that several rows share (LiteLLM's `/budget/*`)."""
