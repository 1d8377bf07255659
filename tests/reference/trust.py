"""The trust meters of one map, and the blurred picture that insertion starts from (Petsiuk et al. 2018)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from network import Network, enlarge
from scipy.ndimage import gaussian_filter

BLUR_TAPS = 11
BLUR_SIGMA = 5.0  # px

# Steps from the first picture of a curve to its last one.
CURVE_STEPS = 28

# Rows of one forward pass; only a matter of memory and speed.
BATCH_ROWS = 16


def blurred(x: torch.Tensor) -> torch.Tensor:
    """The input out of focus: the kernel is the reference's, a blurred dot of 11×11 px; outside counts as grey."""
    dot = np.zeros((BLUR_TAPS, BLUR_TAPS))
    dot[BLUR_TAPS // 2, BLUR_TAPS // 2] = 1.0
    kernel = torch.from_numpy(gaussian_filter(dot, BLUR_SIGMA)).float()
    return torch.nn.functional.conv2d(x, kernel.expand(3, 1, -1, -1), padding=BLUR_TAPS // 2, groups=3)


def meters(net: Network, x: torch.Tensor, index: int, raw: np.ndarray) -> dict[str, Any]:
    """Deletion, insertion and average drop of one map of a class.

    Px go in the falling order of the map, enlarged to the input; of equal ones the first in reading order
    goes first.
    """
    _, _, height, width = x.shape
    plane = enlarge(torch.from_numpy(raw)[None, None], height, width)[0, 0].numpy()
    falling = np.argsort(-plane.ravel(), kind="stable")
    rank = np.empty_like(falling)
    rank[falling] = np.arange(falling.size)
    ranks = torch.from_numpy(rank.reshape(height, width))
    counts = [round(falling.size * step / CURVE_STEPS) for step in range(CURVE_STEPS + 1)]
    out_of_focus = blurred(x)
    deleted = torch.cat([torch.where(ranks < count, 0.0, x) for count in counts])
    inserted = torch.cat([torch.where(ranks < count, x, out_of_focus) for count in counts])

    positive = np.maximum(raw, 0)
    share = (positive - positive.min()) / (positive.max() - positive.min())
    masked = x * enlarge(torch.from_numpy(share)[None, None], height, width)
    whole, explained = probabilities(net, torch.cat([x, masked]), index)
    return {
        "deletion": curve(probabilities(net, deleted, index)),
        "insertion": curve(probabilities(net, inserted, index)),
        "averageDrop": max(0.0, whole - explained) / whole,
        "increased": explained > whole,
    }


def probabilities(net: Network, inputs: torch.Tensor, index: int) -> list[float]:
    """The class's probability for each row."""
    with torch.no_grad():
        return [float(row[index]) for part in inputs.split(BATCH_ROWS) for row in net(part).softmax(dim=1)]


def curve(values: list[float]) -> dict[str, Any]:
    """The area by trapezoids over equal steps, and the probabilities that it is the area of."""
    return {"auc": float(np.trapezoid(values, dx=1 / CURVE_STEPS)), "probabilities": [round(value, 7) for value in values]}
