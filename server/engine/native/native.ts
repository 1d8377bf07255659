/** The kernels of Gradcast's own, called with addresses in the shared memory. */
import { ASSEMBLE, CUT_OUT, CUT_OUT_BYTES } from "./assemble.ts";
import { CURVE, type CurveName } from "./curves.ts";
import { DENSE, DENSE_ROUND_BYTES } from "./dense.ts";
import { DEPTHWISE_PATCH, PATCH_PIXELS, type PatchKernel, patchKey } from "./depthwise_patch.ts";
import { DEPTHWISE, type DepthwiseShape } from "./depthwise.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { cutDepth } from "./gemm.ts";
import { GEMM, HALF_PANEL, PANEL, TILE_ROWS } from "./gemm_layout.ts";
import { CONTROL } from "./layout.ts";
import { shapeKey } from "./needs.ts";
import { PATCHES } from "./patches.ts";
import { type RowPlaces, ROWS } from "./rows.ts";
import { STRIDED } from "./strided.ts";
import type { Team } from "./team.ts";

const FLOAT_BYTES = 4;
/** Rows of a block of a product: its part of A stays in the cache while the panels of B go by. */
const PRODUCT_ROWS = 96;
/** Blocks for each thread, so that one that was interrupted does not hold up the others for long. */
const BLOCKS_PER_THREAD = 4;
/** Bytes of a block of an elementwise kernel; a multiple of its rounds. */
const ELEMENTWISE_BYTES = 131_072;
/** Bytes of a block of a function of one value, which takes longer. */
const CURVE_BYTES = 32_768;
/** Bytes of W's rows that a block of a dense layer reads at least, so that the memory is read in runs. */
const DENSE_BLOCK_BYTES = 1024;
/** Rows of a block of patches. */
const PATCH_ROWS = 4;
/** Numbers of a block of rows, and bytes of a block of lines. */
const ROW_NUMBERS = 8192;
const STRIDED_BYTES = 32_768;

/** What an activation lets through. */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** No activation. */
export const NO_LIMITS: Limits = { low: -Infinity, high: Infinity };

/** A product C = A·B + bias; addresses and strides in bytes. */
export interface Product extends Limits {
  readonly a: number;
  readonly aStride: number;
  /** As `packPanels` lays it out. */
  readonly b: number;
  readonly bias: number;
  readonly c: number;
  readonly cStride: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** Address of a gate (`gates.ts`) that the result has to go through, or 0. */
  readonly gate?: number;
}

/** Sums of a dense layer; addresses in bytes. */
export interface DenseCall {
  /** `[rows, features]`. */
  readonly x: number;
  /** `[features, units]`. */
  readonly w: number;
  /** `[rows, denseSums(units)]`. */
  readonly sums: number;
  readonly rows: number;
  readonly features: number;
  readonly units: number;
}

/** Numbers of a row of a dense layer's sums: the first of them are the units'. */
export function denseSums(units: number): number {
  const round = DENSE_ROUND_BYTES / FLOAT_BYTES;
  return Math.ceil(units / round) * round;
}

/** A depthwise convolution of a batch. */
export interface DepthwiseCall extends Limits {
  readonly shape: DepthwiseShape;
  readonly batch: number;
  readonly input: number;
  /** `[height, width, channels]`. */
  readonly kernel: number;
  readonly bias: number;
  readonly output: number;
  /** Address of a gate (`gates.ts`) that the result has to go through, or 0. */
  readonly gate?: number;
}

/** A depthwise convolution of patches that have their borders in them. */
export interface DepthwisePatchCall extends Limits {
  readonly layer: PatchKernel;
  readonly batch: number;
  /** `[batch, inputHeight, inputWidth, channels]`, and the output likewise. */
  readonly input: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly kernel: number;
  readonly bias: number;
  readonly output: number;
  readonly outputHeight: number;
  /** At least `PATCH_PIXELS`. */
  readonly outputWidth: number;
}

/** A function of each of some numbers; addresses in bytes. */
export interface CurveCall extends Limits {
  readonly x: number;
  /** Null for the function's values. */
  readonly gradient: number | null;
  readonly output: number;
  readonly length: number;
  /** Of `clip`: scale·x + shift between the limits. */
  readonly scale: number;
  readonly shift: number;
}

/** Rows of numbers; addresses in bytes, 0 where a kernel reads nothing. */
export interface RowCall {
  readonly x: number;
  readonly gradient: number;
  readonly scale: number;
  readonly shift: number;
  readonly output: number;
  readonly rows: number;
  /** Numbers of a row. */
  readonly length: number;
  readonly epsilon: number;
}

/** Lines of numbers that lie apart, by the names of the kernel's parameters. */
export type StridedCall = Omit<Readonly<Record<keyof typeof STRIDED, number>>, "linesPerBlock">;

/** Where a cut-out comes from, by the names of `CUT_OUT`. */
export type CutOut = Readonly<Record<keyof typeof CUT_OUT, number>>;

/** Cut-outs of one size. */
export interface AssembleCall
  extends Readonly<Record<Exclude<keyof typeof ASSEMBLE, "lines" | "linesPerBlock">, number>> {
  /** One for each row of the batch, `MAX_CUT_OUTS` at most. */
  readonly cutOuts: readonly CutOut[];
}

/** Rows that the table has room for. */
export const MAX_CUT_OUTS = 4096 / CUT_OUT_BYTES;

/** A picture and the patches of it, by the names of the kernel's parameters. */
export type PatchCall = Omit<Readonly<Record<keyof typeof PATCHES, number>>, "rowsPerBlock">;

/** The running kernels. */
export class Native {
  readonly #team: Team;
  readonly #numbers: Int32Array;
  readonly #floats: Float32Array;
  /** Number of blocks, place of the kernel. */
  readonly #control: Int32Array;
  readonly #table: Int32Array;

  constructor(team: Team, memory: WebAssembly.Memory) {
    this.#team = team;
    this.#numbers = new Int32Array(memory.buffer, CONTROL.parameters, 48);
    this.#floats = new Float32Array(memory.buffer, CONTROL.parameters, 48);
    this.#control = new Int32Array(memory.buffer, CONTROL.blocks, 2);
    this.#table = new Int32Array(memory.buffer, CONTROL.table, MAX_CUT_OUTS * CUT_OUT_BYTES / 4);
  }

  /** Whether a product of this size can be computed here. */
  multiplies(rows: number, depth: number): boolean {
    const { steps, rest } = cutDepth(depth);
    const { tiles } = this.#team.places.gemm;
    return rows >= TILE_ROWS && tiles.has(steps) && (rest === 0 || tiles.has(rest));
  }

  /** Computes a product. */
  multiply(product: Product): void {
    const { rows, depth, columns } = product;
    const { steps, rest } = cutDepth(depth);
    const { kernel, tiles } = this.#team.places.gemm;
    const full = tiles.get(steps);
    const last = rest === 0 ? full : tiles.get(rest);
    if (full === undefined || last === undefined || rows < TILE_ROWS) {
      throw new RangeError(
        `Cannot multiply: no code was generated for ${rows}×${depth}`,
      );
    }
    const rowBlocks = Math.ceil(rows / PRODUCT_ROWS);
    const panels = Math.ceil(columns / PANEL);
    const wanted = this.#team.threads === 1
      ? 1
      : Math.ceil(BLOCKS_PER_THREAD * this.#team.threads / rowBlocks);
    const columnsPerBlock = Math.ceil(panels / Math.min(wanted, panels)) * PANEL;
    const columnBlocks = Math.ceil(columns / columnsPerBlock);
    const numbers = this.#numbers;
    numbers[GEMM.a] = product.a;
    numbers[GEMM.aStride] = product.aStride;
    numbers[GEMM.b] = product.b;
    numbers[GEMM.bias] = product.bias;
    numbers[GEMM.c] = product.c;
    numbers[GEMM.cStride] = product.cStride;
    numbers[GEMM.rows] = rows;
    numbers[GEMM.depth] = depth;
    numbers[GEMM.columns] = columns;
    numbers[GEMM.rowsPerBlock] = PRODUCT_ROWS;
    numbers[GEMM.columnsPerBlock] = columnsPerBlock;
    numbers[GEMM.columnBlocks] = columnBlocks;
    numbers[GEMM.steps] = steps;
    numbers[GEMM.full] = full.full;
    numbers[GEMM.fullHalf] = full.half;
    numbers[GEMM.rest] = last.full;
    numbers[GEMM.restHalf] = last.half;
    this.#floats[GEMM.low] = product.low;
    this.#floats[GEMM.high] = product.high;
    numbers[GEMM.gate] = product.gate ?? 0;
    this.#run(kernel, rowBlocks * columnBlocks);
  }

  /** Computes the sums of a dense layer. */
  dense({ x, w, sums, rows, features, units }: DenseCall): void {
    const sumBytes = denseSums(units) * FLOAT_BYTES;
    const blocks = this.#team.threads === 1 ? 1 : BLOCKS_PER_THREAD * this.#team.threads;
    const rounds = Math.ceil(sumBytes / DENSE_ROUND_BYTES / blocks);
    const bytesPerBlock = Math.max(DENSE_BLOCK_BYTES, rounds * DENSE_ROUND_BYTES);
    const numbers = this.#numbers;
    numbers[DENSE.x] = x;
    numbers[DENSE.w] = w;
    numbers[DENSE.sums] = sums;
    numbers[DENSE.rows] = rows;
    numbers[DENSE.xBytes] = features * FLOAT_BYTES;
    numbers[DENSE.wBytes] = units * FLOAT_BYTES;
    numbers[DENSE.sumBytes] = sumBytes;
    numbers[DENSE.bytesPerBlock] = bytesPerBlock;
    this.#run(this.#team.places.dense, Math.ceil(sumBytes / bytesPerBlock));
  }

  /** Whether code was written for a depthwise layer of this shape. */
  knowsDepthwise(shape: DepthwiseShape): boolean {
    return this.#team.places.depthwise.has(shapeKey(shape));
  }

  /** Computes a depthwise layer. */
  depthwise({ shape, batch, input, kernel, bias, output, low, high, gate = 0 }: DepthwiseCall): void {
    const known = this.#team.places.depthwise.get(shapeKey(shape));
    if (known === undefined) {
      throw new RangeError(
        `Cannot compute the depthwise layer: no code was generated for ${shapeKey(shape)}`,
      );
    }
    const { place, plan: { rowsPerBlock } } = known;
    const blocksPerImage = Math.ceil(shape.outputHeight / rowsPerBlock);
    const numbers = this.#numbers;
    numbers[DEPTHWISE.input] = input;
    numbers[DEPTHWISE.kernel] = kernel;
    numbers[DEPTHWISE.bias] = bias;
    numbers[DEPTHWISE.output] = output;
    numbers[DEPTHWISE.blocksPerImage] = blocksPerImage;
    numbers[DEPTHWISE.rowsPerBlock] = rowsPerBlock;
    this.#floats[DEPTHWISE.low] = low;
    this.#floats[DEPTHWISE.high] = high;
    numbers[DEPTHWISE.gate] = gate;
    this.#run(place, blocksPerImage * batch);
  }

  /** Whether code was written for parts of a depthwise layer. */
  knowsDepthwisePatch(layer: PatchKernel): boolean {
    return this.#team.places.depthwisePatch.has(patchKey(layer));
  }

  /** Computes parts of a depthwise layer. */
  depthwisePatch({ layer, batch, low, high, ...call }: DepthwisePatchCall): void {
    const place = this.#team.places.depthwisePatch.get(patchKey(layer));
    if (place === undefined || call.outputWidth < PATCH_PIXELS) {
      throw new RangeError(
        `Cannot compute parts of the depthwise layer: no code was generated for ${
          patchKey(layer)
        }, ${call.outputWidth} px`,
      );
    }
    const numbers = this.#numbers;
    numbers[DEPTHWISE_PATCH.input] = call.input;
    numbers[DEPTHWISE_PATCH.kernel] = call.kernel;
    numbers[DEPTHWISE_PATCH.bias] = call.bias;
    numbers[DEPTHWISE_PATCH.output] = call.output;
    numbers[DEPTHWISE_PATCH.inputHeight] = call.inputHeight;
    numbers[DEPTHWISE_PATCH.inputWidth] = call.inputWidth;
    numbers[DEPTHWISE_PATCH.outputHeight] = call.outputHeight;
    numbers[DEPTHWISE_PATCH.outputWidth] = call.outputWidth;
    this.#floats[DEPTHWISE_PATCH.low] = low;
    this.#floats[DEPTHWISE_PATCH.high] = high;
    this.#run(place, batch * call.outputHeight);
  }

  /** Cuts rectangles out of values, with new numbers laid over them. */
  assemble({ cutOuts, ...call }: AssembleCall): void {
    if (cutOuts.length > MAX_CUT_OUTS) {
      throw new RangeError(
        `Cannot cut out the rectangles: expected at most ${MAX_CUT_OUTS}, got ${cutOuts.length}`,
      );
    }
    const lines = cutOuts.length * call.height;
    for (const [row, cutOut] of cutOuts.entries()) {
      const first = row * CUT_OUT_BYTES / 4;
      this.#table[first + CUT_OUT.whole] = cutOut.whole;
      this.#table[first + CUT_OUT.fresh] = cutOut.fresh;
      this.#table[first + CUT_OUT.top] = cutOut.top;
      this.#table[first + CUT_OUT.left] = cutOut.left;
      this.#table[first + CUT_OUT.freshTop] = cutOut.freshTop;
      this.#table[first + CUT_OUT.freshLeft] = cutOut.freshLeft;
    }
    const numbers = this.#numbers;
    numbers[ASSEMBLE.target] = call.target;
    numbers[ASSEMBLE.height] = call.height;
    numbers[ASSEMBLE.width] = call.width;
    numbers[ASSEMBLE.wholeHeight] = call.wholeHeight;
    numbers[ASSEMBLE.wholeWidth] = call.wholeWidth;
    numbers[ASSEMBLE.newHeight] = call.newHeight;
    numbers[ASSEMBLE.newWidth] = call.newWidth;
    numbers[ASSEMBLE.pixelBytes] = call.pixelBytes;
    numbers[ASSEMBLE.lines] = lines;
    const linesPerBlock = Math.max(1, Math.ceil(lines / (BLOCKS_PER_THREAD * this.#team.threads)));
    numbers[ASSEMBLE.linesPerBlock] = linesPerBlock;
    this.#run(this.#team.places.assemble, Math.ceil(lines / linesPerBlock));
  }

  /** Cuts the patches of rows `firstRow` to `endRow`. */
  cut(call: PatchCall): void {
    this.#patches(this.#team.places.cut, call, Math.ceil((call.endRow - call.firstRow) / PATCH_ROWS));
  }

  /** Adds patches up in a picture of `endRow` rows. */
  gather(call: PatchCall): void {
    this.#patches(this.#team.places.gather, call, Math.ceil(call.endRow / PATCH_ROWS));
  }

  /** output = a + b, `length` numbers each. */
  add(a: number, b: number, output: number, length: number): void {
    this.#elementwise(this.#team.places.sum, { a, b, output, length, ...NO_LIMITS });
  }

  /** The gradient `a` where the activation's output `b` lies between its limits; guided: and where it is positive. */
  mask(
    call:
      & { readonly a: number; readonly b: number; readonly output: number; readonly length: number }
      & Limits,
    rule: "plain" | "guided",
  ): void {
    const { masked, guided } = this.#team.places;
    this.#elementwise(rule === "plain" ? masked : guided, call);
  }

  /** Makes the gate of a rectifier's output: where it lies between the limits; see `gateBytes` for its length. */
  pack(output: number, gate: number, length: number, { low, high }: Limits): void {
    this.#elementwise(this.#team.places.pack, { a: output, b: 0, output: gate, length, low, high });
  }

  /** Lets values through a gate, those below `low` as if they were that; their number is a multiple of four. */
  through(input: number, gate: number, output: number, length: number, low: number): void {
    this.#elementwise(this.#team.places.through, { a: input, b: gate, output, length, low, high: Infinity });
  }

  /** A function of each number; with a gradient: that times the function's slope. */
  curve(name: CurveName, call: CurveCall): void {
    const { x, gradient, output, length, scale, shift, low, high } = call;
    const places = this.#team.places.curves.get(name);
    if (places === undefined) {
      throw new RangeError(`Cannot apply the function: no code was generated for ${name}`);
    }
    const bytes = length * FLOAT_BYTES;
    const numbers = this.#numbers;
    numbers[CURVE.x] = x;
    numbers[CURVE.gradient] = gradient ?? x;
    numbers[CURVE.output] = output;
    numbers[CURVE.bytes] = bytes;
    numbers[CURVE.bytesPerBlock] = CURVE_BYTES;
    this.#floats[CURVE.scale] = scale;
    this.#floats[CURVE.shift] = shift;
    this.#floats[CURVE.low] = low;
    this.#floats[CURVE.high] = high;
    this.#run(gradient === null ? places.value : places.slope, Math.ceil(bytes / CURVE_BYTES));
  }

  /** Normalises rows, or takes gradients back through a normalisation or a softmax. */
  rows(kernel: keyof RowPlaces, call: RowCall): void {
    const { rows, length } = call;
    const rowsPerBlock = Math.max(1, Math.ceil(ROW_NUMBERS / length));
    const numbers = this.#numbers;
    numbers[ROWS.x] = call.x;
    numbers[ROWS.gradient] = call.gradient;
    numbers[ROWS.scale] = call.scale;
    numbers[ROWS.shift] = call.shift;
    numbers[ROWS.output] = call.output;
    numbers[ROWS.rows] = rows;
    numbers[ROWS.rowsPerBlock] = rowsPerBlock;
    numbers[ROWS.rowBytes] = length * FLOAT_BYTES;
    this.#floats[ROWS.share] = 1 / length;
    this.#floats[ROWS.epsilon] = call.epsilon;
    this.#run(this.#team.places.rows[kernel], Math.ceil(rows / rowsPerBlock));
  }

  /** Copies lines of numbers that lie apart. */
  strided(call: StridedCall): void {
    const linesPerBlock = Math.max(1, Math.ceil(STRIDED_BYTES / call.width));
    for (const [name, at] of Object.entries(STRIDED)) {
      this.#numbers[at] = name === "linesPerBlock" ? linesPerBlock : call[name as keyof StridedCall];
    }
    this.#run(this.#team.places.strided, Math.ceil(call.lines / linesPerBlock));
  }

  /** Ends the helpers. */
  end(): void {
    this.#team.end();
  }

  #patches(place: number, call: PatchCall, blocks: number): void {
    for (const [name, at] of Object.entries(PATCHES)) {
      this.#numbers[at] = name === "rowsPerBlock" ? PATCH_ROWS : call[name as keyof PatchCall];
    }
    this.#run(place, blocks);
  }

  #elementwise(
    place: number,
    { a, b, output, length, low, high }:
      & { readonly a: number; readonly b: number; readonly output: number; readonly length: number }
      & Limits,
  ): void {
    const bytes = length * FLOAT_BYTES;
    const numbers = this.#numbers;
    numbers[ELEMENTWISE.a] = a;
    numbers[ELEMENTWISE.b] = b;
    numbers[ELEMENTWISE.output] = output;
    numbers[ELEMENTWISE.bytes] = bytes;
    numbers[ELEMENTWISE.bytesPerBlock] = ELEMENTWISE_BYTES;
    this.#floats[ELEMENTWISE.low] = low;
    this.#floats[ELEMENTWISE.high] = high;
    this.#run(place, Math.ceil(bytes / ELEMENTWISE_BYTES));
  }

  #run(kernel: number, blocks: number): void {
    this.#control[0] = blocks;
    this.#control[1] = kernel;
    this.#team.lead();
  }
}

/** Length of a packed matrix, in numbers. */
export function packedLength(depth: number, columns: number): number {
  const over = columns % PANEL;
  const last = over === 0 ? 0 : over <= HALF_PANEL ? HALF_PANEL : PANEL;
  return depth * (columns - over + last);
}

/**
 * Lays a matrix out in panels of columns, padded with zeros.
 *
 * @param at reads the matrix at a row and column
 */
export function packPanels(
  depth: number,
  columns: number,
  at: (row: number, column: number) => number,
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(packedLength(depth, columns));
  let end = 0;
  for (let first = 0; first < columns; first += PANEL) {
    const width = columns - first <= HALF_PANEL ? HALF_PANEL : PANEL;
    const used = Math.min(width, columns - first);
    for (let row = 0; row < depth; row++, end += width) {
      for (let column = 0; column < used; column++) packed[end + column] = at(row, first + column);
    }
  }
  return packed;
}
