#!/usr/bin/env python3
"""Makes the goldens of attention and of token grids: a tiny seeded vision transformer in plain PyTorch.

The network is written out here, so that its attention can be read and changed; its weights are drawn, and no weights of
anybody's are needed. Two heads: `class` reads a class token, `mean` the mean of all patches. In goldens/transformer/:

    {head}.npy     input and weights in the order of ORDER, flattened one behind the other, float32
    {head}.json    sizes, the shapes of those numbers, the logits, one entry per map
    {head}-{method}-{class}.npy    a raw map before display scaling

Methods of attention are written by their papers' formulas with autograd, as no package has them for any network:
attention rollout (Abnar and Zuidema 2020, with the residual as half of the mix), gradient-weighted attention (Chefer, Gur
and Wolf 2021, generic attention explainability, equation 5 and 6 for self-attention), LeGrad (Bousselham et al. 2024,
before its scaling to 0…1). Maps of the CAM family come from pytorch-grad-cam with a reshape function.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from libraries import pytorch_grad_cam
from make import FLOAT32_DIGITS, write_npy
from torch import Tensor, nn
from torch.nn import functional

HEIGHT, WIDTH, PATCH = 12, 20, 4  # px; the grid is not square
ROWS, COLUMNS = HEIGHT // PATCH, WIDTH // PATCH
CHANNELS, HEADS, BLOCKS, HIDDEN, CLASSES = 12, 3, 3, 20, 4
EPSILON = 1e-6
EXPLAINED = (0, 2)


class Attention(nn.Module):
    """Self-attention whose shares can be read and have a gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(CHANNELS, 3 * CHANNELS)
        self.proj = nn.Linear(CHANNELS, CHANNELS)
        self.shares = torch.empty(0)

    def forward(self, x: Tensor) -> Tensor:
        """Mixes tokens `[batch, tokens, channels]`."""
        batch, tokens, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        self.shares = functional.softmax(q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5, dim=-1)
        return self.proj((self.shares @ v).transpose(1, 2).reshape(batch, tokens, CHANNELS))


class Block(nn.Module):
    """Attention, then two dense layers, each behind a norm and beside a skip."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(CHANNELS, EPSILON)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(CHANNELS, EPSILON)
        self.first = nn.Linear(CHANNELS, HIDDEN)
        self.second = nn.Linear(HIDDEN, CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        """Of tokens `[batch, tokens, channels]`."""
        x = x + self.attention(self.norm1(x))
        return x + self.second(functional.gelu(self.first(self.norm2(x))))


class Transformer(nn.Module):
    """A vision transformer that reads a class token, or the mean of all patches."""

    def __init__(self, head: str) -> None:
        super().__init__()
        self.skip = 1 if head == "class" else 0
        self.patches = nn.Conv2d(3, CHANNELS, PATCH, PATCH)
        self.token = nn.Parameter(torch.zeros(self.skip, CHANNELS))
        self.positions = nn.Parameter(torch.zeros(ROWS * COLUMNS + self.skip, CHANNELS))
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.norm = nn.LayerNorm(CHANNELS, EPSILON)
        self.classes = nn.Linear(CHANNELS, CLASSES)
        self.outputs: list[Tensor] = []

    def head(self, tokens: Tensor) -> Tensor:
        """Logits of the tokens behind any block."""
        even = self.norm(tokens)
        return self.classes(even[:, 0] if self.skip else even.mean(dim=1))

    def forward(self, x: Tensor) -> Tensor:
        """Logits of pictures `[batch, 3, height, width]`."""
        patches = self.patches(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(x), -1, -1), patches], dim=1) + self.positions
        self.outputs = []
        for block in self.blocks:
            tokens = block(tokens)
            self.outputs.append(tokens)
        return self.head(tokens)


def into_readout(relevance: Tensor, skip: int) -> Tensor:
    """The class token's row over the patches, or the mean of all rows."""
    return (relevance[0] if skip else relevance.mean(dim=0))[skip:].reshape(ROWS, COLUMNS)


def attention_rollout(net: Transformer, x: Tensor, index: int) -> Tensor:
    """R = Â_L · … · Â_1, Â = (mean over heads of A + I) / 2."""
    del index
    net(x)
    rollout = torch.eye(ROWS * COLUMNS + net.skip)
    for block in net.blocks:
        mixed = (block.attention.shares[0].mean(dim=0) + torch.eye(len(rollout))) / 2
        rollout = mixed / mixed.sum(dim=-1, keepdim=True) @ rollout
    return into_readout(rollout, net.skip)


def attention_gradient(net: Transformer, x: Tensor, index: int) -> Tensor:
    """R ← R + Ā · R, Ā = mean over heads of (∂y/∂A ⊙ A)⁺."""
    score = net(x)[0, index]
    relevance = torch.eye(ROWS * COLUMNS + net.skip)
    shares = [block.attention.shares for block in net.blocks]
    for values, slopes in zip(shares, torch.autograd.grad(score, shares), strict=True):
        relevance = relevance + (slopes * values)[0].clamp(min=0).mean(dim=0) @ relevance
    return into_readout(relevance, net.skip)


def legrad(net: Transformer, x: Tensor, index: int) -> Tensor:
    """
    The mean over blocks of the mean over heads and rows of (∂s_l/∂A_l)⁺, s_l from block l's own output.

    Of a network with a class token s_l is read from the mean of all tokens, as in `compute_legrad_clip` of
    https://github.com/WalBouss/LeGrad; there the maps of the blocks are added and scaled to 0…1.
    """
    net(x)
    maps = []
    for block, output in zip(net.blocks, net.outputs, strict=True):
        read = output.mean(dim=1, keepdim=True).expand_as(output) if net.skip else output
        score = net.head(read)[0, index]
        (slopes,) = torch.autograd.grad(score, block.attention.shares, retain_graph=True)
        maps.append(slopes[0].clamp(min=0).mean(dim=(0, 1)))
    return torch.stack(maps).mean(dim=0)[net.skip :].reshape(ROWS, COLUMNS)


def saliency(net: Transformer, x: Tensor, index: int) -> Tensor:
    """The largest |∂y/∂x| of the three colours."""
    x = x.clone().requires_grad_()
    (slopes,) = torch.autograd.grad(net(x)[0, index], x)
    return slopes[0].abs().amax(dim=0)


def with_library(name: str) -> Callable[[Transformer, Tensor, int], Tensor]:
    """A method of pytorch-grad-cam at the norm before the last block's attention, without its ReLU and its scaling."""

    def method(net: Transformer, x: Tensor, index: int) -> Tensor:
        def reshape(tokens: Tensor) -> Tensor:
            return tokens[:, net.skip :].reshape(len(tokens), ROWS, COLUMNS, -1).permute(0, 3, 1, 2)

        layers = [net.blocks[-1].norm1]
        with getattr(pytorch_grad_cam, name)(net, layers, reshape_transform=reshape) as cam:
            target = pytorch_grad_cam.ClassifierOutputTarget(index)
            cam.outputs = cam.activations_and_grads(x)
            net.zero_grad()
            target(cam.outputs[0]).backward()
            values = cam.activations_and_grads.activations[0].numpy()
            slopes = cam.activations_and_grads.gradients[0].numpy()
            raw = cam.get_cam_image(x, layers[0], [target], values, slopes, False)
        return torch.from_numpy(raw[0])

    return method


LIBRARY = {"grad-cam": "GradCAM", "hirescam": "HiResCAM", "layercam": "LayerCAM", "xgrad-cam": "XGradCAM"}

METHODS: dict[str, Callable[[Transformer, Tensor, int], Tensor]] = {
    "attention-rollout": attention_rollout,
    "attention-gradient": attention_gradient,
    "legrad": legrad,
    "saliency": saliency,
    **{name: with_library(library) for name, library in LIBRARY.items()},
}


def draw(net: Transformer, generator: torch.Generator) -> None:
    """Weights of a size at which nothing saturates and attention is not even."""
    with torch.no_grad():
        for name, weight in net.named_parameters():
            wide = weight.dim() > 1 and "positions" not in name and name != "token"
            scale = 1.6 / (weight[0].numel() ** 0.5) if wide else 0.5
            weight.copy_(torch.randn(weight.shape, generator=generator) * scale)
            if "norm" in name and name.endswith("weight"):
                weight.add_(1)


def main() -> None:
    """Makes them."""
    parser = argparse.ArgumentParser(description="Make the reference maps of a tiny transformer.")
    default = Path(__file__).resolve().parent / "goldens" / "transformer"
    parser.add_argument("--out", type=Path, metavar="DIR", default=default, help="folder to write to")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for seed, head in enumerate(("class", "mean")):
        generator = torch.Generator().manual_seed(seed + 1)
        net = Transformer(head).eval()
        draw(net, generator)
        x = torch.randn((1, 3, HEIGHT, WIDTH), generator=generator)
        logits = net(x)[0].detach().numpy()
        entries = []
        for name, method in METHODS.items():
            for index in EXPLAINED:
                file = f"{head}-{name}-{index}.npy"
                raw = method(net, x, index).detach().numpy()
                write_npy(folder / file, raw)
                options = {"signed": True} if name in LIBRARY else {}
                entries.append({
                    "method": name, "class": index, "layer": None, "options": options, "file": file,
                    "shape": list(raw.shape),
                })
        # Height and width before channels, and matrices as inputs × outputs, as most frameworks but this one have them.
        numbers = {"input": x[0].permute(1, 2, 0)}
        for name, weight in net.named_parameters():
            numbers[name] = weight.permute(2, 3, 1, 0) if weight.dim() == 4 else (
                weight.T if name.endswith("weight") and weight.dim() == 2 else weight
            )
        flat = np.concatenate([value.detach().numpy().ravel() for value in numbers.values()])
        write_npy(folder / f"{head}.npy", flat)
        document = {
            "photo": "noise",
            "heads": HEADS,
            "epsilon": EPSILON,
            "skip": net.skip,
            "grid": [ROWS, COLUMNS],
            "patch": PATCH,
            "numbers": [{"name": name, "shape": list(value.shape)} for name, value in numbers.items()],
            "classes": list(EXPLAINED),
            "logits": [float(f"{value:.{FLOAT32_DIGITS}g}") for value in logits],
            "maps": entries,
            "trust": [],
        }
        (folder / f"{head}.json").write_text(f"{json.dumps(document, indent=1)}\n", "utf-8")


if __name__ == "__main__":
    main()
