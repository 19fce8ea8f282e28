"""Generates hostile requests of every kind, by weight."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.mock.fuzz.control_requests import (
    own_faults,
    own_host,
    own_message,
    own_messages,
    own_method,
    own_nowhere,
    own_page,
    own_query,
    own_world,
)
from tests.mock.fuzz.platform_requests import (
    aborted,
    compressed,
    cut_off,
    good,
    huge_body,
    huge_url,
    in_broken_chunks,
    in_chunks,
    mutated_whole,
    of_another_version,
    of_any_method,
    of_no_method,
    of_random_bytes,
    slow,
    that_closes,
    that_expects,
    that_tunnels,
    that_upgrades,
    with_broken_head,
    with_broken_line,
    with_encoded_key,
    with_hostile_body,
    with_hostile_headers,
    with_hostile_key,
    with_hostile_path,
    with_hostile_prefer,
    with_hostile_target,
    with_hostile_type,
)
from tests.mock.fuzz.request import HostileRequest

WEIGHTS: list[tuple[float, Callable[[random.Random], HostileRequest]]] = [
    (12, good),
    (26, with_hostile_body),
    (8, with_hostile_key),
    (4, with_encoded_key),
    (6, with_hostile_path),
    (3, with_hostile_target),
    (4, of_any_method),
    (1.5, of_no_method),
    (3, with_hostile_prefer),
    (3, with_hostile_type),
    (2, compressed),
    (3, with_hostile_headers),
    (3, with_broken_head),
    (1.5, with_broken_line),
    (1.5, of_another_version),
    (1, that_closes),
    (2, that_upgrades),
    (1, that_tunnels),
    (6, in_chunks),
    (2, in_broken_chunks),
    (2, that_expects),
    (0.25, huge_body),
    (0.25, huge_url),
    (0.3, slow),
    (4, of_random_bytes),
    (4, mutated_whole),
    (3, aborted),
    (1, cut_off),
    (3, own_query),
    (0.3, own_messages),
    (2, own_message),
    (3, own_faults),
    (3, own_world),
    (2, own_nowhere),
    (2, own_method),
    (3, own_host),
    (0.5, own_page),
]


def hostile(rng: random.Random) -> HostileRequest:
    [(_, make)] = rng.choices(WEIGHTS, [weight for weight, _ in WEIGHTS])
    return make(rng)
