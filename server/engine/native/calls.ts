/** Gradcast's own kernels in the words of tfjs's: what they can compute is computed by them, the rest is left. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { CurveName } from "./curves.ts";
import type { DepthwiseShape } from "./depthwise.ts";
import { type Memory, NativeConstants } from "./constants.ts";
import { gateBytes, NUMBERS_PER_BYTE } from "./gates.ts";
import { groupPanelLength, mergeGroups } from "./groups.ts";
import { PATCH_PIXELS, type PatchKernel } from "./depthwise_patch.ts";
import {
  type AssembleCall,
  denseSums,
  type Limits,
  type Native,
  NO_LIMITS,
  type PatchCall,
} from "./native.ts";
import type { RowPlaces } from "./rows.ts";
import { multiplyValues, type ValueProducts } from "./value_products.ts";

/** A value in the shared memory. */
type Value = TensorInfo;

/** Two numbers, for height and width. */
type Pair = readonly [number, number];

/** A rectifier that a gradient passes; see `gates.ts`. */
export interface ValueGate {
  /** As `pack` makes it. */
  readonly bits: Value;
  readonly rule: "plain" | "guided";
}

/** What a sliding kernel is called with; `before` and `after` are zeros around the input. */
export interface Sliding {
  readonly x: Value;
  readonly filter: Value;
  readonly bias: Value | null;
  readonly strides: Pair;
  readonly before: Pair;
  readonly output: Pair;
  readonly activation: string;
  readonly gate?: ValueGate | null;
}

/** What a sliding kernel is called with for a part of its output; the input has its border in it. */
export type PartCall = Omit<Sliding, "before" | "gate"> & {
  /** Groups of channels; 1 for a depthwise layer. */
  readonly groups: number;
};

/** A layer of which a part is to be computed. */
export interface PartLayer {
  readonly kind: "conv" | "depthwise";
  /** Of its kernel. */
  readonly shape: readonly number[];
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly activation: string;
  /** Groups of channels; 1 for a depthwise layer. */
  readonly groups: number;
}

/** scale·x + shift between two limits. */
export interface Clip {
  readonly scale: number;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

/** Bytes of patches at a time: they are read again at once, and should still be in the cache. */
export const PATCH_BUFFER_BYTES = 2 ** 22;

const FLOAT_BYTES = 4;

const LIMITS: ReadonlyMap<string, Limits> = new Map([
  ["linear", NO_LIMITS],
  ["relu", { low: 0, high: Infinity }],
  ["relu6", { low: 0, high: 6 }],
]);

/** Computes what it can; null means that somebody else has to. */
export class NativeCalls {
  readonly #native: Native;
  readonly #memory: Memory;
  readonly #constants: NativeConstants;

  constructor(native: Native, memory: Memory) {
    this.#native = native;
    this.#memory = memory;
    this.#constants = new NativeConstants(memory);
  }

  /** A convolution; `filter` is `[height, width, in, out]`. */
  convolve(call: Sliding): Value | null {
    const { x, filter, output: [high, wide] } = call;
    const limits = limitsOf(call);
    const [height = 1, width = 1, channels = 1, filters = 1] = filter.shape;
    const [batch = 1, pictureHeight = 1, pictureWidth = 1] = x.shape;
    const depth = height * width * channels;
    const rows = batch * high * wide;
    if (limits === undefined || !this.#native.multiplies(rows, depth)) return null;
    const pointwise = isPointwise(call);
    const result = this.#memory.allocate([batch, high, wide, filters]);
    const product = {
      aStride: depth * FLOAT_BYTES,
      b: this.#address(this.#constants.panels(filter, depth, filters)),
      bias: this.#address(this.#constants.bias(call.bias, filters)),
      cStride: filters * FLOAT_BYTES,
      depth,
      columns: filters,
      ...limits,
    };
    if (pointwise) {
      this.#native.multiply({
        ...product,
        a: this.#address(x),
        c: this.#address(result),
        rows,
        gate: this.#gate(call, 0),
      });
      return result;
    }
    const picture = { address: this.#address(x), height: pictureHeight, width: pictureWidth, channels };
    this.#inPatches(picture, call, batch, (a, firstRow, patchRows) =>
      this.#native.multiply({
        ...product,
        a,
        c: this.#address(result) + firstRow * wide * product.cStride,
        rows: patchRows * wide,
        gate: this.#gate(call, firstRow * wide * filters),
      }));
    return result;
  }

  /**
   * A convolution whose channels lie in groups; `filter` is `[height, width, in / groups, out]`. A gate is left to the
   * caller.
   */
  convolveGroups(call: Sliding, groups: number): Value | null {
    const { x, filter, output: [high, wide] } = call;
    const limits = limitsOf(call);
    const merged = mergeGroups(filter.shape, groups);
    const [height = 1, width = 1, , filters = 1] = filter.shape;
    const [batch = 1, pictureHeight = 1, pictureWidth = 1, channels = 1] = x.shape;
    const depth = height * width * merged.from;
    const rows = batch * high * wide;
    if (limits === undefined || !this.#native.multiplies(rows, depth)) return null;
    const result = this.#memory.allocate([batch, high, wide, filters]);
    const panels = this.#address(this.#constants.groupPanels(filter, merged));
    const bias = this.#address(this.#constants.bias(call.bias, filters));
    const pointwise = isPointwise(call);
    const part = pointwise ? null : this.#memory.allocate([batch, pictureHeight, pictureWidth, merged.from]);
    for (let product = 0; product < merged.count; product++) {
      const shared = {
        b: panels + product * groupPanelLength(filter.shape, merged) * FLOAT_BYTES,
        bias: bias + product * merged.to * FLOAT_BYTES,
        cStride: filters * FLOAT_BYTES,
        depth,
        columns: merged.to,
        ...limits,
      };
      const c = this.#address(result) + product * merged.to * FLOAT_BYTES;
      if (part === null) {
        const a = this.#address(x) + product * merged.from * FLOAT_BYTES;
        this.#native.multiply({ ...shared, a, aStride: channels * FLOAT_BYTES, c, rows });
        continue;
      }
      this.#takeChannels(x, part, product);
      const picture = {
        address: this.#address(part),
        height: pictureHeight,
        width: pictureWidth,
        channels: merged.from,
      };
      this.#inPatches(picture, call, batch, (a, firstRow, patchRows) =>
        this.#native.multiply({
          ...shared,
          a,
          aStride: depth * FLOAT_BYTES,
          c: c + firstRow * wide * shared.cStride,
          rows: patchRows * wide,
        }));
    }
    if (part !== null) this.#memory.free(part);
    return result;
  }

  /** The sums x·W of a dense layer, `[rows, denseSums(units)]`; `kernel` is `[features, units]`. */
  dense(x: Value, kernel: Value): Value {
    const [rows = 1, features = 1] = x.shape;
    const [, units = 1] = kernel.shape;
    const sums = this.#memory.allocate([rows, denseSums(units)]);
    this.#native.dense({
      x: this.#address(x),
      w: this.#address(kernel),
      sums: this.#address(sums),
      rows,
      features,
      units,
    });
    return sums;
  }

  /** A dense layer of several positions, `[…, features]` in rows; `kernel` is `[features, units]`. */
  positions(x: Value, kernel: Value, bias: Value, activation: string): Value | null {
    const [rows = 1, features = 1] = x.shape;
    const [, units = 1] = kernel.shape;
    const result = this.convolve({
      x: { ...x, shape: [1, rows, 1, features] },
      filter: { ...kernel, shape: [1, 1, features, units] },
      bias,
      strides: [1, 1],
      before: [0, 0],
      output: [rows, 1],
      activation,
    });
    return result === null ? null : { ...result, shape: [rows, units] };
  }

  /** The gradient at its input: `[rows, units]` times the kernel turned over, `[rows, features]`. */
  positionsBack(gradient: Value, kernel: Value): Value | null {
    const [rows = 1, units = 1] = gradient.shape;
    const [features = 1] = kernel.shape;
    if (!this.#native.multiplies(rows, units)) return null;
    const result = this.#memory.allocate([rows, features]);
    this.#native.multiply({
      a: this.#address(gradient),
      aStride: units * FLOAT_BYTES,
      b: this.#address(this.#constants.turnedPanels(kernel)),
      bias: this.#address(this.#constants.bias(null, features)),
      c: this.#address(result),
      cStride: features * FLOAT_BYTES,
      rows,
      depth: units,
      columns: features,
      ...NO_LIMITS,
    });
    return result;
  }

  /** A depthwise convolution of an input whose pixels are put `spread` apart; `filter` is `[height, width, channels, 1]`. */
  depthwise(call: Sliding & { readonly spread: Pair }): Value | null {
    const limits = limitsOf(call);
    const shape = depthwiseShape(call.x.shape, call);
    if (limits === undefined || shape === null || !this.#native.knowsDepthwise(shape)) return null;
    const [batch = 1] = call.x.shape;
    const result = this.#memory.allocate([batch, ...call.output, shape.channels]);
    this.#native.depthwise({
      shape,
      batch,
      input: this.#address(call.x),
      kernel: this.#address(call.filter),
      bias: this.#address(this.#constants.bias(call.bias, shape.channels)),
      output: this.#address(result),
      ...limits,
      gate: this.#gate(call, 0),
    });
    return result;
  }

  /** Whether parts of a layer can be computed. */
  knowsPart({ kind, shape, strides, dilations, activation, groups }: PartLayer): boolean {
    if (
      dilations.some((dilation) => dilation !== 1) || LIMITS.get(activation) === undefined
    ) return false;
    const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
    if (kind === "conv") {
      const depth = height * width * (groups === 1 ? channels : mergeGroups(shape, groups).from);
      return this.#native.multiplies(PATCH_PIXELS ** 2, depth);
    }
    return multiplier === 1 && this.#native.knowsDepthwisePatch(patchKernel(shape, strides));
  }

  /** A part of a convolution. */
  convolvePart(call: PartCall): Value {
    const whole = { ...call, before: [0, 0] } as const;
    const part = call.groups === 1 ? this.convolve(whole) : this.convolveGroups(whole, call.groups);
    if (part === null) throw new Error("Cannot compute the part: expected a convolution that is known");
    return part;
  }

  /** A part of a depthwise convolution. */
  depthwisePart(
    { x, filter, bias, strides, output: [outputHeight, outputWidth], activation }: PartCall,
  ): Value {
    const [batch = 1, inputHeight = 1, inputWidth = 1, channels = 1] = x.shape;
    const result = this.#memory.allocate([batch, outputHeight, outputWidth, channels]);
    this.#native.depthwisePatch({
      layer: patchKernel(filter.shape, strides),
      batch,
      input: this.#address(x),
      inputHeight,
      inputWidth,
      kernel: this.#address(filter),
      bias: this.#address(this.#constants.bias(bias, channels)),
      output: this.#address(result),
      outputHeight,
      outputWidth,
      ...(LIMITS.get(activation) ?? NO_LIMITS),
    });
    return result;
  }

  /** Products of matrices that are values; reports false, and does nothing, where no code was written for their size. */
  products(call: ValueProducts): boolean {
    return multiplyValues({ native: this.#native, memory: this.#memory, constants: this.#constants }, call);
  }

  /** Cuts rectangles out of values, with new numbers laid over them. */
  assemble(call: AssembleCall): void {
    this.#native.assemble(call);
  }

  /** a + b of one shape. */
  add(a: Value, b: Value): Value | null {
    if (a.shape.join() !== b.shape.join()) return null;
    const result = this.#memory.allocate(a.shape);
    this.#native.add(this.#address(a), this.#address(b), this.#address(result), sizeOf(a));
    return result;
  }

  /** A function of one value, or with a gradient that times the function's slope. */
  curve(name: CurveName, clip: Clip | null, x: Value, gradient: Value | null): Value {
    const result = this.#memory.allocate(x.shape);
    const { scale, shift, min, max } = clip ?? { scale: 1, shift: 0, min: -Infinity, max: Infinity };
    this.#native.curve(name, {
      x: this.#address(x),
      gradient: gradient === null ? null : this.#address(gradient),
      output: this.#address(result),
      length: sizeOf(x),
      scale,
      shift,
      low: min,
      high: max,
    });
    return result;
  }

  /** (x − mean)/√(variance + epsilon)·scale + shift of each position's last side. */
  layerNorm(x: Value, scale: Value, shift: Value, epsilon: number): Value {
    return this.#rows("norm", x, { scale, shift, epsilon });
  }

  /** The gradient at the input `x` of the same. */
  layerNormBack(gradient: Value, x: Value, scale: Value, epsilon: number): Value {
    return this.#rows("normBack", x, { gradient, scale, epsilon });
  }

  /** The gradient at the input of a softmax over the last side, from its own output. */
  softmaxBack(gradient: Value, output: Value): Value {
    return this.#rows("softmaxBack", output, { gradient });
  }

  #rows(
    kernel: keyof RowPlaces,
    x: Value,
    { gradient, scale, shift, epsilon = 0 }: {
      readonly gradient?: Value;
      readonly scale?: Value;
      readonly shift?: Value;
      readonly epsilon?: number;
    },
  ): Value {
    const result = this.#memory.allocate(x.shape);
    const at = (value: Value | undefined) => value === undefined ? 0 : this.#address(value);
    const length = x.shape.at(-1) ?? 1;
    this.#native.rows(kernel, {
      x: at(x),
      gradient: at(gradient),
      scale: at(scale),
      shift: at(shift),
      output: at(result),
      rows: sizeOf(x) / length,
      length,
      epsilon,
    });
    return result;
  }

  /** Makes the gate of a rectifier's output, whose shape fits one. */
  pack(output: Value, limit: number): Value {
    const length = sizeOf(output);
    const gate = this.#memory.allocate([gateBytes(length) / FLOAT_BYTES]);
    this.#native.pack(this.#address(output), this.#address(gate), length, { low: 0, high: limit });
    return gate;
  }

  /** The gradient behind a gate. */
  through(gradient: Value, { bits, rule }: ValueGate): Value {
    const result = this.#memory.allocate(gradient.shape);
    this.#native.through(
      this.#address(gradient),
      this.#address(bits),
      this.#address(result),
      sizeOf(gradient),
      rule === "guided" ? 0 : -Infinity,
    );
    return result;
  }

  /** The gradient where 0 < output < limit; `guided` only where it is positive as well. */
  mask(gradient: Value, output: Value, limit: number, rule: "plain" | "guided"): Value {
    const result = this.#memory.allocate(gradient.shape);
    this.#native.mask({
      a: this.#address(gradient),
      b: this.#address(output),
      output: this.#address(result),
      length: sizeOf(gradient),
      low: 0,
      high: limit,
    }, rule);
    return result;
  }

  /** Adds up what lies in patches, `[batch, rows, columns, height·width·channels]`, in a picture of `shape`. */
  gather(
    patches: Value,
    shape: readonly number[],
    window: { readonly size: Pair; readonly strides: Pair; readonly before: Pair },
  ): Value {
    const picture = this.#memory.allocate(shape);
    const [batch = 1, pictureHeight = 1, pictureWidth = 1, channels = 1] = shape;
    const [, patchesHigh = 1, patchesWide = 1, length = 1] = patches.shape;
    this.#native.gather({
      picture: this.#address(picture),
      patches: this.#address(patches),
      pictureHeight,
      pictureWidth,
      channels,
      patchesHigh,
      patchesWide,
      ...windowOf(window),
      patchBytes: length * FLOAT_BYTES,
      firstRow: 0,
      endRow: batch * pictureHeight,
    });
    return picture;
  }

  /** Forgets what was made of a constant that is freed. */
  forget(value: Value): void {
    this.#constants.forget(value);
  }

  /** Ends the helpers. */
  end(): void {
    this.#native.end();
  }

  /** Cuts the channels of one of several products out of a value. */
  #takeChannels(x: Value, part: Value, product: number): void {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const own = part.shape.at(-1) ?? 1;
    // Pixels of so few channels lie side by side, one for each product.
    const products = channels / own;
    this.#native.cut({
      picture: this.#address(x),
      patches: this.#address(part),
      pictureHeight: height,
      pictureWidth: width * products,
      channels: own,
      patchesHigh: height,
      patchesWide: width,
      ...windowOf({ size: [1, 1], strides: [1, products], before: [0, -product] }),
      patchBytes: own * FLOAT_BYTES,
      firstRow: 0,
      endRow: batch * height,
    });
  }

  #inPatches(
    picture: {
      readonly address: number;
      readonly height: number;
      readonly width: number;
      readonly channels: number;
    },
    { filter, strides, before, output: [patchesHigh, patchesWide] }: Sliding,
    batch: number,
    multiply: (patches: number, firstRow: number, rows: number) => void,
  ): void {
    const [height = 1, width = 1] = filter.shape;
    const patchBytes = height * width * picture.channels * FLOAT_BYTES;
    const all = batch * patchesHigh;
    const rows = Math.min(all, Math.max(1, Math.ceil(PATCH_BUFFER_BYTES / (patchBytes * patchesWide))));
    const buffer = this.#memory.allocate([rows, patchesWide, patchBytes / FLOAT_BYTES]);
    const patches = this.#address(buffer);
    for (let firstRow = 0; firstRow < all; firstRow += rows) {
      const endRow = Math.min(all, firstRow + rows);
      const call: PatchCall = {
        picture: picture.address,
        patches,
        pictureHeight: picture.height,
        pictureWidth: picture.width,
        channels: picture.channels,
        patchesHigh,
        patchesWide,
        ...windowOf({ size: [height, width], strides, before }),
        patchBytes,
        firstRow,
        endRow,
      };
      this.#native.cut(call);
      multiply(patches, firstRow, endRow - firstRow);
    }
    this.#memory.free(buffer);
  }

  /** Address of the gate at an offset in the result, in numbers, or 0 where there is none. */
  #gate({ gate }: Sliding, offset: number): number {
    return gate === null || gate === undefined ? 0 : this.#address(gate.bits) + offset / NUMBERS_PER_BYTE;
  }

  #address(value: Value): number {
    return this.#memory.address(value);
  }
}

/** The shape that code is written for, or null where there is none: several outputs for a channel. */
export function depthwiseShape(
  [, inputHeight = 1, inputWidth = 1, channels = 1]: readonly number[],
  { filter, strides, spread, before, output }: Pick<Sliding, "strides" | "before" | "output"> & {
    readonly filter: { readonly shape: readonly number[] };
    readonly spread: Pair;
  },
): DepthwiseShape | null {
  const [height = 1, width = 1, , multiplier = 1] = filter.shape;
  if (multiplier !== 1) return null;
  return {
    height,
    width,
    strideY: strides[0],
    strideX: strides[1],
    spreadY: spread[0],
    spreadX: spread[1],
    inputHeight,
    inputWidth,
    outputHeight: output[0],
    outputWidth: output[1],
    top: before[0],
    left: before[1],
    channels,
  };
}

function patchKernel(
  [height = 1, width = 1, channels = 1]: readonly number[],
  [strideY, strideX]: Pair,
): PatchKernel {
  return { height, width, strideY, strideX, channels };
}

/** Whether each cell is computed from the cell at the same place alone. */
function isPointwise({ x, filter, strides, output }: Sliding): boolean {
  const [height, width] = filter.shape;
  const [, pictureHeight, pictureWidth] = x.shape;
  return height === 1 && width === 1 && strides[0] === 1 && strides[1] === 1 && output[0] === pictureHeight &&
    output[1] === pictureWidth;
}

/** The limits of the activation; a guided gate keeps back what is negative. */
function limitsOf({ activation, gate }: Sliding): Limits | undefined {
  const limits = LIMITS.get(activation);
  if (limits === undefined || gate?.rule !== "guided") return limits;
  return { ...limits, low: Math.max(0, limits.low) };
}

function windowOf(
  { size, strides, before }: { readonly size: Pair; readonly strides: Pair; readonly before: Pair },
) {
  return {
    height: size[0],
    width: size[1],
    strideY: strides[0],
    strideX: strides[1],
    top: before[0],
    left: before[1],
  };
}

function sizeOf({ shape }: Value): number {
  return shape.reduce((product, side) => product * side, 1);
}
