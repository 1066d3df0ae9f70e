"""Declarative apply over HTTP: plans, and what was planned; the same kinds as kubectl's."""
