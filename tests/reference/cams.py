"""The CAM family: maps from pytorch-grad-cam, checked against the definitions by autograd.

pytorch-grad-cam scales every map to 0…1 and to the image's size. The golden is its
map before that: its own weights and its own sum over channels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from captum.attr import LayerGradCam
from checks import agree
from libraries import pytorch_grad_cam
from network import Network

# Channels of the first page of an activation grid, and of one of its rows. The layer has to fill the rows.
GRID_CHANNELS = 256
GRID_COLUMNS = 16

Options = Mapping[str, Any]
# Classes that FinerCAM sets the target against, and how probable they have to be together for the library's map to be
# taken: it adds 1e-9 to the sum that it divides by, which shows where all of them are improbable.
RIVALS = 3
LIKELY = 1e-3

# Activations and gradients of one image at the target layer, [channels, height, width], to the map
# [height, width] before its ReLU.
Formula = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def activation_and_gradients(
    net: Network, x: torch.Tensor, classes: Sequence[int], layer: str,
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """A layer's activations and ∂y_c/∂A for each class, all [channels, height, width]."""
    kept: list[torch.Tensor] = []
    handle = net.layer(layer).register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    logits = net(x.clone().requires_grad_())[0]
    handle.remove()
    (activation,) = kept
    gradients = [torch.autograd.grad(logits[index], activation, retain_graph=True)[0][0] for index in classes]
    return activation.detach()[0], gradients


# --- the definitions


def cam_formula(weights: torch.Tensor, activation: torch.Tensor) -> torch.Tensor:
    """Σ_k w_k·A_k."""
    return torch.einsum("k,khw->hw", weights, activation)


def grad_cam_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """w_k = mean of g_k."""
    return cam_formula(gradient.mean(dim=(1, 2)), activation)


def gated_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """w_k = mean of g_k where activation and gradient are both positive, and 0 elsewhere."""
    gate = (activation > 0) & (gradient > 0)
    return cam_formula((gradient * gate).mean(dim=(1, 2)), activation)


def plus_plus_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """w_k = Σ ReLU(g)·a, a = g² / (2g² + (Σ A)·g³ + 1e-6), 0 where g is 0."""
    sums = activation.sum(dim=(1, 2), keepdim=True)
    squared = gradient**2
    share = squared / (2 * squared + sums * squared * gradient + 1e-6)
    share = torch.where(gradient != 0, share, torch.zeros_like(share))
    return cam_formula((gradient.relu() * share).sum(dim=(1, 2)), activation)


def x_grad_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """w_k = Σ g·A / (Σ A + 1e-7)."""
    sums = activation.sum(dim=(1, 2), keepdim=True)
    return cam_formula((gradient * activation / (sums + 1e-7)).sum(dim=(1, 2)), activation)


def hires_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """Σ_k g⊙A."""
    return (gradient * activation).sum(dim=0)


def layer_formula(activation: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """Σ_k ReLU(g)⊙A."""
    return (gradient.relu() * activation).sum(dim=0)


# --- the methods


def cam(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """CAM: Σ_k W[k,c]·A_k. Signed, no ReLU."""
    activation, _ = activation_and_gradients(net, x, [], options["layer"])
    return [cam_formula(net.logits.weight[index], activation).numpy() for index in classes]


def grad_cam_gated(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Grad-CAM with gated gradients: autograd here, as the libraries for PyTorch do not have it.

    tf-explain does. Its 0.3.1 agreed with these maps to 1.5e-6 of their range when they were made.
    """
    activation, gradients = activation_and_gradients(net, x, classes, options["layer"])
    return [finish(gated_formula(activation, gradient), options).numpy() for gradient in gradients]


def eigen_cam(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Eigen-CAM; the sign, which pytorch-grad-cam leaves to chance, is that of the sum over channels.

    The same for every class. The definition is computed another way: as the first eigenvector of the
    covariance, in float64.
    """
    activation, _ = activation_and_gradients(net, x, [], options["layer"])
    channels = activation.double().flatten(1).T
    centred = channels - channels.mean(dim=0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    shape = activation.shape[1:]
    formula = (centred @ vectors[:, -1]).reshape(shape).numpy()
    (library,) = library_maps(pytorch_grad_cam.EigenCAM, net, x, classes[:1], options["layer"])
    total = activation.sum(dim=0).numpy()

    def oriented(raw: np.ndarray) -> np.ndarray:
        return raw * np.sign(((raw - raw.mean()) * (total - total.mean())).sum())

    agreed = agree("eigen-cam", oriented(library), oriented(formula))
    return [finish(torch.from_numpy(agreed), options).numpy() for _ in classes]


def finer_score(logits: torch.Tensor, index: int, rivals: Sequence[int]) -> torch.Tensor:
    """y_c − Σ_r q_r·y_r with q the softmax over the rivals (Zhang et al. 2025, alpha 1)."""
    others = logits[list(rivals)]
    return logits[index] - (others.softmax(dim=0) * others).sum()


def finer_cam(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """FinerCAM: Grad-CAM of the class against the three classes whose logits are nearest to its own."""
    layer = options["layer"]
    logits = net(x)[0].detach()
    maps = []
    for index in classes:
        rivals = (logits - logits[index]).abs().argsort()[1 : RIVALS + 1].tolist()
        leaf = logits.clone().requires_grad_()
        (slopes,) = torch.autograd.grad(finer_score(leaf, index, rivals), leaf)
        named = [index, *rivals]
        activation, gradients = activation_and_gradients(net, x, named, layer)
        gradient = sum(slopes[one] * own for one, own in zip(named, gradients, strict=True))
        raw = grad_cam_formula(activation, gradient).numpy()
        if logits.softmax(dim=0)[rivals].sum() > LIKELY:
            raw = agree(f"FinerCAM at {layer}", library_finer_map(net, x, index, layer), raw)
        maps.append(finish(torch.from_numpy(raw), options).numpy())
    return maps


def library_finer_map(net: Network, x: torch.Tensor, index: int, layer: str) -> np.ndarray:
    """pytorch-grad-cam's FinerCAM, [height, width], before ReLU and scaling."""
    target_layer = net.layer(layer)
    with pytorch_grad_cam.FinerCAM(net, [target_layer]) as method:
        method(x.clone().requires_grad_(), target_idx=index)
        base = method.base_cam
        hooks = base.activations_and_grads
        activation, gradient = hooks.activations[0].numpy(), hooks.gradients[0].numpy()
        return base.get_cam_image(x, target_layer, [], activation, gradient, False)[0]


def activations(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """A grid of the layer's first channels, 16 in a row, each (a − mean)/std·64 + 128, clipped to 0…255.

    No class is involved: the same for every class.
    """
    activation, _ = activation_and_gradients(net, x, [], options["layer"])
    tiles = activation[:GRID_CHANNELS].double()
    deviation, mean = torch.std_mean(tiles, dim=(1, 2), correction=0, keepdim=True)
    shown = torch.where(deviation > 0, (tiles - mean) / deviation * 64 + 128, 128.0).clamp(0, 255)
    rows = [torch.cat(list(row), dim=1) for row in shown.split(GRID_COLUMNS)]
    return [torch.cat(rows).numpy() for _ in classes]


def from_library(kind: str, formula: Formula) -> Callable[..., list[np.ndarray]]:
    """A method whose map is that of pytorch-grad-cam's class `kind`, once it agrees with the formula."""

    def method(net: Network, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
        layer = options["layer"]
        activation, gradients = activation_and_gradients(net, x, classes, layer)
        maps = library_maps(getattr(pytorch_grad_cam, kind), net, x, classes, layer)
        agreed = [
            agree(f"{kind} at {layer}", raw, formula(activation, gradient).numpy())
            for raw, gradient in zip(maps, gradients, strict=True)
        ]
        if kind == "GradCAM":
            captum = [
                LayerGradCam(net, net.layer(layer)).attribute(x.clone().requires_grad_(), target=index)
                for index in classes
            ]
            for raw, other in zip(agreed, captum, strict=True):
                agree(f"Captum's LayerGradCam at {layer}", other.detach()[0, 0].numpy(), raw)
        return [finish(torch.from_numpy(raw), options).numpy() for raw in agreed]

    return method


def library_maps(kind: type, net: Network, x: torch.Tensor, classes: Sequence[int], layer: str) -> list[np.ndarray]:
    """pytorch-grad-cam's map for each class, [height, width], before ReLU and scaling."""
    target_layer = net.layer(layer)
    maps = []
    for index in classes:
        # The input has to ask for gradients: none of the weights does.
        with kind(model=net, target_layers=[target_layer]) as method:
            target = pytorch_grad_cam.ClassifierOutputTarget(index)
            method(x.clone().requires_grad_(), targets=[target])
            hooks = method.activations_and_grads
            gradient = hooks.gradients[0].numpy() if hooks.gradients else None
            image = method.get_cam_image(x, target_layer, [target], hooks.activations[0].numpy(), gradient, False)
            maps.append(image[0])
    return maps


def finish(raw: torch.Tensor, options: Options) -> torch.Tensor:
    """The final ReLU, which the option `signed` leaves out."""
    return raw if options.get("signed") else raw.relu()


grad_cam = from_library("GradCAM", grad_cam_formula)
grad_cam_plus_plus = from_library("GradCAMPlusPlus", plus_plus_formula)
x_grad_cam = from_library("XGradCAM", x_grad_formula)
hires_cam = from_library("HiResCAM", hires_formula)
layer_cam = from_library("LayerCAM", layer_formula)
