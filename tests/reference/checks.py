"""Two computations of one definition are held against each other before a golden is written."""

from __future__ import annotations

import numpy as np

# Largest difference between a library's map and the formula's, relative to the map's range: float32 sums
# in another order, no more.
AGREEMENT = 1e-5


def agree(what: str, library: np.ndarray, formula: np.ndarray) -> np.ndarray:
    """The library's map, once it is known to be what the definition says."""
    spread = float(formula.max() - formula.min())
    difference = float(np.abs(library - formula).max())
    if library.shape != formula.shape or not difference <= AGREEMENT * spread:
        raise ValueError(
            f"Cannot take {what} from the library: it differs from the definition by {difference:.3g} "
            f"on a range of {spread:.3g}",
        )
    return library
