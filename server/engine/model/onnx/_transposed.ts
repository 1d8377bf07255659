/** Transposed convolution: the input spread by the strides, then a convolution with the kernel turned. */
import type { Pair } from "../../graph/graph.ts";
import { turned } from "../../graph/turned.ts";
import { weightOf } from "./_builder.ts";
import {
  type Importer,
  int,
  ints,
  known,
  knownOrNull,
  type OnnxCall,
  refuse,
  vector,
  word,
} from "./_call.ts";
import { PICTURE, picture, pictureOf } from "./_pictures.ts";
import { pair } from "./_sliding.ts";
import { type Constant, reshaped } from "./_value.ts";

export const convTranspose: Importer = (call) => {
  const x = picture(call, 0);
  const weights = known(call, 1, "weights");
  const bias = knownOrNull(call, 2, "a bias");
  const [channels = 1, each = 1, ...sides] = weights.dims;
  const groups = int(call, "group", 1);
  if (sides.length !== 2 || channels !== x.dims[1] || channels % groups !== 0) {
    refuse(`must have ${x.dims[1]} input channels in ${groups} groups, got weights of [${weights.dims}]`);
  }
  const size = sides as [number, number];
  const strides = pair(ints(call, "strides"), "strides");
  const dilations = pair(ints(call, "dilations"), "dilations");
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    along(call, axis, {
      input: x.dims[2 + axis] as number,
      stride: strides[axis],
      reach: (size[axis] - 1) * dilations[axis],
    })
  ) as [Along, Along];
  const { build } = call;
  let at = build.node(x, PICTURE);
  if (strides.some((stride) => stride !== 1)) at = build.step("spread", "spread", [at], { strides }, {});
  const cut = { rows: atMost(rows.zeros), columns: atMost(columns.zeros) };
  if ([...cut.rows, ...cut.columns].some((cells) => cells < 0)) at = build.step("cut", "pad", [at], cut, {});
  const attrs = {
    strides: [1, 1],
    dilations,
    padding: { rows: atLeast(rows.zeros), columns: atLeast(columns.zeros) },
    activation: "linear",
  } as const;
  const outputs = each * groups;
  const biases = {
    shape: [outputs],
    values: bias === null ? new Float32Array(outputs) : vector(bias),
  };
  const depthwise = groups > 1 && groups === channels;
  const kernel = turned(kernelOf(weights, groups, depthwise));
  const name = depthwise
    ? build.add("depthwise", [at], attrs, { kernel, bias: biases })
    : build.add("conv", [at], { ...attrs, groups }, { kernel, bias: biases });
  return [pictureOf(name, [rows.output, columns.output], outputs)];
};

/** What of a border is cut off. */
function atMost([before, behind]: Pair): Pair {
  return [Math.min(0, before), Math.min(0, behind)];
}

/** What of a border is zeros. */
function atLeast([before, behind]: Pair): Pair {
  return [Math.max(0, before), Math.max(0, behind)];
}

/** `[in, out / groups, height, width]` as the engine's convolutions have it. */
function kernelOf(weights: Constant, groups: number, depthwise: boolean) {
  const [channels = 1, each = 1, height = 1, width = 1] = weights.dims;
  const inside = channels / groups;
  const apart = reshaped(weights, [groups, inside, each, height, width]);
  if (apart === null) return refuse(`must have weights in ${groups} groups, got [${weights.dims}]`);
  return depthwise
    ? weightOf(apart, [[3], [4], [0], [2]], [height, width, channels, each])
    : weightOf(apart, [[3], [4], [1], [0, 2]], [height, width, inside, each * groups]);
}

interface Along {
  /** In front of and behind the spread input; less than 0 where it is cut off. */
  readonly zeros: Pair;
  readonly output: number;
}

/** Border and output along rows or columns; `reach`: from the first cell of a window to its last. */
function along(
  call: OnnxCall,
  axis: 0 | 1,
  { input, stride, reach }: { readonly input: number; readonly stride: number; readonly reach: number },
): Along {
  const more = ints(call, "output_padding")?.[axis] ?? 0;
  const auto = word(call, "auto_pad", "NOTSET");
  const full = (input - 1) * stride + more + reach + 1;
  const wanted = ints(call, "output_shape")?.[axis] ??
    (auto.startsWith("SAME") ? input * stride : undefined);
  const pads = ints(call, "pads");
  let [before, behind] = auto === "VALID" ? [0, 0] : [pads?.[axis] ?? 0, pads?.[axis + 2] ?? 0];
  if (wanted !== undefined) {
    const total = Math.max(0, full - wanted);
    const less = Math.floor(total / 2);
    [before, behind] = auto === "SAME_UPPER" ? [less, total - less] : [total - less, less];
  }
  const output = wanted ?? full - before - behind;
  if (output < 1) {
    refuse(`must leave something of its input of ${input}, got pads of ${before} and ${behind}`);
  }
  const front = reach - before;
  return { zeros: [front, output + reach - ((input - 1) * stride + 1) - front], output };
}
