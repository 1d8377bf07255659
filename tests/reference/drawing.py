#!/usr/bin/env python3
"""Makes the goldens of the network drawn: what channels add to a class, and lines between them, for one photo.

Contributions are gradient times activation by autograd. Lines are made without any backward pass: a channel is scaled up
and down a little, the layers up to the next stage are computed again in float64, and what comes out of a channel there is weighed
with the gradient that it had. In goldens: drawing-coffee.json.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path

import torch
from network import Network, load_network, read_photo

PHOTO = "coffee"
STAGES = ("block0_project_bn", "block2_add", "block4_add", "block10_add", "head_relu6")
# Blocks that each stage ends behind; the last one ends behind the head.
LAST_BLOCKS = (0, 2, 4, 10, 15)
DRAWN = 5
STEP = 1e-4
DIGITS = 6


def main() -> None:
    """Makes them."""
    parser = argparse.ArgumentParser(description="Make the reference drawing of EfficientNet-Lite0.")
    default = Path(__file__).resolve().parent / "goldens"
    parser.add_argument("--out", type=Path, metavar="DIR", default=default, help="folder to write to")
    folder = parser.parse_args().out
    torch.set_num_threads(1)
    net = load_network().double()
    values = stage_values(net, read_photo(PHOTO).double())
    logits = net.logits(net.pool(values[-1]).flatten(1))[0]
    index = int(logits.argmax())
    gradients = torch.autograd.grad(logits[index], values)
    sums = [(value * gradient).sum((0, 2, 3)).detach() for value, gradient in zip(values, gradients, strict=True)]
    drawn = [sum_.abs().argsort(descending=True, stable=True)[:DRAWN].tolist() for sum_ in sums]
    stages = [
        {
            "layer": layer,
            "total": round(float(sum_.sum()), DIGITS),
            "drawn": channels,
            "values": [round(float(sum_[channel]), DIGITS) for channel in channels],
        }
        for layer, sum_, channels in zip(STAGES, sums, drawn, strict=True)
    ]
    for at, (own, other) in enumerate(pairwise(drawn)):
        stages[at]["lines"] = [
            [round(value, DIGITS) for value in lines_from(net, at, values[at].detach(), channel, gradients[at + 1], other)]
            for channel in own
        ]
    document = {"photo": PHOTO, "class": index, "bias": float(net.logits.bias[index]), "stages": stages}
    document["logit"] = round(float(logits[index].detach()), DIGITS)
    (folder / f"drawing-{PHOTO}.json").write_text(json.dumps(document, indent=1) + "\n")


def stage_values(net: Network, x: torch.Tensor) -> list[torch.Tensor]:
    """The values of every stage, with gradients from the first one on."""
    values = []
    x = net.stem_relu6(net.stem_bn(net.stem_conv(x)))
    x = net.blocks[0](x).detach().requires_grad_()
    values.append(x)
    for at in range(1, len(STAGES)):
        x = run_stage(net, at, x)
        values.append(x)
    return values


def run_stage(net: Network, at: int, x: torch.Tensor) -> torch.Tensor:
    """From the end of the stage before to the end of a stage."""
    for block in net.blocks[LAST_BLOCKS[at - 1] + 1 : LAST_BLOCKS[at] + 1]:
        x = block(x)
    return net.head_relu6(net.head_bn(net.head_conv(x))) if at == len(STAGES) - 1 else x


@torch.no_grad()
def lines_from(
    net: Network, at: int, value: torch.Tensor, channel: int, gradient: torch.Tensor, other: list[int]
) -> list[float]:
    """What of each channel of the next stage comes from one channel: a central difference over its scale."""

    def scaled(by: float) -> torch.Tensor:
        changed = value.clone()
        changed[:, channel] *= by
        return (run_stage(net, at + 1, changed) * gradient).sum((0, 2, 3))

    slope = (scaled(1 + STEP) - scaled(1 - STEP)) / (2 * STEP)
    return [float(slope[next_]) for next_ in other]


if __name__ == "__main__":
    main()
