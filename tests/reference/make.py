#!/usr/bin/env python3
"""Makes the goldens: logits and raw maps that Gradcast's engine is held against.

Everything here is PyTorch in float32 and shares no code, file or weight layout with the
engine: it reads the original weights, not the converted ones. Maps come from
pytorch-grad-cam and Captum where these have the method with the same definition, which
is checked against the formula written with autograd before a map is taken; from autograd
alone otherwise, and then the method's function says how the libraries differ. Gradients
are by autograd even where a closed form exists, so that the closed form gets tested.

For each photo of PHOTOS, in goldens/:

    {photo}.json    photo, the 1000 logits, the two classes explained (the first
                    prediction and the one PHOTOS names), one entry per map, and what
                    the trust meters say of the Grad-CAM maps
    {photo}-{method…}-{class}.npy    a raw map before display scaling: float32, or
                    float16 where it is as large as the input and loses nothing that
                    counts, to keep the folder small

One thread and deterministic kernels: run twice, the files are the same byte for
byte. Another processor may differ in the last bits, which is what the tests'
tolerances are for; do not regenerate without a reason.

To add a method: write one function of type Method, add a row to JOBS.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cams import (
    activations,
    cam,
    eigen_cam,
    finer_cam,
    grad_cam,
    grad_cam_gated,
    grad_cam_plus_plus,
    hires_cam,
    layer_cam,
    x_grad_cam,
)
from fixations import cnn_fixations
from full_gradient import fullgrad
from gradients import (
    gradient_x_input,
    guided_backprop,
    guided_grad_cam,
    integrated_gradients,
    saliency,
    smoothgrad,
)
from network import INPUT_SIDE, Network, load_network, read_photo
from perturbation import occlusion, rise, score_cam
from trust import meters

HERE = Path(__file__).resolve().parent

# Photo → the class explained besides the first prediction. For two photos it is
# the second prediction, the usual question. For the third it is one that is not
# in the picture at all: CAM maps of predicted classes are positive nearly
# everywhere, and only a map with both signs shows whether a ReLU is in its place.
PHOTOS = {
    "coffee": 968,  # cup
    "chelsea": 282,  # tiger cat
    "camera": 1,  # goldfish
}

# What rounding to float16 may cost a map, as a share of its range.
HALF_LOSS = 5e-4

# Enough digits to tell any two float32 apart.
FLOAT32_DIGITS = 9

# The default target layer, 7×7×1280; a residual sum, which is linear, 14×14×112; an activation beside it,
# 14×14×672, for the methods that want positive values; the linear layer before the head, 7×7×320.
HEAD = "head_relu6"
ADD = "block10_add"
POSITIVE = "block10_depthwise_relu6"
LINEAR = "block15_project_bn"

# The method whose maps at the default layer are measured by the trust meters.
TRUSTED = "grad-cam"

Options = Mapping[str, Any]
# Network, normalised input [1,3,H,W], class indices, options → one map per
# class. All classes at once, because perturbation methods get them from the
# same rows.
Method = Callable[[Network, torch.Tensor, Sequence[int], Options], list[np.ndarray]]


@dataclass(frozen=True)
class Job:
    """One map per class: a method, its options, and the photos to do it for."""

    id: str  # the method's id, as users write it
    run: Method
    options: Options
    suffix: str = ""  # tells files of one method with several options apart
    photos: Sequence[str] = tuple(PHOTOS)


def at_layers(id: str, run: Method, *layers: str, **options: Any) -> list[Job]:
    """Jobs of one method at several layers; that of the default layer has no suffix."""
    return [
        Job(id, run, {"layer": layer, **options}, "" if layer == HEAD else layer.replace("_", "-"))
        for layer in layers
    ]


JOBS = (
    *at_layers("cam", cam, HEAD),
    *at_layers("grad-cam", grad_cam, HEAD, ADD, LINEAR),
    Job("grad-cam", grad_cam, {"layer": HEAD, "signed": True}, "signed"),
    *at_layers("grad-cam-gated", grad_cam_gated, HEAD, ADD, LINEAR),
    # Both divide by the sum of a channel, which is close to zero in some channels of a linear layer: there
    # even the order of a float32 sum shows in the map.
    *at_layers("grad-cam++", grad_cam_plus_plus, HEAD, POSITIVE),
    *at_layers("xgrad-cam", x_grad_cam, HEAD, POSITIVE),
    *at_layers("hirescam", hires_cam, HEAD, ADD),
    *at_layers("layercam", layer_cam, HEAD, ADD),
    *at_layers("eigen-cam", eigen_cam, HEAD, ADD, signed=True),
    *at_layers("finer-cam", finer_cam, HEAD, ADD),
    Job("finer-cam", finer_cam, {"layer": HEAD, "signed": True}, "signed", ("chelsea",)),
    Job("score-cam", score_cam, {"layer": HEAD, "top-channels": 64}),
    Job("occlusion", occlusion, {"window": 32, "stride": 16, "fill": "grey"}, "w32-s16-grey"),
    # 224 − 48 is no multiple of 32: the last window is clamped. One photo will do.
    Job("occlusion", occlusion, {"window": 48, "stride": 32, "fill": "black"}, "w48-s32-black", ("coffee",)),
    Job("occlusion", occlusion, {"window": 48, "stride": 32, "fill": "blur"}, "w48-s32-blur", ("coffee",)),
    Job("rise", rise, {"masks": 64, "grid": 7, "keep": 50, "estimate": "plain", "seed": 0}),
    Job("saliency", saliency, {}),
    Job("saliency", saliency, {"channels": "sum"}, "sum", ("coffee",)),
    # Of a class that the network is not sure of: a probability's gradient vanishes where it is.
    Job("saliency", saliency, {"score": "probability"}, "probability", ("chelsea",)),
    Job("gradient-x-input", gradient_x_input, {}),
    Job("smoothgrad", smoothgrad, {"samples": 25, "noise": 15, "seed": 0}),
    # A power of two: its midpoints are exact in float32. Of others the last bit decides here and there on which
    # side of its bend an activation lies, and single px then differ by a thousandth of the range.
    Job("integrated-gradients", integrated_gradients, {"steps": 32, "baseline": "grey"}),
    Job("integrated-gradients", integrated_gradients, {"steps": 16, "baseline": "black"}, "black", ("coffee",)),
    Job("guided-backprop", guided_backprop, {}),
    *at_layers("guided-grad-cam", guided_grad_cam, HEAD),
    Job("fullgrad", fullgrad, {}),
    Job("cnn-fixations", cnn_fixations, {}),
    Job("activations", activations, {"layer": HEAD}, "", ("coffee",)),
)


def golden(net: Network, photo: str, folder: Path) -> dict[str, Any]:
    """Writes the maps of one photo and returns what its JSON file says."""
    x = read_photo(photo)
    logits = net(x)[0].numpy()
    classes = [int(logits.argmax()), PHOTOS[photo]]
    maps = [
        entry
        for job in JOBS if photo in job.photos
        for entry in run_job(job, net, x, photo, classes, folder)
    ]
    trusted = [
        {"method": TRUSTED, "class": index, **meters(net, x, index, raw)}
        for index, raw in zip(classes, grad_cam(net, x, classes, {"layer": HEAD}), strict=True)
    ]
    digits = [float(f"{value:.{FLOAT32_DIGITS}g}") for value in logits]
    return {"photo": photo, "logits": digits, "classes": classes, "maps": maps, "trust": trusted}


def run_job(
    job: Job, net: Network, x: torch.Tensor, photo: str, classes: Sequence[int], folder: Path,
) -> list[dict[str, Any]]:
    """Runs one job, writes its maps, and returns their entries for the JSON file."""
    start = time.perf_counter()
    entries = []
    for index, raw in zip(classes, job.run(net, x, classes, job.options), strict=True):
        parts = [photo, job.id.replace("++", "-plus-plus"), job.suffix, str(index)]
        file = "-".join(part for part in parts if part) + ".npy"
        write_npy(folder / file, raw)
        entries.append({
            "method": job.id,
            "class": index,
            "layer": job.options.get("layer"),
            "options": {name: value for name, value in job.options.items() if name != "layer"},
            "file": file,
            "shape": list(raw.shape),
        })
    print(f"{photo}: {job.id} {job.suffix} {time.perf_counter() - start:.1f} s", flush=True)
    return entries


def write_npy(path: Path, raw: np.ndarray) -> None:
    """Writes a map in C order, NumPy format version 1.0, little-endian.

    A map as large as the input is float16, unless its values are too small for that: tiny probabilities are.
    """
    if not np.isfinite(raw).all():
        raise ValueError(f"Cannot write {path.name}: the map has values that are not finite")
    lost = np.abs(raw - raw.astype(np.float16)).max() / np.ptp(raw)
    kind = "<f2" if raw.shape == (INPUT_SIDE, INPUT_SIDE) and lost <= HALF_LOSS else "<f4"
    with path.open("wb") as file:
        array = np.ascontiguousarray(raw, dtype=kind)
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
