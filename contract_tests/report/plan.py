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
    return lines + _limits(run, refused, accepted) + run.untested


def _limits(run: Run, refused: int, accepted: int) -> list[str]:
    safety = run.target.safety
    if safety is None:
        return [f"nobody is reached: {_why_nobody(run)}; so there is no budget"]
    most, requests = safety.max_messages, min(refused + min(accepted, safety.max_messages), safety.max_requests)
    return [
        f"messages: at most {most}, to that contact, if the server delivers nothing that it refuses; if it accepts "
        f"what it must refuse, the rule ends at once, and the run after {max(most, 1)}",
        f"requests: at most {safety.max_requests:,} of any kind; a server that delivers what it refuses could deliver "
        f"the {requests:,} that are planned",
        f"rate: at most {safety.rate} requests a minute, so about {requests / safety.rate:.0f} minutes; "
        "no redirect is followed",
    ]


def _why_nobody(run: Run) -> str:
    return (
        "the target file says so" if run.target.nobody_is_reached else "the server must prove it before the first rule"
    )
