#!/usr/bin/env python3
"""Makes the goldens of EfficientNet-Lite1: its logits and a Grad-CAM map for one photo.

The methods are held against PyTorch with EfficientNet-Lite0 (make.py); here it is the second model's conversion that is
checked. In goldens/lite1/: coffee.json, as make.py writes it, and the map.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from cams import grad_cam
from make import FLOAT32_DIGITS, HEAD, write_npy
from network import load_network, read_photo

MODEL = "efficientnet-lite1"
INPUT_SIDE = 240  # px
PHOTO = "coffee"
METHOD = "grad-cam"


def main() -> None:
    """Makes them."""
    parser = argparse.ArgumentParser(description="Make the reference logits and map of EfficientNet-Lite1.")
    default = Path(__file__).resolve().parent / "goldens" / "lite1"
    parser.add_argument("--out", type=Path, metavar="DIR", default=default, help="folder to write to")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    net = load_network(MODEL)
    x = read_photo(PHOTO, INPUT_SIDE)
    logits = net(x)[0].detach().numpy()
    index = int(logits.argmax())
    (raw,) = grad_cam(net, x, [index], {"layer": HEAD})
    file = f"{PHOTO}-{METHOD}-{index}.npy"
    write_npy(folder / file, raw)
    entry = {
        "method": METHOD, "class": index, "layer": HEAD, "options": {}, "file": file, "shape": list(raw.shape),
    }
    digits = [float(f"{value:.{FLOAT32_DIGITS}g}") for value in logits]
    document = {"photo": PHOTO, "logits": digits, "classes": [index], "maps": [entry], "trust": []}
    (folder / f"{PHOTO}.json").write_text(f"{json.dumps(document, indent=2)}\n", "utf-8")


if __name__ == "__main__":
    main()
