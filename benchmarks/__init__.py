"""Measurements of the shipped code, as ratios in one run on one machine."""
