"""Maps of what the score does when parts of the picture are hidden: no gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
import torch
from cams import activation_and_gradients, cam_formula
from captum.attr import Occlusion
from checks import agree
from network import FILLS, Network, enlarge
from noise import uniform
from trust import blurred

Options = Mapping[str, Any]

# Rows of one forward pass; only a matter of memory and speed.
BATCH_ROWS = 16

SCALE_EPSILON = 1e-8


def occlusion(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Occlusion: the fall of the logit when a window is filled, per cell.

    Windows of `window`×`window` input pixels start at 0 and step by `stride`;
    the last one of each axis is clamped to the border, so that it ends with the
    image. A cell is `stride`×`stride` pixels (the last may be smaller) and its
    value is the mean of y_c(x) − y_c(x with the window filled) over the windows
    that overlap any pixel of the cell, each with weight 1: a clamped window
    covers some cells in part, and counts for them in full.
    """
    window, stride, fill = options["window"], options["stride"], options["fill"]
    height, width = x.shape[2:]
    tops, lefts = window_starts(height, window, stride), window_starts(width, window, stride)
    origins = [(top, left) for top in tops for left in lefts]
    filling = blurred(x)[0] if fill == "blur" else torch.full_like(x[0], FILLS[fill])

    drops = np.concatenate([
        window_drops(net, x, origins[i:i + BATCH_ROWS], window, filling)
        for i in range(0, len(origins), BATCH_ROWS)
    ])[:, list(classes)].astype(np.float64)

    rows = cell_overlaps(height, tops, window, stride)
    columns = cell_overlaps(width, lefts, window, stride)
    # Windows form a grid, so the windows over a cell are a product of two sets.
    counts = np.outer(rows.sum(axis=1), columns.sum(axis=1))
    grids = drops.T.reshape(len(classes), len(tops), len(lefts))
    maps = [rows @ grid @ columns.T / counts for grid in grids]
    # Captum lets the last window hang over the border instead of clamping it: where no window does, both
    # agree. Its map has a value for each pixel, and they are the same all over a cell.
    if (height - window) % stride or fill == "blur":
        return maps
    return [
        agree("occlusion", captum_occlusion(net, x, index, options)[::stride, ::stride], raw)
        for index, raw in zip(classes, maps, strict=True)
    ]


def captum_occlusion(net: Network, x: torch.Tensor, index: int, options: Options) -> np.ndarray:
    """Captum's occlusion, [height, width]; equal for the three colours, which are hidden together."""
    window, stride = options["window"], options["stride"]
    attribution = Occlusion(net).attribute(
        x, sliding_window_shapes=(3, window, window), strides=(3, stride, stride), target=index,
        baselines=FILLS[options["fill"]], perturbations_per_eval=BATCH_ROWS,
    )
    return attribution[0, 0].numpy()


def window_starts(size: int, window: int, stride: int) -> list[int]:
    """Where windows start along an axis: multiples of stride, the last clamped."""
    return [*range(0, size - window, stride), size - window]


def cell_overlaps(size: int, starts: Sequence[int], window: int, stride: int) -> np.ndarray:
    """[cells, windows]: 1 where the window overlaps any pixel of the cell, else 0."""
    first = np.arange(ceil(size / stride))[:, None] * stride
    last = np.minimum(first + stride, size)
    begin = np.asarray(starts)[None, :]
    return ((begin < last) & (begin + window > first)).astype(np.float64)


def window_drops(
    net: Network, x: torch.Tensor, origins: Sequence[tuple[int, int]], window: int, filling: torch.Tensor,
) -> np.ndarray:
    """[windows, 1000]: by how much each logit falls when each window shows `filling` [3,h,w] instead."""
    filled = x.repeat(len(origins), 1, 1, 1)
    for row, (top, left) in zip(filled, origins, strict=True):
        rows, columns = slice(top, top + window), slice(left, left + window)
        row[:, rows, columns] = filling[:, rows, columns]
    return (net(x) - net(filled)).numpy()


def score_cam(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Score-CAM over the `top-channels` with the largest variance: Σ softmax_k(y_c(x⊙up(A_k)))·A_k, then ReLU.

    Written from the definition. pytorch-grad-cam takes every channel, enlarges with aligned corners and
    scales to 0…1 after enlarging; here a channel is scaled at its own size, and enlarged with half-pixel
    centres.
    """
    activation, _ = activation_and_gradients(net, x, [], options["layer"])
    variance = activation.double().var(dim=(1, 2), correction=0)
    chosen = variance.argsort(descending=True, stable=True)[:options["top-channels"]]
    kept = activation[chosen]
    low, high = kept.amin(dim=(1, 2), keepdim=True), kept.amax(dim=(1, 2), keepdim=True)
    masks = enlarge(((kept - low) / (high - low + SCALE_EPSILON))[:, None], *x.shape[2:])
    scores = torch.cat([net(x * part) for part in masks.split(BATCH_ROWS)])
    return [cam_formula(scores[:, index].softmax(dim=0), kept).relu().numpy() for index in classes]


def rise(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """RISE: Σ p_c(x⊙m)·m / (N·p) over `masks` random masks, with Gradcast's own numbers.

    The estimate `plain` is that sum; `centred` takes the mean P of p_c out of it and adds P again.

    Every mask uses grid² numbers for its cells, row by row, and two for where the input lies in the
    enlarged mask: down, then across.
    """
    count, grid, keep = options["masks"], options["grid"], options["keep"] / 100
    height, width = x.shape[2:]
    drawn = uniform(options["seed"], count * (grid**2 + 2)).reshape(count, grid**2 + 2)
    cell_height, cell_width = ceil(height / grid), ceil(width / grid)
    cells = torch.from_numpy((drawn[:, :-2] < keep).astype(np.float32)).reshape(count, 1, grid, grid)
    enlarged = enlarge(cells, (grid + 1) * cell_height, (grid + 1) * cell_width)
    corners = np.floor(drawn[:, -2:] * (cell_height, cell_width)).astype(int)
    masks = torch.stack([
        mask[:, top:top + height, left:left + width] for mask, (top, left) in zip(enlarged, corners, strict=True)
    ])
    scores = torch.cat([net(x * part).softmax(dim=1) for part in masks.split(BATCH_ROWS)]).double()
    maps = []
    for index in classes:
        common = scores[:, index].mean() if options["estimate"] == "centred" else 0.0
        weighted = torch.einsum("n,nhw->hw", scores[:, index] - common, masks[:, 0].double())
        maps.append((weighted / (count * keep) + common).numpy())
    return maps
