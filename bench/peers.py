#!/usr/bin/env python3
"""Times the field's libraries on the work that Gradcast does: same weights, photo, class and thread count.

Writes a JSON document for `deno task bench --peers FILE`:

    {"threads": 2, "rows": [{"name", "other", "runs", "steps", "ms"}, …], "machine": {…}}

`name` is the id of a Gradcast method, with `:LIBRARY` where several libraries have the method; `ms` is
the median of `runs` runs after one that does not count; `steps` says how many samples, steps, channels
or windows one run takes, or is null. Run it on an idle machine right before the bench.

With --serve it measures nothing by itself: it writes the document without times as one line, then
reads names from standard input, one a line, does that work once for each, and answers
`{"ms": …}`. So the bench can take turns with it.

Batch sizes are the libraries' defaults, but for the sampling methods and occlusion, which are tried with
several and counted with the best.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "reference"))

import torch  # noqa: E402
from captum.attr import (  # noqa: E402
    GuidedBackprop,
    InputXGradient,
    IntegratedGradients,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from libraries import pytorch_grad_cam  # noqa: E402
from network import Network, load_network, read_photo  # noqa: E402

LAYER = "head_relu6"
PHOTO = "coffee"

SMOOTHGRAD_SAMPLES = 25
SMOOTHGRAD_NOISE = 0.15  # of the input's range
PATH_STEPS = 50
CHANNELS = 1280
WINDOW, STRIDE = 32, 16  # px
WINDOWS = 169
SAMPLE_BATCHES = (8, SMOOTHGRAD_SAMPLES)
STEP_BATCHES = (10, PATH_STEPS)
WINDOW_BATCHES = (1, 4, 16, 32)

GRAD_CAM_PACKAGE = f"pytorch-grad-cam {version('grad-cam')}"
CAPTUM_PACKAGE = f"Captum {version('captum')}"

Run = Callable[[], object]


@dataclass(frozen=True)
class Peer:
    """What one library does for one method."""

    name: str
    other: str
    # Opened around each run, outside its time: the hooks of one library slow another one down.
    opened: Callable[[], AbstractContextManager[Run]]
    runs: int  # enough for a median that holds; 1 for what takes half a minute
    steps: int | None = None

    def once(self) -> float:
        """Does the work once, without the library's progress bar, and returns its time in ms."""
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            with self.opened() as run:
                start = time.perf_counter()
                run()
                return (time.perf_counter() - start) * 1000

    def row(self, runs: int) -> dict[str, Any]:
        """What the document says of it, without its time."""
        return {"name": self.name, "other": self.other, "runs": min(self.runs, runs), "steps": self.steps}


def single_peers(net: Network, x: torch.Tensor, index: int) -> list[Peer]:
    """Methods that leave nothing to choose."""

    def with_grad_cam(name: str, kind: str, runs: int, steps: int | None = None) -> Peer:
        @contextmanager
        def opened() -> Iterator[Run]:
            layers = [] if kind == "FullGrad" else [net.layer(LAYER)]
            with getattr(pytorch_grad_cam, kind)(model=net, target_layers=layers) as method:
                targets = [pytorch_grad_cam.ClassifierOutputTarget(index)]
                yield lambda: method(x.clone().requires_grad_(), targets)

        return Peer(name, f"{GRAD_CAM_PACKAGE} {kind}", opened, runs, steps)

    def with_captum(name: str, method: Any, runs: int) -> Peer:
        return Peer(
            name, f"{CAPTUM_PACKAGE} {type(method).__name__}",
            always(lambda: method.attribute(x.clone().requires_grad_(), target=index)), runs,
        )

    return [
        Peer("forward", f"PyTorch {version('torch')}, eager", always(lambda: without_gradients(net, x)), 25),
        with_grad_cam("grad-cam", "GradCAM", 25),
        with_captum("grad-cam:captum", LayerGradCam(net, net.layer(LAYER)), 25),
        with_grad_cam("grad-cam++", "GradCAMPlusPlus", 9),
        with_grad_cam("xgrad-cam", "XGradCAM", 9),
        with_grad_cam("hirescam", "HiResCAM", 9),
        with_grad_cam("layercam", "LayerCAM", 9),
        with_grad_cam("eigen-cam", "EigenCAM", 5),
        with_captum("saliency", Saliency(net), 25),
        with_captum("gradient-x-input", InputXGradient(net), 9),
        with_captum("guided-backprop", GuidedBackprop(net), 9),
        with_grad_cam("fullgrad", "FullGrad", 5),
        with_grad_cam("score-cam", "ScoreCAM", 1, CHANNELS),
    ]


def batched_peers(net: Network, x: torch.Tensor, index: int) -> list[list[Peer]]:
    """Methods of many rows, each with several batch sizes."""
    sigma = SMOOTHGRAD_NOISE * float(x.max() - x.min())

    def smoothgrad(batch: int) -> object:
        return NoiseTunnel(Saliency(net)).attribute(
            x.clone().requires_grad_(), target=index, nt_type="smoothgrad", stdevs=sigma,
            nt_samples=SMOOTHGRAD_SAMPLES, nt_samples_batch_size=batch,
        )

    def integrated_gradients(batch: int) -> object:
        return IntegratedGradients(net).attribute(
            x.clone().requires_grad_(), baselines=0.0, target=index, n_steps=PATH_STEPS, internal_batch_size=batch,
        )

    def occlusion(batch: int) -> object:
        return Occlusion(net).attribute(
            x, sliding_window_shapes=(3, WINDOW, WINDOW), strides=(3, STRIDE, STRIDE), target=index,
            baselines=0.0, perturbations_per_eval=batch,
        )

    def sizes(
        name: str, other: str, work: Callable[[int], object], batches: tuple[int, ...], steps: int,
    ) -> list[Peer]:
        return [
            Peer(name, f"{CAPTUM_PACKAGE} {other}, batches of {batch}", always(lambda batch=batch: work(batch)), 3, steps)
            for batch in batches
        ]

    return [
        sizes("smoothgrad", "NoiseTunnel of Saliency", smoothgrad, SAMPLE_BATCHES, SMOOTHGRAD_SAMPLES),
        sizes("integrated-gradients", "IntegratedGradients", integrated_gradients, STEP_BATCHES, PATH_STEPS),
        sizes("occlusion", "Occlusion", occlusion, WINDOW_BATCHES, WINDOWS),
    ]


def always(run: Run) -> Callable[[], AbstractContextManager[Run]]:
    """Work that needs nothing opened."""
    return lambda: contextlib.nullcontext(run)


def without_gradients(net: Network, x: torch.Tensor) -> torch.Tensor:
    """A forward alone."""
    with torch.no_grad():
        return net(x)


def choose(sizes: list[Peer]) -> Peer:
    """The batch size that is fastest; each is given one run."""
    times = {peer.other: peer.once() for peer in sizes}
    for other, ms in times.items():
        print(f"tried {other}: {ms:.0f} ms", file=sys.stderr, flush=True)
    return min(sizes, key=lambda peer: times[peer.other])


def median_time(peer: Peer, runs: int) -> float:
    """The median of some runs, after one to warm up; a single run has none."""
    if runs > 1:
        peer.once()
    ms = statistics.median(peer.once() for _ in range(runs))
    print(f"{peer.name}: {ms:.1f} ms, {peer.other}", file=sys.stderr, flush=True)
    return ms


def serve(chosen: dict[str, Peer]) -> None:
    """Answers each name on standard input with the time of one run."""
    for line in sys.stdin:
        print(json.dumps({"ms": chosen[line.strip()].once()}), flush=True)


def main() -> None:
    """Measures all peers and writes one document, or serves."""
    parser = argparse.ArgumentParser(description="Time the peers of Gradcast's methods.")
    parser.add_argument("--threads", type=int, default=2, help="threads of PyTorch (default: 2)")
    parser.add_argument("--runs", type=int, default=1000, help="runs of each row at most; by default what each needs")
    parser.add_argument("--only", metavar="METHOD", nargs="+", help="these methods only; all libraries that have them")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write to (default: standard output)")
    parser.add_argument("--serve", action="store_true", help="do one run for each name on standard input")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        net = load_network()
    x = read_photo(PHOTO)
    index = int(without_gradients(net, x).argmax())

    def wanted(peer: Peer) -> bool:
        return arguments.only is None or peer.name.partition(":")[0] in arguments.only

    measured = [peer for peer in single_peers(net, x, index) if wanted(peer)]
    measured += [choose(sizes) for sizes in batched_peers(net, x, index) if wanted(sizes[0])]
    rows = [peer.row(arguments.runs) for peer in measured]
    machine = {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}
    document = {"threads": arguments.threads, "rows": rows, "machine": machine}
    if arguments.serve:
        print(json.dumps(document), flush=True)
        serve({peer.name: peer for peer in measured})
        return
    for peer, row in zip(measured, rows, strict=True):
        row["ms"] = median_time(peer, row["runs"])
    text = json.dumps(document, indent=2)
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
