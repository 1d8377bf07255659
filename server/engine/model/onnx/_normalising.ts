/** Normalisations, softmax and reductions: what looks along some sides. */
import { inUnits, reordered, suffixed } from "./_arrange.ts";
import { dynamic, float, type Importer, int, known, knownOrNull, listed, refuse, vector } from "./_call.ts";
import type { OnnxCall } from "./_call.ts";
import { PICTURE, picture, pictureOf } from "./_pictures.ts";
import { axisOf, type Dynamic, product, stored } from "./_value.ts";

export const batchNormalization: Importer = (call) => {
  if (int(call, "training_mode", 0) === 1) {
    refuse("must be exported for inference, got training mode: call model.eval()");
  }
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((at) => vector(known(call, at, "statistics"))) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const epsilon = float(call, "epsilon", 1e-5);
  const scale = gamma.map((value, i) => value / Math.sqrt((variance[i] as number) + epsilon));
  const shift = beta.map((value, i) => value - (mean[i] as number) * (scale[i] as number));
  const { value, name, shape, arrange } = suffixed(call.build, dynamic(call, 0), [1]);
  const channels = shape.at(-1) as number;
  if (scale.length !== channels) refuse(`must have ${channels} factors, got ${scale.length}`);
  const node = call.build.add("affine", [name], { axis: -1 }, {
    scale: { shape: [channels], values: arrange(scale) },
    shift: { shape: [channels], values: arrange(shift) },
  });
  return [{ ...value, source: { kind: "node", name: node, shape } }];
};

export const layerNormalization: Importer = (call) => {
  const x = dynamic(call, 0);
  const first = axisOf(x, int(call, "axis", -1));
  const axes = x.dims.map((_, axis) => axis).slice(first);
  const { value, name, shape, arrange } = suffixed(call.build, x, axes);
  const channels = shape.at(-1) as number;
  const numbers = (at: number, otherwise: number) => {
    const written = knownOrNull(call, at, "factors");
    if (written === null) return new Float32Array(channels).fill(otherwise);
    const values = vector(written);
    if (values.length === 1) return new Float32Array(channels).fill(values[0] as number);
    if (values.length !== channels) refuse(`must have ${channels} factors, got ${values.length}`);
    return arrange(values);
  };
  const node = call.build.add("layer-norm", [name], { epsilon: float(call, "epsilon", 1e-5) }, {
    scale: { shape: [channels], values: numbers(1, 1) },
    shift: { shape: [channels], values: numbers(2, 0) },
  });
  return [{ ...value, source: { kind: "node", name: node, shape } }];
};

/**
 * Each of side 1's parts by itself. What the old exporter writes of a group normalisation is one too: the channels are
 * split into groups before it and joined behind it, and lie in the storage as channels still.
 */
export const instanceNormalization: Importer = (call) => {
  const x = dynamic(call, 0);
  const [scale, shift] = [vector(known(call, 1, "factors")), vector(known(call, 2, "summands"))];
  const parts = x.dims[1] as number;
  if (scale.length !== parts || shift.length !== parts) {
    refuse(`must have ${parts} factors, got ${scale.length}`);
  }
  const own = x.axes[1] as readonly number[];
  if (own.length === 0) return [groupNorm(call, x, x.atoms.length - 1, scale, shift)];
  const from = Math.min(...own);
  const together = own.every((atom, i) => atom === from + i) && own.length > 0;
  // Channels of a group that lie behind its number in the storage belong to it.
  const value = together && product(x.atoms.slice(from)) < product(x.atoms) ? x : reordered(call.build, x, [
    ...x.atoms.map((_, atom) => atom).filter((atom) => !own.includes(atom)),
    ...own,
  ]);
  return [groupNorm(call, value, Math.min(...(value.axes[1] as readonly number[])), scale, shift)];
};

/** @param start first atom of the channels, which are the last ones in the storage */
function groupNorm(
  call: OnnxCall,
  value: Dynamic,
  start: number,
  scale: Float32Array,
  shift: Float32Array,
): Dynamic {
  const groups = scale.length;
  const channels = product(value.atoms.slice(start));
  const inner = channels / groups;
  const isChannel = (atom: number) => atom >= start ? "channel" : "position";
  const { name, shape } = inUnits(call.build, value, isChannel, "channel");
  const repeated = (values: Float32Array) => ({
    shape: [channels],
    values: Float32Array.from({ length: channels }, (_, i) => values[Math.floor(i / inner)] as number),
  });
  const epsilon = float(call, "epsilon", 1e-5);
  const node = call.build.add("group-norm", [name], { groups, epsilon }, {
    scale: repeated(scale),
    shift: repeated(shift),
  });
  return { ...value, source: { kind: "node", name: node, shape } };
}

export const groupNormalization: Importer = (call) => {
  const x = dynamic(call, 0);
  const groups = int(call, "num_groups", 1);
  const { value, name, shape, arrange } = suffixed(call.build, x, [1]);
  const channels = shape.at(-1) as number;
  const each = (at: number) => {
    const values = vector(known(call, at, "factors"));
    const inner = channels / values.length;
    return arrange(
      Float32Array.from({ length: channels }, (_, i) => values[Math.floor(i / inner)] as number),
    );
  };
  const node = call.build.add("group-norm", [name], { groups, epsilon: float(call, "epsilon", 1e-5) }, {
    scale: { shape: [channels], values: each(1) },
    shift: { shape: [channels], values: each(2) },
  });
  return [{ ...value, source: { kind: "node", name: node, shape } }];
};

export const softmax: Importer = (call) => [softmaxOf(call)];

/** The logarithm behind it is a step of its own, so that the logits below are found. */
export const logSoftmax: Importer = (call) => {
  const value = softmaxOf(call, "probabilities");
  const node = call.build.add("activation", [value.source.name], { function: "log" }, {});
  return [{ ...value, source: { ...value.source, name: node } }];
};

function softmaxOf(call: OnnxCall, step?: string): Dynamic {
  const x = dynamic(call, 0);
  const first = axisOf(x, int(call, "axis", call.opset < 13 ? 1 : -1));
  const axes = call.opset < 13 ? x.dims.map((_, axis) => axis).slice(first) : [first];
  const { value, name, shape } = suffixed(call.build, x, axes);
  const node = step === undefined
    ? call.build.add("softmax", [name], { axis: -1 }, {})
    : call.build.step(step, "softmax", [name], { axis: -1 }, {});
  return { ...value, source: { kind: "node", name: node, shape } };
}

type Reduction = "mean" | "sum" | "max";

export function reducing(reduction: Reduction): Importer {
  return (call) => {
    const x = dynamic(call, 0);
    const axes = listed(call, "axes", 1) ?? (int(call, "noop_with_empty_axes", 0) === 1 ? null : all(x));
    if (axes === null) return [x];
    const chosen = (axes.length === 0 ? all(x) : axes).map((axis) => axisOf(x, axis));
    return [reduced(call, x, new Set(chosen), reduction, int(call, "keepdims", 1) === 1)];
  };
}

function all({ dims }: { readonly dims: readonly number[] }): readonly number[] {
  return dims.map((_, axis) => axis);
}

/** √Σx²: what ConvNeXt's second version divides by. */
export const reduceL2: Importer = (call) => {
  const x = dynamic(call, 0);
  const axes = (listed(call, "axes", 1) ?? all(x)).map((axis) => axisOf(x, axis));
  const squares = call.build.step("squares", "activation", [x.source.name], { function: "square" }, {});
  const squared = { ...x, source: { ...x.source, name: squares } };
  const sum = reduced(call, squared, new Set(axes), "sum", int(call, "keepdims", 1) === 1, "sum");
  const node = call.build.add("activation", [sum.source.name], { function: "sqrt" }, {});
  return [{ ...sum, source: { ...sum.source, name: node } }];
};

function reduced(
  call: OnnxCall,
  x: Dynamic,
  axes: ReadonlySet<number>,
  reduction: Reduction,
  keepDims: boolean,
  step?: string,
): Dynamic {
  const gone = new Set([...axes].flatMap((axis) => x.axes[axis] as readonly number[]));
  const kept = x.atoms.map((_, atom) => atom).filter((atom) => !gone.has(atom));
  const dims = x.dims.flatMap((side, axis) => !axes.has(axis) ? [side] : keepDims ? [1] : []);
  const places = x.axes.flatMap((atoms, axis) => !axes.has(axis) ? [atoms] : keepDims ? [[]] : []);
  const layout = {
    dims,
    atoms: kept.map((atom) => x.atoms[atom] as number),
    axes: places.map((atoms) => atoms.map((atom) => kept.indexOf(atom))),
  };
  if (gone.size === 0) return { ...x, dims, axes: layout.axes };
  const pooled = globalPool(call, x, axes, reduction);
  if (pooled !== null && step === undefined) return stored(pooled, dims, [axes.has(0) && !keepDims ? 0 : 1]);
  const { name, shape, classes } = inUnits(call.build, x, (atom) => gone.has(atom) ? "gone" : "kept");
  const sides = shape.flatMap((_, side) => classes[side] === "gone" ? [side] : []);
  const left = shape.filter((_, side) => classes[side] !== "gone");
  const over = sides.join() === "0,1" && shape.length === 3 && step === undefined ? poolOf(reduction) : null;
  if (over !== null) {
    const pooled = call.build.add(over, [name], { keepDims: false }, {});
    return { ...layout, source: { kind: "node", name: pooled, shape: left } };
  }
  const attrs = { sides, function: reduction, keepDims: left.length === 0 } as const;
  const node = step === undefined
    ? call.build.add("reduce", [name], attrs, {})
    : call.build.step(step, "reduce", [name], attrs, {});
  return {
    ...layout,
    source: { kind: "node", name: node, shape: left.length === 0 ? shape.map(() => 1) : left },
  };
}

/** Means and maxima over rows and columns have operations of their own, which the engine knows more of. */
function globalPool(call: OnnxCall, x: Dynamic, axes: ReadonlySet<number>, reduction: Reduction) {
  const kind = poolOf(reduction);
  if (kind === null || x.dims.length !== 4 || x.dims[0] !== 1) return null;
  if (!axes.has(2) || !axes.has(3) || axes.has(1)) return null;
  const name = call.build.add(kind, [call.build.node(x, PICTURE)], { keepDims: false }, {});
  return { kind: "node", name, shape: [x.dims[1] as number] } as const;
}

function poolOf(reduction: Reduction) {
  switch (reduction) {
    case "mean":
      return "global-average-pool";
    case "max":
      return "global-max-pool";
    case "sum":
      return null;
    default:
      return reduction satisfies never;
  }
}

/** Each number by those of the channels around it (AlexNet, GoogLeNet). */
export const localNormalization: Importer = (call) => {
  const x = picture(call, 0);
  const size = int(call, "size", 0);
  if (!Number.isInteger(size) || size < 1) refuse(`must have a size of 1 or more, got ${size}`);
  const attrs = {
    size,
    alpha: float(call, "alpha", 1e-4),
    beta: float(call, "beta", 0.75),
    bias: float(call, "bias", 1),
  };
  const name = call.build.add("local-norm", [call.build.node(x, PICTURE)], attrs, {});
  const [, channels = 1, height = 1, width = 1] = x.dims;
  return [pictureOf(name, [height, width], channels)];
};
