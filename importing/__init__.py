"""Bringing in what another gateway knows: read through its API, put into neutral shapes, written by the services."""
