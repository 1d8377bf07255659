"""Gradcast's seeded numbers, written again from their definition (server/engine/worker/noise.ts).

No library draws these. They are the one thing that is shared by definition rather than by
mathematics: without the same noise SmoothGrad and RISE could only be compared roughly.
"""

from __future__ import annotations

import numpy as np

STEP = 0x6D2B79F5


def uniform(seed: int, count: int) -> np.ndarray:
    """The first `count` numbers of mulberry32 with that seed, 0 ≤ u < 1, float64."""
    word = np.uint64(0xFFFFFFFF)

    def times(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (a * b) & word

    state = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(STEP)) & word
    mixed = times(state ^ (state >> np.uint64(15)), state | np.uint64(1))
    mixed ^= (mixed + times(mixed ^ (mixed >> np.uint64(7)), mixed | np.uint64(61))) & word
    return (mixed ^ (mixed >> np.uint64(14))).astype(np.float64) / 2.0**32


def normals(seed: int, count: int) -> np.ndarray:
    """The first `count` normal numbers, an even count: Box and Muller's pairs, cosine then sine, float32."""
    pairs = uniform(seed, count).reshape(-1, 2)
    radius = np.sqrt(-2.0 * np.log1p(-pairs[:, 0]))
    angle = 2.0 * np.pi * pairs[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel().astype(np.float32)
