"""Small Keras 3 networks with seeded weights, and what PyTorch's autograd says of them.

Writes each network as NAME.keras and NAME.h5 into keras/, and keras/expected.json with the logits, Grad-CAM and the
gradient at the input of each. `--full FOLDER` writes the networks of keras.applications at full size there instead,
which is for trying by hand: nothing of it is committed.

    KERAS_BACKEND=torch python keras_models.py
"""
import argparse
import json
import os
import re
import zipfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
import torch
from keras import layers, ops

HERE = Path(__file__).parent / "keras"
SEED = 7

# Keras stores what it zips; other programs deflate it when they zip a model again.
PACKED = ("convolutional", "normalised", "tokens")


def chain(start, *parts):
    for part in parts:
        start = part(start)
    return start


def convolutional():
    """Convolutions of each kind, one ReLU for all of them."""
    relu = layers.ReLU(name="shared")
    start = keras.Input((17, 15, 3))
    x = layers.Rescaling(1 / 2, offset=-0.25)(start)
    x = chain(x, layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False), layers.BatchNormalization(), relu)
    y = chain(x, layers.DepthwiseConv2D(3, padding="same", use_bias=False), layers.BatchNormalization(scale=False), relu)
    z = layers.SeparableConv2D(6, 3, padding="same", activation="hard_swish")(x)
    x = layers.Concatenate()([layers.Add()([x, y]), z])
    x = layers.Conv2D(8, 3, dilation_rate=2, padding="same", activation="relu", name="features")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = layers.Multiply()([x, layers.Conv2D(8, 1, activation="hard_sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))])
    x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(x))
    x = layers.Dense(7, activation="leaky_relu")(x)
    return start, "features", layers.Dense(5, name="logits")(x), "softmax"


def nested():
    """Models in models, layers of one name in them, and one model called twice."""
    def block(name):
        inner = keras.Input((None, None, 4))
        x = layers.Conv2D(4, 3, padding="same", name="conv")(inner)
        x = layers.PReLU(shared_axes=[1, 2], name=f"{name}_slopes")(layers.BatchNormalization(name="norm")(x))
        return keras.Model(inner, x, name=name)

    start = keras.Input((12, 12, 3))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(start)
    left, right = block("left"), block("right")
    x = left(x)
    x = layers.Add()([right(x), left(x)])
    head = keras.Sequential([
        layers.Conv2D(5, 3, activation="elu", name="features"),
        layers.GlobalMaxPooling2D(),
        keras.Sequential([layers.Dense(6, activation="gelu"), layers.Dense(6, activation="silu")], name="inner"),
    ], name="head")
    return start, None, layers.Dense(4, name="logits")(head(x)), "softmax"


def operations():
    """preprocess_input written into the model, and arithmetic between layers."""
    start = keras.Input((14, 14, 3))
    x = ops.flip(start, axis=-1)
    x = ops.stack([x[..., i] for i in (2, 1, 0)], axis=-1)
    x = x - np.array([0.1, -0.2, 0.3], "float32")
    x = (x / 0.5 + 1.0) * 2.0 - 1.0
    x = layers.Conv2D(6, 3, strides=2, padding="same")(x)
    x = x * (ops.relu6(x + 3) / 6)
    y = layers.Conv2D(6, 3, padding="same", name="features")(x)
    x = ops.sigmoid(y) * y + x
    x = ops.mean(x, axis=[1, 2])
    return start, "features", layers.Dense(3, name="logits")(x), "softmax"


def grey():
    """One channel, sides that differ, one unit."""
    start = keras.Input((20, 12, 1))
    x = layers.ZeroPadding2D(((0, 1), (2, 0)))(start)
    x = layers.Conv2D(6, 3, strides=2, activation="relu")(x)
    x = layers.Conv2D(6, 3, activation="relu", name="features")(layers.UpSampling2D(interpolation="bilinear")(x))
    x = layers.Flatten()(layers.AveragePooling2D(3)(x))
    return start, "features", layers.Dense(1, name="logits")(x), "sigmoid"


def tokens():
    """A transformer of one block: patches, attention, layer normalisation."""
    start = keras.Input((16, 16, 3))
    x = layers.Conv2D(12, 4, strides=4, name="patches")(start)
    x = layers.Reshape((16, 12))(x)
    x = x + np.random.default_rng(3).normal(0, 0.3, (1, 16, 12)).astype("float32")
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Add()([x, layers.MultiHeadAttention(3, 4)(y, y)])
    y = layers.LayerNormalization(scale=False)(x)
    x = x + layers.Dense(12)(layers.Dense(24, activation="gelu")(y))
    x = x + layers.MultiHeadAttention(2, 5, value_dim=3, use_bias=False)(query=x, value=y, key=x)
    x = layers.GlobalAveragePooling1D()(layers.Permute((2, 1))(layers.Permute((2, 1))(x)))
    return start, None, layers.Dense(5, name="logits")(x), "softmax"


def normalised():
    """Grouped convolution, group normalisation, resizing and cropping, activations with settings."""
    start = keras.Input((18, 18, 3))
    x = layers.CenterCrop(15, 16)(layers.Resizing(17, 19)(start))
    x = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[0.5, 1.0, 2.0])(x)
    x = layers.Conv2D(8, 3, strides=2, padding="same")(x)
    x = layers.GroupNormalization(4)(x)
    x = layers.GroupNormalization(-1)(layers.Conv2D(8, 3, groups=4, padding="same", activation="selu")(x))
    x = layers.Conv2D(8, 3, groups=2, padding="same", name="features")(x)
    y = layers.LeakyReLU(negative_slope=0.1)(layers.Subtract()([x, layers.ReLU(max_value=6.0)(x)]))
    x = layers.Average()([layers.Activation("mish")(y), layers.Activation("tanh")(x), ops.clip(x, -1.0, 0.5)])
    x = ops.maximum(ops.leaky_relu(x, 0.3), -0.2) ** 2 + ops.gelu(x) - ops.squeeze(ops.expand_dims(x, 1), 1)
    x = ops.concatenate([layers.GlobalAveragePooling2D()(x), ops.max(x, axis=(1, 2))], axis=-1)
    return start, "features", layers.Dense(4, name="logits")(1.0 - x / 2.0), "softmax"


def transposed():
    """Transposed convolutions, Einstein's sums, layers for each step in time, ELU with settings."""
    start = keras.Input((9, 8, 3))
    x = layers.Conv2DTranspose(6, 3, strides=2, padding="same", activation="relu")(start)
    x = layers.Conv2DTranspose(5, (4, 2), strides=(1, 2), padding="valid", use_bias=False)(x)
    x = layers.ELU(alpha=0.4)(layers.Conv2D(6, 3, strides=3)(x))
    x = layers.Conv2DTranspose(6, 3, strides=2, padding="same", output_padding=1)(x)
    x = layers.Conv2DTranspose(6, 2, strides=3, padding="same")(layers.MaxPooling2D(3)(x))
    x = layers.Conv2D(8, 3, name="features")(layers.Resizing(9, 9, crop_to_aspect_ratio=True)(x))
    x = layers.TimeDistributed(layers.Conv2D(8, 1, activation="elu"))(layers.Reshape((7, 1, 7, 8))(x))
    x = layers.TimeDistributed(layers.Dense(8))(layers.Reshape((49, 8))(x))
    y = layers.EinsumDense("abc,cde->abde", output_shape=(None, 2, 4), bias_axes="de")(x)
    z = layers.EinsumDense("...x,xy->...y", output_shape=(8,), bias_axes="y", activation="relu")(x)
    z = layers.Reshape((49, 2, 4))(z)
    y = ops.einsum("acbe,aecd->abcd", ops.softmax(ops.einsum("aecd,abcd->acbe", z, y) / 2), z)
    x = x + layers.EinsumDense("abde,dec->abc", output_shape=(None, 8))(y)
    return start, "features", layers.Dense(4, name="logits")(layers.GlobalAveragePooling1D()(x)), "softmax"


CASES = {"convolutional": convolutional, "nested": nested, "operations": operations, "grey": grey, "tokens": tokens, "normalised": normalised, "transposed": transposed}


def randomise(model, spread=1.0):
    """Gives every weight a value of its own, variances positive ones."""
    rng = np.random.default_rng(SEED)
    for variable in model.weights:
        shape = tuple(variable.shape)
        if "seed" in variable.path or not np.issubdtype(np.dtype(variable.dtype), np.floating):
            continue
        name = variable.path.split("/")[-1]
        if name.endswith("variance"):
            value = rng.uniform(0.5, 1.5, shape)
        elif name == "gamma":
            value = rng.uniform(0.7, 1.3, shape)
        elif len(shape) < 2 or name in ("beta", "bias", "moving_mean"):
            value = rng.normal(0, 0.1, shape)
        else:
            fan = np.prod(shape[:-1]) if "depthwise" not in variable.path else shape[0] * shape[1]
            value = rng.normal(0, spread * np.sqrt(2 / fan), shape)
        variable.assign(value.astype("float32"))


def picture(shape):
    """A fixed input: number i is ((7919 i + 13) mod 251) / 125 - 1."""
    at = np.arange(np.prod(shape), dtype=np.int64)
    return (((7919 * at + 13) % 251) / 125 - 1).astype("float32").reshape(1, *shape)


def explain(start, features, logits, size=None):
    """Logits, Grad-CAM of `features` without its ReLU and the input's gradient, of the class with the largest logit."""
    outputs = [logits] if features is None else [features, logits]
    model = keras.Model(start, outputs)
    x = torch.tensor(picture(size or tuple(start.shape[1:])), requires_grad=True)
    result = model(x, training=False)
    result = result if isinstance(result, (list, tuple)) else [result]
    numbers = result[-1].reshape(-1)
    top = int(torch.argmax(numbers))
    wanted = [x] if features is None else [x, result[0]]
    grads = torch.autograd.grad(numbers[top], wanted)
    document = {"logits": rounded(numbers), "class": top, "gradient": rounded(grads[0])}
    if features is not None:
        weights = grads[1].mean(dim=(1, 2), keepdim=True)
        document["cam"] = rounded((weights * result[0]).sum(-1))
    return document


def rounded(values):
    return [float(f"{value:.7g}") for value in values.detach().cpu().reshape(-1).tolist()]


def repack(path, method):
    """Writes an archive of the same files without the time and the addresses in it, so that two runs are alike."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["metadata.json"] = re.sub(rb'(?<="date_saved": ")[^"]*', b"", files["metadata.json"])
    files["config.json"] = re.sub(rb'"shared_object_id": \d+', b'"shared_object_id": 1', files["config.json"])
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)


def write(name, build, folder):
    keras.utils.clear_session()
    keras.utils.set_random_seed(SEED)
    start, features, logits, activation = build()
    model = keras.Model(start, layers.Activation(activation, name="probabilities")(logits), name=name)
    randomise(model)
    model.save(folder / f"{name}.keras")
    repack(folder / f"{name}.keras", zipfile.ZIP_DEFLATED if name in PACKED else zipfile.ZIP_STORED)
    model.save(folder / f"{name}.h5")
    tensor = None if features is None else model.get_layer(features).output
    return {"shape": list(start.shape[1:]), "layer": features, **explain(start, tensor, logits)}


def hostile(folder):
    """HDF5 files that no Keras writes: links in circles and out of the file, more numbers than bytes."""
    def changed(name, change):
        path = folder / f"hostile-{name}.h5"
        path.write_bytes((folder / "grey.h5").read_bytes())
        with h5py.File(path, "r+") as file:
            weights = file["model_weights"]
            change(weights, weights["conv2d/conv2d"])

    def soft(weights, layer):
        del layer["kernel"], layer["bias"]
        layer["kernel"] = h5py.SoftLink("/model_weights/conv2d/conv2d/bias")
        layer["bias"] = h5py.SoftLink("/model_weights/conv2d/conv2d/kernel")

    def hard(weights, layer):
        del layer["kernel"]
        layer["kernel"] = weights
        weights["loop"] = weights

    def external(weights, layer):
        del layer["kernel"]
        layer["kernel"] = h5py.ExternalLink("/etc/hostname", "/")

    def huge(weights, layer):
        del layer["kernel"]
        layer.create_dataset("kernel", (2**16, 2**15), "float32", chunks=(64, 64), compression="gzip")

    with h5py.File(folder / "weights-only.h5", "w") as file:
        file.attrs["layer_names"] = np.array([b"conv"])
        file.create_group("conv").attrs["weight_names"] = np.array([b"conv/kernel:0"])
    for change in (soft, hard, external, huge):
        changed(change.__name__, change)


def full(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    applications = {
        "VGG16": (224, "block5_conv3"), "ResNet50": (224, "conv5_block3_out"),
        "ResNet50V2": (224, "post_relu"), "Xception": (299, "block14_sepconv2_act"),
        "MobileNet": (224, "conv_pw_13_relu"), "MobileNetV2": (224, "out_relu"),
        "MobileNetV3Small": (224, "conv_1_bn"), "MobileNetV3Large": (224, "conv_1_bn"),
        "EfficientNetB0": (224, "top_activation"), "EfficientNetV2B0": (224, "top_activation"),
        "DenseNet121": (224, "relu"), "InceptionV3": (299, "mixed10"), "NASNetMobile": (224, None),
        "InceptionResNetV2": (299, "conv_7b_ac"), "ConvNeXtTiny": (224, "convnext_tiny_stage_3_block_2_depthwise_conv"),
    }
    for name, (side, layer) in applications.items():
        if names and name not in names:
            continue
        keras.utils.clear_session()
        model = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3), classifier_activation=None)
        randomise(model)
        # Numbers that stay of one size through all layers, as those of a trained network do.
        tensor = None if layer is None else model.get_layer(layer).output
        document = {"shape": [side, side, 3], "layer": layer, **explain(model.inputs[0], tensor, model.outputs[0])}
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
        (folder / f"{name}.json").write_text(json.dumps(document))
        print(name, document["logits"][:3], flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    if args.full is not None:
        full(args.full, args.only)
    else:
        HERE.mkdir(exist_ok=True)
        expected = {name: write(name, build, HERE) for name, build in CASES.items()}
        hostile(HERE)
        (HERE / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
