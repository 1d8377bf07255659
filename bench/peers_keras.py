#!/usr/bin/env python3
"""Times tf-explain and tf-keras-vis on the work that Gradcast does, and adds their rows to a document of peers.py.

They need TensorFlow, which does not go together with PyTorch's packages in one environment: use one of its
own (requirements-keras.txt). The model is the shipped one, read from its TensorFlow.js files. tf-explain's
times include the picture that it draws.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

# tf-explain and tf-keras-vis were written for Keras 2.
os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from PIL import Image  # noqa: E402
from tf_explain.core.grad_cam import GradCAM  # noqa: E402
from tf_explain.core.integrated_gradients import IntegratedGradients  # noqa: E402
from tf_explain.core.smoothgrad import SmoothGrad  # noqa: E402
from tf_explain.core.vanilla_gradients import VanillaGradients  # noqa: E402
from tf_keras_vis.gradcam import Gradcam  # noqa: E402
from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus  # noqa: E402
from tf_keras_vis.layercam import Layercam  # noqa: E402
from tf_keras_vis.saliency import Saliency  # noqa: E402
from tf_keras_vis.utils.scores import CategoricalScore  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "efficientnet-lite0"
PHOTO = ROOT / "tests" / "fixtures" / "photos" / "coffee.png"
LAYER = "head_relu6"
RUNS = 9
SAMPLES = 25
STEPS = 50
NOISE = 0.15  # of the input's range

EXPLAIN_PACKAGE = f"tf-explain {version('tf-explain')}"
VIS_PACKAGE = f"tf-keras-vis {version('tf-keras-vis')}"


def load_model() -> tf.keras.Model:
    """The shipped model as a Keras one."""
    document = json.loads((MODEL / "model.json").read_text("utf-8"))
    model = tf.keras.models.model_from_json(json.dumps(document["modelTopology"]["model_config"]))
    weights: dict[str, np.ndarray] = {}
    for group in document["weightsManifest"]:
        data = b"".join((MODEL / path).read_bytes() for path in group["paths"])
        start = 0
        for entry in group["weights"]:
            count = int(np.prod(entry["shape"]))
            weights[entry["name"]] = np.frombuffer(data, "<f4", count, start).reshape(entry["shape"])
            start += 4 * count
    model.set_weights([weights[weight.name.removesuffix(":0")] for weight in model.weights])
    return model


def works(model: tf.keras.Model, x: np.ndarray, index: int) -> list[tuple[str, str, int | None, Callable[[], object]]]:
    """Name, library, samples and work of each row."""
    data, score = (x, None), CategoricalScore([index])
    sigma = NOISE * float(x.max() - x.min())
    saliency = Saliency(model, clone=False)
    # By itself it would look for the last convolution.
    at_layer = {"penultimate_layer": LAYER, "seek_penultimate_conv_layer": False}
    cams = {
        "grad-cam": Gradcam(model, clone=False),
        "grad-cam++": GradcamPlusPlus(model, clone=False),
        "layercam": Layercam(model, clone=False),
    }
    return [
        ("forward:tensorflow", f"TensorFlow {tf.__version__}, predict_on_batch", None, lambda: model.predict_on_batch(x)),
        ("grad-cam-gated:tf-explain", f"{EXPLAIN_PACKAGE} GradCAM", None,
         lambda: GradCAM().explain(data, model, index, layer_name=LAYER)),
        ("saliency:tf-explain", f"{EXPLAIN_PACKAGE} VanillaGradients", None,
         lambda: VanillaGradients().explain(data, model, index)),
        ("smoothgrad:tf-explain", f"{EXPLAIN_PACKAGE} SmoothGrad", SAMPLES,
         lambda: SmoothGrad().explain(data, model, index, num_samples=SAMPLES, noise=sigma)),
        ("integrated-gradients:tf-explain", f"{EXPLAIN_PACKAGE} IntegratedGradients", STEPS,
         lambda: IntegratedGradients().explain(data, model, index, n_steps=STEPS)),
        ("saliency:tf-keras-vis", f"{VIS_PACKAGE} Saliency", None, lambda: saliency(score, x)),
        *(
            (f"{name}:tf-keras-vis", f"{VIS_PACKAGE} {type(cam).__name__}", None, lambda cam=cam: cam(score, x, **at_layer))
            for name, cam in cams.items()
        ),
    ]


def median_time(run: Callable[[], object], runs: int) -> float:
    """The median of some runs after one that does not count, in ms."""
    times = []
    with contextlib.redirect_stdout(io.StringIO()):
        run()
        for _ in range(runs):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measures every row and adds it to the document."""
    parser = argparse.ArgumentParser(description="Add tf-explain and tf-keras-vis to a document of peers.py.")
    parser.add_argument("document", type=Path, metavar="FILE", help="document of peers.py; rows are added to it")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each row (default: {RUNS})")
    arguments = parser.parse_args()

    document: dict[str, Any] = json.loads(arguments.document.read_text("utf-8"))
    # The same number of threads as the other peers had.
    tf.config.threading.set_intra_op_parallelism_threads(document["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = load_model()
    x = (np.asarray(Image.open(PHOTO).convert("RGB"), dtype=np.float32)[None] - 127.0) / 128.0
    index = int(model.predict_on_batch(x).argmax())

    added = []
    for name, other, steps, run in works(model, x, index):
        ms = median_time(run, arguments.runs)
        added.append({"name": name, "other": other, "runs": arguments.runs, "steps": steps, "ms": ms})
        print(f"{name}: {ms:.1f} ms, {other}", file=sys.stderr, flush=True)
    names = {row["name"] for row in added}
    document["rows"] = [row for row in document["rows"] if row["name"] not in names] + added
    arguments.document.write_text(f"{json.dumps(document, indent=2)}\n", "utf-8")


if __name__ == "__main__":
    main()
