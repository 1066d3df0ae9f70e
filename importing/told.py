"""The report of an import, for people and for programs."""

from collections import Counter
from typing import Any

from importing.found import Remark, Report
from importing.keys import KEPT, NEW

KINDS = ("organization", "user", "team", "project", "member", "key", "gateway")
OUTCOMES = ("created", "changed", "same", "differs", "left out")
MOST = 40  # remarks of a sort on the screen; the file has all


def lines(report: Report, *, dry: bool) -> list[str]:
    """What became of everything, in lines."""
    would = "Would have been" if dry else "Were"
    found = [f"{would}: created, changed; same: as they are there; differs: left as they are here."]
    for kind in KINDS:
        counts = [f"{report.counts[kind, name]:,} {name}" for name in OUTCOMES if report.counts[kind, name]]
        if counts:
            found.append(f"  {kind + 's':<15}{', '.join(counts)}")
    for title, left_out in (("Left out", True), ("Come differently", False)):
        found += some(title, [one for one in report.remarks if one.left_out == left_out])
    secrets = Counter(report.secrets.values())
    if secrets:
        found.append(f"Secrets of new keys: {secrets[KEPT]:,} keep theirs, {secrets[NEW]:,} need a new one.")
    return found


def some(title: str, remarks: list[Remark]) -> list[str]:
    if not remarks:
        return []
    shown = [f"  {one}" for one in remarks[:MOST]]
    more = [f"  and {len(remarks) - MOST:,} more (see --report)"] if len(remarks) > MOST else []
    return [f"{title} ({len(remarks):,}):", *shown, *more]


def as_json(report: Report, *, dry: bool) -> dict[str, Any]:
    """The whole report."""
    counts: dict[str, dict[str, int]] = {}
    for (kind, outcome), number in sorted(report.counts.items()):
        counts.setdefault(kind, {})[outcome] = number
    remarks = [
        {"kind": one.kind, "id": one.ident, "text": one.text, "left_out": one.left_out} for one in report.remarks
    ]
    return {"dry_run": dry, "counts": counts, "remarks": remarks, "secrets": report.secrets}
