"""Files that PyTorch and pickle write, each tiny: whole models, weights, checkpoints, in the new format and the old.

    python torch_files.py      writes ../fixtures/torch_files.json
"""

import argparse
import base64
import io
import json
import pickle
from pathlib import Path

import torch
from torch import nn

OUTPUT = Path(__file__).parent.parent / "fixtures" / "torch_files.json"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(1, 1)

    def forward(self, x):
        return self.layer(x)


def saved(content: object, old: bool = False) -> bytes:
    file = io.BytesIO()
    torch.save(content, file, _use_new_zipfile_serialization=not old)
    return file.getvalue()


def main() -> None:
    # The old format has the source of each class in it, and the path that it is from.
    torch.serialization.get_source_lines_and_file = lambda one: ([f"class {one.__name__}:\n"], 1, "net.py")
    torch.manual_seed(0)
    net = Net()
    weights = net.state_dict()
    adam = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 1)).sum().backward()
    adam.step()
    training = {
        "epoch": 3,
        "optimizer_state_dict": adam.state_dict(),
        "model_state_dict": weights,
        "loss": torch.tensor(0.25),
    }
    contents = {
        "model": net,
        "weights": weights,
        "plain weights": dict(weights),
        "checkpoint": {"state_dict": weights, "epoch": 3},
        "checkpoint of a training": training,
        "checkpoint with options": {"state_dict": weights, "args": argparse.Namespace(rate=0.1)},
        "checkpoint with a model": {"epoch": 3, "model": net},
        "model on several devices": nn.DataParallel(net),
        "tensor": torch.ones(2),
    }
    files = {name: saved(content) for name, content in contents.items()}
    files |= {f"old {name}": saved(contents[name], old=True) for name in ["model", "weights", "checkpoint"]}
    files["pickled model"] = pickle.dumps(net)
    files["pickled words"] = pickle.dumps({"words": ["nothing", 1.5, b"x", {2}, None]})
    found = {name: base64.b64encode(content).decode() for name, content in files.items()}
    OUTPUT.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
