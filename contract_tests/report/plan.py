"""The plan of a run: what it will send at most, printed before the first request."""

from __future__ import annotations

from contract_tests.run import Run

# Properties of test_search.py; each has as many cases as the run has examples.
_REFUSED_SEARCHES, _ACCEPTED_SEARCHES = 4, 2


def plan(run: Run) -> list[str]:
    """The plan in lines; none for a stand-in that the run starts, which reaches nobody."""
    if run.is_own:
        return []
    refused = sum(len(row.broken) for row in run.rows if not row.by_platform) + _REFUSED_SEARCHES * run.examples
    accepted = sum(len(row.kept) + len(row.broken) * row.by_platform for row in run.rows)
    accepted += _ACCEPTED_SEARCHES * run.examples
    lines = [
        f"server: {run.target.base_url}; contact: {run.target.contact}",
        f"plan: about {refused:,} requests that the document refuses, then about {accepted:,} that it accepts",
    ]
    return lines + _limits(run, refused, accepted)


def _limits(run: Run, refused: int, accepted: int) -> list[str]:
    safety = run.target.safety
    if safety is None:
        return ["nobody is reached by a server of this machine, so there is no budget; see [safety] in the target file"]
    most = safety.max_messages
    minutes = (refused + min(accepted, most)) / safety.rate
    return [
        f"messages: at most {most}, to that contact; if the server accepts what it must refuse, the rule ends at "
        f"once, and the run after {max(most, 1)}",
        f"rate: at most {safety.rate} requests a minute, so about {minutes:.0f} minutes; no redirect is followed",
    ]
