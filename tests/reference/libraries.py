"""pytorch-grad-cam, on a CPU build of PyTorch too.

It imports torchvision, whose package on PyPI is built against CUDA: beside a CPU build of
PyTorch its own operators do not load, and its import stops where it describes two of them.
They are declared here so that the import goes through. Nothing of torchvision computes
anything in what is used.
"""

from __future__ import annotations

from types import SimpleNamespace

import torch

BOX_OPERATORS = ("nms", "qnms")


def declare_box_operators() -> torch.library.Library:
    """Declares the operators; the declaration lasts as long as the returned object."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in BOX_OPERATORS:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


def import_pytorch_grad_cam() -> SimpleNamespace:
    """What is used of pytorch-grad-cam."""
    import pytorch_grad_cam
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    return SimpleNamespace(**vars(pytorch_grad_cam), ClassifierOutputTarget=ClassifierOutputTarget)


try:
    pytorch_grad_cam = import_pytorch_grad_cam()
except RuntimeError:
    DECLARATIONS = declare_box_operators()
    pytorch_grad_cam = import_pytorch_grad_cam()
