"""FullGrad (Srinivas & Fleuret 2019): the score as a sum of gradients times input and gradients times biases.

Written from the definition. pytorch-grad-cam's FullGrad is another map: it scales every
channel by itself instead of every image, knows no bias of an activation that saturates,
and scales the sum to 0…1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from network import RELU6_MAX, Network, ReLU6, enlarge

# Relative to the score: what float32 sums of millions of terms may miss.
COMPLETENESS = 1e-3

SCALE_EPSILON = 1e-6


def implicit_bias(norm: torch.nn.BatchNorm2d) -> torch.Tensor:
    """What a batch norm adds to a convolution without a bias, [channels]: β − μγ/√(v+ε)."""
    return norm.bias - norm.running_mean * norm.weight / torch.sqrt(norm.running_var + norm.eps)


def scaled(terms: torch.Tensor) -> torch.Tensor:
    """ψ: magnitudes, less the image's smallest, over the image's largest; over all channels together."""
    values = terms.abs()
    values = values - values.min()
    return values / (values.max() + SCALE_EPSILON)


def bias_terms(
    net: Network, x: torch.Tensor, index: int,
) -> tuple[torch.Tensor, torch.Tensor, list[torch.Tensor]]:
    """The score, g⊙x [1,3,h,w], and g_l⊙b_l for every batch norm and every saturated ReLU6, [1,channels,h,w]."""
    outputs: list[tuple[torch.nn.Module, torch.Tensor]] = []
    handles = [
        module.register_forward_hook(lambda module, _inputs, output: outputs.append((module, output)))
        for module in net.modules() if isinstance(module, torch.nn.BatchNorm2d | ReLU6)
    ]
    x = x.clone().requires_grad_()
    score = net(x)[0, index]
    for handle in handles:
        handle.remove()
    gradients = torch.autograd.grad(score, [x, *(output for _, output in outputs)])
    terms = [
        gradient * (
            implicit_bias(module)[None, :, None, None] if isinstance(module, torch.nn.BatchNorm2d)
            # Where it saturates, a ReLU6 is a constant: a bias of 6 behind a slope of 0.
            else RELU6_MAX * (output >= RELU6_MAX)
        )
        for (module, output), gradient in zip(outputs, gradients[1:], strict=True)
    ]
    return score.detach(), (gradients[0] * x).detach(), [term.detach() for term in terms]


def fullgrad(net: Network, x: torch.Tensor, classes: Sequence[int], options: Mapping[str, Any]) -> list[np.ndarray]:
    """ψ(g⊙x) + Σ_l enlarged ψ(g_l⊙b_l), summed over channels; refuses to continue if the terms miss the score."""
    maps = []
    for index in classes:
        score, at_input, terms = bias_terms(net, x, index)
        reached = sum(float(term.double().sum()) for term in (at_input, *terms)) + float(net.logits.bias[index])
        if abs(reached - float(score)) > COMPLETENESS * abs(float(score)):
            raise ValueError(f"Cannot take FullGrad's terms: they add up to {reached} instead of {float(score)}")
        # Enlarging is linear: channels are added before it.
        planes = [scaled(term).double().sum(dim=1, keepdim=True) for term in (at_input, *terms)]
        maps.append(sum(enlarge(plane, *x.shape[2:]) for plane in planes)[0, 0].numpy())
    return maps
