"""CNN Fixations (Mopuri, Garg & Babu 2019): a class traced back to places of the picture, without gradients.

Written from the definition; no library has it. A path is a place in a layer's output,
(channel, row, column), and how many paths have met there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from network import Block, Network
from scipy.ndimage import gaussian_filter
from torch import nn

# A point stays where more than this share of all points, itself included …
COMPANY_SHARE = 0.05
# … lies within this share of the diagonal.
NEAR_SHARE = 0.1

BLUR_SIGMA = 20.0  # px

Place = tuple[int, int, int]
Paths = Counter[Place]


class Trace:
    """The values of one forward pass, and the steps back through each kind of layer."""

    def __init__(self, net: Network, x: torch.Tensor) -> None:
        """Runs the network on one image [1,3,height,width] and keeps every layer's input."""
        self.net = net
        self.entering: dict[nn.Module, np.ndarray] = {}
        self.leaving: dict[nn.Module, np.ndarray] = {}
        handles = [module.register_forward_hook(self._keep) for module in net.modules()]
        with torch.no_grad():
            net(x)
        for handle in handles:
            handle.remove()

    def _keep(self, module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        self.entering[module] = inputs[0][0].numpy()
        self.leaving[module] = output[0].numpy()

    def points(self, index: int) -> Paths:
        """Places of the input that a class is traced back to; the channel of each is without meaning."""
        net = self.net
        pooled = self.leaving[net.pool].ravel()
        # Dense: every channel that adds to the score.
        channels = np.flatnonzero(pooled * net.logits.weight[index].numpy() > 0)
        # Pooling: where the channel is largest.
        features = self.entering[net.pool]
        paths: Paths = Counter()
        for channel in channels:
            row, column = np.unravel_index(features[channel].argmax(), features[channel].shape)
            paths[int(channel), int(row), int(column)] += 1
        paths = self.through(paths, net.head_conv, net.head_bn)
        for block in reversed(net.blocks):
            paths = self.through_block(paths, block)
        return self.through(paths, net.stem_conv, net.stem_bn)

    def through_block(self, paths: Paths, block: Block) -> Paths:
        """Residual: the larger of branch and skip."""
        layers = block.branch
        inside, before = paths, Counter()
        if hasattr(block, "add"):
            branch, skip = self.leaving[block.branch], self.entering[block.branch]
            before = Counter({place: count for place, count in paths.items() if skip[place] > branch[place]})
            inside = Counter({place: count for place, count in paths.items() if place not in before})
        inside = self.through(inside, layers.project_conv, layers.project_bn)
        inside = self.through(inside, layers.depthwise_conv, layers.depthwise_bn)
        if hasattr(layers, "expand_conv"):
            inside = self.through(inside, layers.expand_conv, layers.expand_bn)
        return before + inside

    def through(self, paths: Paths, convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> Paths:
        """Convolution: the channel that adds most over the window, in its centre. Depthwise: the pixel that adds most.

        Batch norm can turn a filter's sign, so it is folded into the weights.
        """
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weights = (convolution.weight * scale[:, None, None, None]).numpy().astype(np.float64)
        values = self.entering[convolution].astype(np.float64)
        side, stride = convolution.kernel_size[0], convolution.stride[0]
        _, height, width = values.shape
        top, left = margin(height, side, stride), margin(width, side, stride)
        # Px outside the picture add nothing; they must not be chosen either.
        padding = ((0, 0), (side, side), (side, side))
        padded = np.pad(values, padding)
        inside = np.pad(np.ones((1, height, width), bool), padding)[0]
        back: Paths = Counter()
        for (channel, row, column), count in paths.items():
            y, x = row * stride - top, column * stride - left
            rows, columns = slice(y + side, y + 2 * side), slice(x + side, x + 2 * side)
            if convolution.groups > 1:
                added = np.where(inside[rows, columns], weights[channel, 0] * padded[channel, rows, columns], -np.inf)
                i, j = np.unravel_index(added.argmax(), added.shape)
                back[channel, y + int(i), x + int(j)] += count
            else:
                best = (weights[channel] * padded[:, rows, columns]).sum(axis=(1, 2)).argmax()
                middle = (side - 1) // 2
                back[int(best), clamp(y + middle, height), clamp(x + middle, width)] += count
        return back


def margin(length: int, side: int, stride: int) -> int:
    """Px before the first one that a `same` convolution sees; of an odd number the smaller half."""
    outputs = -(-length // stride)
    return max(0, (outputs - 1) * stride + side - length) // 2


def clamp(place: int, count: int) -> int:
    """The nearest place from 0 to count − 1."""
    return min(count - 1, max(0, place))


def cnn_fixations(net: Network, x: torch.Tensor, classes: Sequence[int], options: Mapping[str, Any]) -> list[np.ndarray]:
    """CNN Fixations: points per px, without outliers, blurred by a Gaussian of 20 px mirrored at the borders."""
    trace = Trace(net, x)
    height, width = x.shape[2:]
    maps = []
    for index in classes:
        paths = trace.points(index)
        places = np.array([(row, column) for _, row, column in paths], dtype=np.float64)
        counts = np.array(list(paths.values()), dtype=np.float64)
        distances = np.linalg.norm(places[:, None] - places[None], axis=2)
        company = ((distances <= NEAR_SHARE * np.hypot(height, width)) * counts[None]).sum(axis=1)
        kept = np.zeros((height, width))
        for (row, column), count, near in zip(places.astype(int), counts, company, strict=True):
            if near > COMPANY_SHARE * counts.sum():
                kept[row, column] += count
        maps.append(gaussian_filter(kept, BLUR_SIGMA))
    return maps
