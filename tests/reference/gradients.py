"""Maps of the input's gradient: from Captum, checked against the definitions by autograd.

All are [height, width]: the three colours are brought together by the largest magnitude
or by the sum, as the definition of each method says.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from cams import activation_and_gradients, grad_cam_formula
from captum.attr import GuidedBackprop, GuidedGradCam, InputXGradient, IntegratedGradients, Saliency
from checks import agree
from network import FILLS, Network, ReLU6, enlarge
from noise import normals

Options = Mapping[str, Any]

# Rows of one backward pass; only a matter of memory and speed.
BATCH_ROWS = 8

# Captum says at every call that it sets hooks and asks for gradients.
warnings.filterwarnings("ignore", module="captum")


def gradient_of(net: torch.nn.Module, inputs: torch.Tensor, index: int) -> torch.Tensor:
    """∂y_c/∂x by autograd for each row, [rows, 3, height, width]."""
    inputs = inputs.clone().requires_grad_()
    return torch.autograd.grad(net(inputs)[:, index].sum(), inputs)[0]


def largest(attribution: torch.Tensor) -> np.ndarray:
    """The largest magnitude of the three colours, [height, width]."""
    return attribution.detach()[0].abs().amax(dim=0).numpy()


def total(attribution: torch.Tensor) -> np.ndarray:
    """The sum of the three colours, [height, width]."""
    return attribution.detach()[0].sum(dim=0).numpy()


def saliency(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Saliency: the largest |∂y_c/∂x| of the three colours, or the sum of the three; of y_c or of its probability."""
    reduce = (lambda values: total(values.abs())) if options.get("channels") == "sum" else largest
    scored = torch.nn.Sequential(net, torch.nn.Softmax(dim=1)) if options.get("score") == "probability" else net
    return [
        agree(
            "saliency",
            reduce(Saliency(scored).attribute(x.clone(), target=index)),
            reduce(gradient_of(scored, x, index)),
        )
        for index in classes
    ]


def gradient_x_input(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Gradient times input, summed over the colours; signed."""
    return [
        agree(
            "gradient-x-input",
            total(InputXGradient(net).attribute(x.clone(), target=index)),
            total(gradient_of(net, x, index) * x),
        )
        for index in classes
    ]


def integrated_gradients(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Integrated gradients from a baseline, by the midpoints of `steps` equal intervals; signed."""
    steps, base = options["steps"], FILLS[options["baseline"]]
    alphas = (np.arange(steps) + 0.5) / steps
    maps = []
    for index in classes:
        library = IntegratedGradients(net).attribute(
            x.clone(), baselines=base, target=index, n_steps=steps, method="riemann_middle",
            internal_batch_size=BATCH_ROWS,
        )
        mean = sum(
            gradient_of(net, torch.cat([base + alpha * (x - base) for alpha in part]), index).sum(dim=0, keepdim=True)
            for part in (alphas[first:first + BATCH_ROWS] for first in range(0, steps, BATCH_ROWS))
        ) / steps
        maps.append(agree("integrated-gradients", total(library), total((x - base) * mean)))
    return maps


def smoothgrad(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """SmoothGrad: the mean saliency of `samples` noisy inputs, sample n with the noise of seed + n.

    Captum's NoiseTunnel draws its noise from PyTorch's generator, so only the saliency of each noisy
    input is Captum's.
    """
    sigma = options["noise"] / 100 * (x.max() - x.min())
    _, colours, height, width = x.shape
    sums = [np.zeros((height, width)) for _ in classes]
    for sample in range(options["samples"]):
        drawn = normals(options["seed"] + sample, height * width * colours).reshape(height, width, colours)
        noisy = x + sigma * torch.from_numpy(drawn).permute(2, 0, 1)[None]
        for sum_of, index in zip(sums, classes, strict=True):
            sum_of += largest(Saliency(net).attribute(noisy.clone(), target=index))
    return [sum_of / options["samples"] for sum_of in sums]


class GuidedReLU6(torch.autograd.Function):
    """ReLU6 whose gradient passes only where the value lies between 0 and 6 and the gradient is positive."""

    @staticmethod
    def forward(context: Any, x: torch.Tensor) -> torch.Tensor:
        """Clips to 0…6."""
        result = torch.nn.functional.relu6(x)
        context.save_for_backward(result)
        return result

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
        """The guided rule of Springenberg et al. 2015, with the upper end of a ReLU6."""
        (value,) = context.saved_tensors
        return gradient * ((value > 0) & (value < 6) & (gradient > 0))


def guided_gradient(net: Network, x: torch.Tensor, index: int) -> torch.Tensor:
    """The gradient of a class under the guided rule, by autograd, [1, 3, height, width]."""
    layers = [module for module in net.modules() if isinstance(module, ReLU6)]
    for layer in layers:
        layer.forward = GuidedReLU6.apply
    try:
        return gradient_of(net, x, index)
    finally:
        for layer in layers:
            del layer.forward


def guided_backprop(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Guided backpropagation, the largest magnitude of the three colours.

    From Captum. pytorch-grad-cam replaces every activation by a plain ReLU for it, which computes
    another function where a ReLU6 saturates.
    """
    return [
        agree(
            "guided-backprop",
            largest(GuidedBackprop(net).attribute(x.clone(), target=index)),
            largest(guided_gradient(net, x, index)),
        )
        for index in classes
    ]


def guided_grad_cam(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Guided backpropagation times Grad-CAM, enlarged bilinearly with half-pixel centres."""
    layer = options["layer"]
    activation, gradients = activation_and_gradients(net, x, classes, layer)
    maps = []
    for index, gradient in zip(classes, gradients, strict=True):
        library = GuidedGradCam(net, net.layer(layer)).attribute(
            x.clone(), target=index, interpolate_mode="bilinear",
        )
        cam = enlarge(grad_cam_formula(activation, gradient).relu()[None, None], *x.shape[2:])
        maps.append(agree("guided-grad-cam", largest(library), largest(guided_gradient(net, x, index) * cam)))
    return maps
