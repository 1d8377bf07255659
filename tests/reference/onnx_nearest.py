"""Which cells onnxruntime's Resize copies, for every way of counting positions and of rounding them.

    python onnx_nearest.py      writes ../fixtures/onnx_nearest.json
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

OUTPUT = Path(__file__).parent.parent / "fixtures" / "onnx_nearest.json"
POSITIONS = ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "tf_half_pixel_for_nn"]
ROUNDINGS = ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"]
SIZES = [(4, 2), (4, 6), (3, 9), (5, 7)]


def cells(positions: str, rounding: str, before: int, after: int) -> list[int]:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, before, 1])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    size = helper.make_tensor("size", TensorProto.INT64, [4], [1, 1, after, 1])
    modes = {"coordinate_transformation_mode": positions, "nearest_mode": rounding}
    node = helper.make_node("Resize", ["x", "none", "none", "size"], ["y"], mode="nearest", **modes)
    none = helper.make_tensor("none", TensorProto.FLOAT, [0], [])
    graph = helper.make_graph([node], "graph", [x], [y], [size, none])
    opset = 11 if positions == "tf_half_pixel_for_nn" else 18
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    values = np.arange(before, dtype=np.float32).reshape(1, 1, before, 1)
    return session.run(None, {"x": values})[0].ravel().astype(int).tolist()


if __name__ == "__main__":
    found = [
        {"positions": positions, "rounding": rounding, "before": before, "cells": cells(positions, rounding, before, after)}
        for positions in POSITIONS
        for rounding in ROUNDINGS
        for before, after in SIZES
    ]
    OUTPUT.write_text("[\n" + ",\n".join(json.dumps(case) for case in found) + "\n]\n")
