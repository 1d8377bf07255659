/** Operations on values of any rank, one each, for the tests of the forward and of the backward pass. */
import type { ModelWriter } from "./model_writer.ts";

type Write = (w: ModelWriter) => void;

/** Written behind an input `[height, width, channels]`; settings and weights follow the writer's seed. */
export const ANY_RANK_LAYERS: Readonly<Record<string, Write>> = {
  "a dense layer at every position": (w) =>
    w.dense([sidesOf(w)[2], w.integer(1, 9)], { activation: w.pick(["linear", "relu"]) }),
  "layer norm": (w) => norm(w, "layer-norm", { epsilon: w.pick([1e-6, 1e-3, 0.5]) }, sidesOf(w)[2]),
  "layer norm of tokens": (w) => {
    const [height, width, channels] = sidesOf(w);
    w.operation("reshape", { shape: [height * width, channels] }, {});
    norm(w, "layer-norm", { epsilon: 1e-5 }, channels);
  },
  "group norm": (w) => {
    w.conv([1, 1, sidesOf(w)[2], 6]);
    norm(w, "group-norm", { groups: w.pick([1, 2, 3]), epsilon: w.pick([1e-5, 0.5]) }, 6);
  },
  "instance norm": (w) => norm(w, "group-norm", { groups: sidesOf(w)[2], epsilon: 1e-5 }, sidesOf(w)[2]),
  "local response norm": (w) => {
    w.conv([1, 1, sidesOf(w)[2], 7]);
    w.operation("local-norm", { size: w.integer(1, 8), alpha: w.pick([1e-4, 0.9]), beta: 0.75, bias: 2 }, {});
  },
  "attention": (w) => {
    const channels = 4;
    w.conv([1, 1, sidesOf(w)[2], channels]);
    const [height, width] = sidesOf(w);
    w.operation("reshape", { shape: [height * width, 2, channels / 2] }, {});
    const tokens = w.operation("transpose", { order: [1, 0, 2] }, {});
    w.operation("matmul", { transposeA: false, transposeB: true }, {}, [tokens, tokens]);
    const shares = w.operation("softmax", { axis: w.pick([-1, 3]) }, {});
    w.operation("matmul", { transposeA: false, transposeB: false }, {}, [shares, tokens]);
  },
  "a product of matrices turned over": (w) => {
    const [height, width, channels] = sidesOf(w);
    const [transposeA, transposeB] = [w.pick([true, false]), w.pick([true, false])];
    const from = w.last;
    const inner = transposeA ? width : channels;
    const right = constant(w, transposeB ? [height, 3, inner] : [height, inner, 3]);
    w.operation("matmul", { transposeA, transposeB }, {}, [from, right]);
  },
  "a product of one matrix with many": (w) => {
    const [, width, channels] = sidesOf(w);
    const from = w.last;
    const one = w.operation("reduce", { sides: [0], function: "sum", keepDims: true }, {}, [from]);
    const turned = w.operation("transpose", { order: [0, 2, 1] }, {}, [one]);
    const product = w.operation("matmul", { transposeA: false, transposeB: false }, {}, [from, turned]);
    w.operation("matmul", { transposeA: true, transposeB: w.pick([true]) }, {}, [
      w.operation("slice", { starts: [0, 0, 0], sizes: [1, width, channels] }, {}, [from]),
      product,
    ]);
  },
  "a transposition": (w) =>
    w.operation("transpose", { order: w.pick([[2, 0, 1], [1, 0, 2], [2, 1, 0], [0, 1, 2]]) }, {}),
  "a slice": (w) => {
    const ranges = sidesOf(w).map((side) => {
      const start = w.integer(0, side - 1);
      return { start, size: w.integer(1, side - start) };
    });
    w.operation(
      "slice",
      { starts: ranges.map(({ start }) => start), sizes: ranges.map(({ size }) => size) },
      {},
    );
  },
  "a gathering, some of it twice": (w) => {
    const side = w.integer(0, 2);
    const last = (sidesOf(w)[side] ?? 1) - 1;
    w.operation("gather", { side, indices: [last, 0, last, w.integer(0, last)] }, {});
  },
  "a mean over some sides": (w) => reduce(w, "mean"),
  "a sum over some sides": (w) => reduce(w, "sum"),
  "a maximum over some sides": (w) => reduce(w, "max"),
  "a softmax over rows of a matrix": (w) => {
    const [height, width, channels] = sidesOf(w);
    w.operation("reshape", { shape: [height, width * channels] }, {});
    w.operation("softmax", { axis: 2 }, {});
  },
  "tokens with a class token and positions": (w) => {
    const [height, width, channels] = sidesOf(w);
    const patches = w.operation("reshape", { shape: [height * width, channels] }, {});
    const tokens = w.operation("concat", { axis: 1 }, {}, [constant(w, [1, channels]), patches]);
    w.operation("add", {}, {}, [tokens, constant(w, [height * width + 1, channels])]);
    w.operation("gather", { side: 0, indices: [0] }, {});
  },
  "values joined along rows": (w) => {
    const from = w.last;
    const rows = w.operation("slice", { starts: [1, 0, 0], sizes: [2, ...sidesOf(w).slice(1)] }, {});
    w.operation("concat", { axis: 1 }, {}, [from, rows, from]);
  },
  "values joined along columns": (w) => w.operation("concat", { axis: 2 }, {}, [w.last, w.last]),
  "a difference that stretches": (w) => {
    const from = w.last;
    const mean = w.operation("reduce", { sides: [0, 1], function: "mean", keepDims: true }, {});
    w.operation("subtract", {}, {}, w.pick([[from, mean], [mean, from], [from, from]]));
  },
  "a quotient that stretches": (w) => {
    const from = w.last;
    w.add("Activation", { activation: "sigmoid" });
    const over = w.add("Rescaling", { scale: 1, offset: 0.5 });
    const mean = w.operation("reduce", { sides: [w.integer(0, 1)], function: "mean", keepDims: true }, {});
    w.operation("divide", {}, {}, w.pick([[from, mean], [mean, over], [from, over]]));
  },
};

function norm<K extends "layer-norm" | "group-norm">(
  w: ModelWriter,
  kind: K,
  attrs: Parameters<typeof w.operation<K>>[1],
  channels: number,
): void {
  const [scale, shift] = ["scale", "shift"].map((part) => w.weight(`${kind}/${part}`, [channels]));
  if (scale !== undefined && shift !== undefined) w.operation(kind, attrs, { scale, shift });
}

function reduce(w: ModelWriter, name: "mean" | "sum" | "max"): void {
  const sides = w.pick([[0], [1], [2], [0, 1], [1, 2], [2, 0], [0, 1, 2]]);
  w.operation("reduce", { sides, function: name, keepDims: w.pick([true, false]) }, {});
}

function constant(w: ModelWriter, shape: readonly number[]): string {
  return w.operation("constant", {}, { value: w.weight(`constant${w.layers.length}`, shape) }, []);
}

/** Height, width and channels of the input, or the channels of a convolution that followed it. */
function sidesOf(w: ModelWriter): readonly [number, number, number] {
  const [, height = 1, width = 1, channels = 1] = w.layers[0]?.config["batch_input_shape"] as number[];
  return [height, width, channels];
}
