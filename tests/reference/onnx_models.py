"""ONNX models with reference numbers: logits of onnxruntime, Grad-CAM and input gradients of PyTorch's autograd.

    python onnx_models.py                small networks into ../fixtures/onnx, which are committed
    python onnx_models.py --full DIR     torchvision's and timm's architectures into DIR (a few gigabytes)
    ... --only NAME NAME                 some of them

Weights are drawn from a seed, and so are the statistics of batch normalisation. Each network is written by both of
PyTorch's exporters: NAME.new.onnx, whose weights lie in NAME.new.onnx.data where they are large, and NAME.old.onnx.
NAME.json has the numbers. The input is made of whole numbers, so that it is the same everywhere.
"""

import argparse
import base64
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

warnings.filterwarnings("ignore")

FIXTURES = Path(__file__).parent.parent / "fixtures" / "onnx"
CLASS = 1


def picture(height: int, width: int, channels: int = 3) -> np.ndarray:
    """[height, width, channels] from -2 to 2, by Knuth's multiplicative hash of the place."""
    places = np.arange(height * width * channels, dtype=np.uint64)
    hashed = (places * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(2**32)
    values = (hashed >> np.uint64(8)).astype(np.float64) / 2**24 * 4 - 2
    return values.astype(np.float32).reshape(height, width, channels)


def randomise(model: nn.Module, seed: int) -> nn.Module:
    """Draws what would be the same for all channels otherwise."""
    generator = torch.Generator().manual_seed(seed)

    def around(tensor: torch.Tensor, centre: float, spread: float) -> None:
        tensor.data.copy_(centre + spread * (2 * torch.rand(tensor.shape, generator=generator) - 1))

    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            around(module.running_mean, 0, 0.1)
            around(module.running_var, 1, 0.25)
        if isinstance(module, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)):
            around(module.weight, 1, 0.25)
            around(module.bias, 0, 0.1)
        if isinstance(module, nn.PReLU):
            around(module.weight, 0.25, 0.2)
    for name, parameter in model.named_parameters():
        if name.endswith(("pos_embed", "cls_token", "gamma", "layer_scale", "class_token", "pos_embedding")):
            around(parameter, 0, 0.5)
        elif parameter.dim() > 1 and not parameter.any():
            around(parameter, 0, 0.3)
    return model.eval()


def encoded(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def channels_last(value: torch.Tensor, already: bool = False) -> np.ndarray:
    """[1, channels, height, width] as [height, width, channels]; tokens, and what is channels last already, as they are."""
    array = value.detach()[0].numpy()
    return np.moveaxis(array, 0, -1) if array.ndim == 3 and not already else array


def reference(model: nn.Module, layer: str, shape: tuple[int, int, int], last: bool = False) -> dict:
    """Grad-CAM before its rectifier, and the gradient at the input, of one class's logit."""
    x = torch.from_numpy(np.moveaxis(picture(*shape), -1, 0)[None].copy()).requires_grad_()
    kept: dict[str, torch.Tensor] = {}
    module = dict(model.named_modules())[layer]
    hook = module.register_forward_hook(lambda _m, _i, output: kept.update(value=output))
    logits = model(x)
    hook.remove()
    value = kept["value"]
    at_layer, at_input = torch.autograd.grad(logits[0, CLASS], [value, x])
    values, gradients = channels_last(value, last), channels_last(at_layer, last)
    weights = gradients.reshape(-1, gradients.shape[-1]).mean(0)
    cam = values @ weights
    return {
        "input": list(shape),
        "class": CLASS,
        "module": layer,
        "values": encoded(values.reshape(-1)[:4096]),
        "shape": list(values.shape),
        "cam": encoded(cam),
        "gradient": encoded(channels_last(at_input)),
        "torch": [round(float(z), 6) for z in logits.detach()[0]],
    }


def export(model: nn.Module, path: Path, shape: tuple[int, int, int], new: bool) -> None:
    height, width, channels = shape
    x = torch.zeros(1, channels, height, width)
    if new:
        torch.onnx.export(model, (x,), str(path), dynamo=True, verbose=False)
    else:
        torch.onnx.export(model, (x,), str(path), dynamo=False)
    forget_paths(path)


def forget_paths(path: Path) -> None:
    """Takes out where on this machine each operation comes from."""
    model = onnx.load(str(path), load_external_data=False)
    for node in model.graph.node:
        node.doc_string = ""
        kept = [entry for entry in node.metadata_props if "name_scopes" in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    model.graph.doc_string = ""
    path.write_bytes(model.SerializeToString())


#: Networks whose modules work on channels last.
LAST = ("swin_t",)


def write(name: str, model: nn.Module, layer: str, shape: tuple[int, int, int], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    numbers = reference(model, layer, shape, name in LAST)
    x = np.moveaxis(picture(*shape), -1, 0)[None]
    outputs = {}
    for kind in ("old", "new"):
        path = folder / f"{name}.{kind}.onnx"
        try:
            export(model, path, shape, kind == "new")
        except Exception as error:  # An exporter that fails is PyTorch's affair: the other one is compared.
            print(f"{path.name}: {type(error).__name__}: {str(error).splitlines()[0]}", flush=True)
            path.unlink(missing_ok=True)
            continue
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        (logits,) = session.run(None, {session.get_inputs()[0].name: x})[:1]
        outputs[kind] = [float(z) for z in logits[0]]
        print(f"{path.name}: {path.stat().st_size:,} bytes", flush=True)
    (folder / f"{name}.json").write_text(json.dumps({**numbers, "logits": outputs}) + "\n")


class Mixed(nn.Module):
    """Groups, uneven borders, ceil_mode, squeeze and excite, and functions of several kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, (3, 5), stride=2, padding=(1, 2))
        self.bn = nn.BatchNorm2d(8)
        self.grouped = nn.Conv2d(8, 12, 3, padding=1, groups=4)
        self.prelu = nn.PReLU(12)
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.deep = nn.Conv2d(12, 24, 3, padding=2, dilation=2, groups=12)
        self.norm = nn.GroupNorm(4, 24)
        self.down = nn.Conv2d(24, 16, 1)
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 4, 1), nn.SiLU(), nn.Conv2d(4, 16, 1), nn.Hardsigmoid()
        )
        self.average = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.last = nn.Conv2d(16, 10, 3)
        self.fc = nn.Linear(10 * 4 * 3, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.hardswish(self.bn(self.stem(nn.functional.pad(x, (0, 1, 0, 1)))))
        x = self.pool(self.prelu(self.grouped(x)))
        x = nn.functional.mish(self.norm(self.deep(x)))
        x = self.down(nn.functional.pixel_unshuffle(nn.functional.pixel_shuffle(x, 2), 2))
        x = x * self.squeeze(x)
        x = nn.functional.leaky_relu(self.last(self.average(x)), 0.1)
        return self.fc(torch.flatten(x, 1))


class Shuffled(nn.Module):
    """Channels that are split, shuffled and joined, as ShuffleNet does, and a picture that is resized."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.branch = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.BatchNorm2d(4), nn.ELU())
        self.up = nn.Upsample(scale_factor=2, mode="bilinear")
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.head = nn.Conv2d(8, 5, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.stem(x))
        for _ in range(2):
            a, b = x.chunk(2, dim=1)
            x = torch.cat([a, self.branch(b)], dim=1)
            n, c, h, w = x.shape
            x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        x = self.instance(self.up(x)) * 0.5 + x.mean((2, 3), keepdim=True)
        return self.head(torch.tanh(x)).amax((2, 3))


class Attentive(nn.Module):
    """Patches, a class token, and PyTorch's packaged attention, whose scores are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 8, stride=8)
        self.class_token = nn.Parameter(torch.zeros(1, 1, 16))
        self.pos_embedding = nn.Parameter(torch.zeros(1, 17, 16))
        self.norm1 = nn.LayerNorm(16)
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.norm2 = nn.LayerNorm(16)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.head = nn.Linear(16, 7)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embedding
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        x = x + self.mlp(self.norm2(x))
        return self.head(x[:, 0])


class WrittenOut(nn.Module):
    """Layer normalisation, GELU and QuickGELU in single operations, and means and deviations in front."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.conv = nn.Conv2d(3, 12, 4, stride=4)
        self.gamma = nn.Parameter(torch.ones(12))
        self.beta = nn.Parameter(torch.zeros(12))
        self.mid = nn.Conv2d(12, 12, 3, padding=1)
        self.fc = nn.Linear(12, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv((x - self.mean) / self.std)
        mean = x.mean(1, keepdim=True)
        spread = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt(spread + 1e-6)
        x = self.gamma[:, None, None] * x + self.beta[:, None, None]
        x = 0.5 * x * (1.0 + torch.erf(x / 2**0.5))
        x = self.mid(x)
        x = x * torch.sigmoid(1.702 * x)
        return self.fc(x.mean((-2, -1)))


class LocalNorm(torch.autograd.Function):
    """AlexNet's normalisation as the one operation that ONNX has of it; the new exporter writes it out."""

    @staticmethod
    def forward(ctx, x: torch.Tensor, size: int) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.size = size
        return nn.functional.local_response_norm(x, size, alpha=0.5, beta=0.75, k=2.0)

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            y = nn.functional.local_response_norm(x, ctx.size, alpha=0.5, beta=0.75, k=2.0)
        return torch.autograd.grad(y, x, gradient)[0], None

    @staticmethod
    def symbolic(g, x, size: int):
        return g.op("LRN", x, size_i=size, alpha_f=0.5, beta_f=0.75, bias_f=2.0)


class Rarer(nn.Module):
    """Transposed convolutions, local response normalisation, gaps in pooling, Einstein's sums, cubics."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1, dilation=2)
        self.up = nn.ConvTranspose2d(8, 12, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 0), groups=4)
        self.each = nn.ConvTranspose2d(12, 12, 3, stride=1, padding=2, dilation=2, groups=12, bias=False)
        self.wide = nn.ConvTranspose2d(12, 10, 1, stride=2, padding=1)
        self.last = nn.Conv2d(10, 8, 3, padding=1)
        self.query = nn.Parameter(torch.zeros(8, 2, 4))
        self.key = nn.Parameter(torch.zeros(8, 2, 4))
        self.head = nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = LocalNorm.apply(nn.functional.elu(self.stem(x), 0.3), 5)
        x = nn.functional.celu(self.each(self.up(self.pool(x))), 0.5)
        x = nn.functional.interpolate(self.wide(x), size=(11, 13), mode="bicubic")
        x = self.last(nn.functional.interpolate(x, size=(7, 9), mode="bicubic", align_corners=True))
        x = x.flatten(2).transpose(1, 2)
        q = torch.einsum("btc,chd->bthd", x, self.query)
        k = torch.einsum("btc,chd->bhtd", x, self.key)
        scores = torch.einsum("bthd,bhsd->bhts", q, k).softmax(-1)
        x = x + torch.einsum("bhts,bhsd->bthd", scores, k).flatten(2)
        return self.head(x.mean(1))


def small_timm(name: str, **options: object) -> nn.Module:
    import timm

    return timm.create_model(name, pretrained=False, **options)


def tiny_vit() -> nn.Module:
    return small_timm(
        "vit_tiny_patch16_224", img_size=32, patch_size=8, embed_dim=24, depth=2, num_heads=3, num_classes=6
    )


def tiny_mixer() -> nn.Module:
    from timm.models.mlp_mixer import MlpMixer

    return MlpMixer(img_size=32, patch_size=8, embed_dim=16, num_blocks=2, num_classes=6)


def tiny_convnext() -> nn.Module:
    return small_timm("convnext_atto", depths=(1, 1, 1, 1), dims=(8, 8, 16, 16), num_classes=6)


#: For each small network how it is made, the module that Grad-CAM looks at, and its input.
SMALL = {
    "mixed": (Mixed, "down", (39, 31, 3)),
    "shuffled": (Shuffled, "instance", (24, 32, 3)),
    "attentive": (Attentive, "mlp", (32, 32, 3)),
    "written_out": (WrittenOut, "mid", (32, 32, 3)),
    "rarer": (Rarer, "last", (20, 18, 3)),
    "vit": (tiny_vit, "blocks.1.norm1", (32, 32, 3)),
    "mixer": (tiny_mixer, "blocks.1.norm1", (32, 32, 3)),
    "convnext": (tiny_convnext, "stages.1.blocks.0.conv_dw", (32, 32, 3)),
}


def torchvision_model(name: str) -> nn.Module:
    import torchvision

    return getattr(torchvision.models, name)(weights=None)


#: torchvision's architectures and timm's, and the module that Grad-CAM looks at.
FULL = {
    "resnet18": "layer4",
    "resnet50": "layer4",
    "mobilenet_v2": "features.18",
    "mobilenet_v3_small": "features.12",
    "mobilenet_v3_large": "features.16",
    "efficientnet_b0": "features.8",
    "densenet121": "features.norm5",
    "convnext_tiny": "features.7.2.block.0",
    "resnext50_32x4d": "layer4",
    "squeezenet1_1": "features.12",
    "vgg16": "features.29",
    "shufflenet_v2_x1_0": "conv5",
    "regnet_y_400mf": "trunk_output",
    "vit_b_16": "encoder.layers.encoder_layer_11.ln_1",
    "swin_t": "features.7.1.norm1",
    "timm:vit_tiny_patch16_224": "blocks.11.norm1",
    "timm:deit_tiny_patch16_224": "blocks.11.norm1",
    "timm:mixer_s16_224": "blocks.7.norm1",
    "timm:convnext_atto": "stages.3.blocks.1.conv_dw",
    "timm:convnextv2_atto": "stages.3.blocks.1.conv_dw",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", type=Path, metavar="DIR")
    parser.add_argument("--only", nargs="+", metavar="NAME")
    options = parser.parse_args()
    names = options.only or list(FULL if options.full else SMALL)
    for name in names:
        torch.manual_seed(3)
        if options.full:
            make = small_timm if name.startswith("timm:") else torchvision_model
            model = randomise(make(name.removeprefix("timm:")), 7)
            write(name.replace("timm:", "timm_"), model, FULL[name], (224, 224, 3), options.full)
        else:
            make, layer, shape = SMALL[name]
            write(name, randomise(make(), 7), layer, shape, FIXTURES)


if __name__ == "__main__":
    main()
