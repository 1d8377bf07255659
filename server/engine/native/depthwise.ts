/**
 * Depthwise convolution, forwards and backwards.
 *
 * The gradient at the input of a depthwise convolution is one itself: over the incoming gradient, spread apart by the
 * stride and with zeros around it, with the kernel turned round. Both are the same code here: a block copies the rows
 * that it needs into the thread's scratch memory, spread and padded, and then knows of no border.
 *
 * There is one function for each shape of layer, as every distance in the picture is then part of an instruction.
 */
import {
  clear,
  type Code,
  copy,
  count,
  f32,
  forever,
  Func,
  get,
  i32,
  increase,
  leaveWhen,
  type Local,
  type Module,
  set,
  smaller,
  v128,
  when,
} from "./assembler.ts";
import { parameter } from "./job.ts";
import { CONTROL, SCRATCH_BYTES } from "./layout.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;
const LANES = 4;
/** Most pixels side by side that one step computes: their sums and a row of the kernel fit the 16 registers. */
const MOST_PIXELS = 7;

/** Shape of a layer; the same for every batch. */
export interface DepthwiseShape {
  /** Kernel, in px. */
  readonly height: number;
  readonly width: number;
  readonly strideY: number;
  readonly strideX: number;
  /** How far apart neighbouring px of the input are put; 1 forwards. */
  readonly spreadY: number;
  readonly spreadX: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Zeros above and left of the input. */
  readonly top: number;
  readonly left: number;
  readonly channels: number;
}

/** Places of the kernel's parameters; addresses in bytes. */
export const DEPTHWISE = {
  input: 0,
  kernel: 1,
  bias: 2,
  output: 3,
  rows: 4,
  low: 5,
  high: 6,
  blocksPerImage: 7,
  rowsPerBlock: 8,
} as const;

/** How a layer is cut: px side by side, rows of a block. */
export interface DepthwisePlan {
  readonly pixels: number;
  readonly rowsPerBlock: number;
  /** Length of a row in scratch memory, in px. */
  readonly pitch: number;
}

/** Cuts a layer, or gives null where a row of it is too long for the scratch memory or the channels do not fit. */
export function planDepthwise(shape: DepthwiseShape): DepthwisePlan | null {
  const { outputWidth, outputHeight, channels, width, strideX, left, spreadX, inputWidth } = shape;
  if (channels % LANES !== 0 || width > 7 || shape.height > 7) return null;
  const pitch = Math.max((outputWidth - 1) * strideX + width, left + (inputWidth - 1) * spreadX + 1);
  const rowBytes = pitch * channels * FLOAT_BYTES;
  const room = Math.floor(SCRATCH_BYTES / 4 / rowBytes);
  const rows = Math.min(outputHeight, Math.floor((room - shape.height) / shape.strideY) + 1);
  if (room < shape.height || rows < 1) return null;
  return {
    pixels: pixelsOf(outputWidth),
    rowsPerBlock: Math.min(rows, Math.ceil(outputHeight / 2), 8),
    pitch,
  };
}

function pixelsOf(outputWidth: number): number {
  for (let pixels = MOST_PIXELS; pixels > 3; pixels--) if (outputWidth % pixels === 0) return pixels;
  return Math.min(4, outputWidth);
}

/** Adds the function for a layer and brings its place in the table. */
export function addDepthwise(
  module: Module,
  shape: DepthwiseShape,
  { pixels, pitch }: DepthwisePlan,
  scratch: number,
): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const locals = func.named(
    "first",
    "row",
    "end",
    "image",
    "source",
    "target",
    "y",
    "x",
    "c",
    "in",
    "kernel",
    "out",
  );
  const { first, row, end, image, source, target, y, x, c } = locals;
  const sums = func.locals("v128", pixels);
  const taps = func.locals("v128", shape.width);
  const value = func.local("v128");
  const low = func.local("v128");
  const high = func.local("v128");
  const pixelBytes = shape.channels * FLOAT_BYTES;
  const rowBytes = pitch * pixelBytes;
  const inputRowBytes = shape.inputWidth * pixelBytes;
  const outputRowBytes = shape.outputWidth * pixelBytes;

  /** Copies row `y` of the padded input, counted from the first one that the block needs, to `target`. */
  const copyRow: Code = [
    // Row of the input, times the spread, that lies here.
    set(row, i32.sub(i32.add(i32.mul(get(first), i32.const(shape.strideY)), get(y)), i32.const(shape.top))),
    when(
      i32.and(
        i32.and(
          i32.ge(get(row), i32.const(0)),
          i32.lt(get(row), i32.const(shape.inputHeight * shape.spreadY)),
        ),
        i32.eqz(i32.rem(get(row), i32.const(shape.spreadY))),
      ),
      [
        set(
          source,
          i32.add(
            parameter(DEPTHWISE.input),
            i32.mul(
              i32.add(
                i32.mul(get(image), i32.const(shape.inputHeight)),
                i32.div(get(row), i32.const(shape.spreadY)),
              ),
              i32.const(inputRowBytes),
            ),
          ),
        ),
        shape.spreadX === 1
          ? [
            clear(get(target), i32.const(shape.left * pixelBytes)),
            copy(
              i32.add(get(target), i32.const(shape.left * pixelBytes)),
              get(source),
              i32.const(Math.min(inputRowBytes, rowBytes - shape.left * pixelBytes)),
            ),
            clear(
              i32.add(get(target), i32.const(Math.min(shape.left * pixelBytes + inputRowBytes, rowBytes))),
              i32.const(Math.max(0, rowBytes - shape.left * pixelBytes - inputRowBytes)),
            ),
          ]
          : [
            clear(get(target), i32.const(rowBytes)),
            count(x, i32.const(0), i32.const(shape.inputWidth), i32.const(1), [
              copy(
                i32.add(
                  get(target),
                  i32.mul(
                    i32.add(i32.mul(get(x), i32.const(shape.spreadX)), i32.const(shape.left)),
                    i32.const(pixelBytes),
                  ),
                ),
                i32.add(get(source), i32.mul(get(x), i32.const(pixelBytes))),
                i32.const(pixelBytes),
              ),
            ]),
          ],
      ],
      clear(get(target), i32.const(rowBytes)),
    ),
    increase(target, i32.const(rowBytes)),
  ];

  const columnsRead = (pixels - 1) * shape.strideX + shape.width;
  const compute: Code = [
    sums.map((sum) => set(sum, v128.load(i32.add(parameter(DEPTHWISE.bias), get(c))))),
    Array.from({ length: shape.height }, (_, ky) => [
      taps.map((tap, kx) => set(tap, v128.load(get(locals.kernel), (ky * shape.width + kx) * pixelBytes))),
      Array.from({ length: columnsRead }, (_, column) => {
        const uses = sums.flatMap((sum, pixel) => {
          const tap = taps[column - pixel * shape.strideX];
          return tap === undefined ? [] : [set(sum, v128.madd(get(value), get(tap), get(sum)))];
        });
        return uses.length === 0
          ? []
          : [set(value, v128.load(get(locals.in), ky * rowBytes + column * pixelBytes)), uses];
      }),
    ]),
    sums.map((sum, pixel) =>
      v128.store(get(locals.out), v128.min(get(high), v128.max(get(low), get(sum))), pixel * pixelBytes)
    ),
  ];

  func.body = [
    set(low, v128.splat(f32.load(i32.const(CONTROL.parameters), DEPTHWISE.low * 4))),
    set(high, v128.splat(f32.load(i32.const(CONTROL.parameters), DEPTHWISE.high * 4))),
    set(image, i32.div(get(block), parameter(DEPTHWISE.blocksPerImage))),
    set(
      first,
      i32.mul(i32.rem(get(block), parameter(DEPTHWISE.blocksPerImage)), parameter(DEPTHWISE.rowsPerBlock)),
    ),
    set(end, smaller(i32.add(get(first), parameter(DEPTHWISE.rowsPerBlock)), i32.const(shape.outputHeight))),
    set(target, i32.const(scratch)),
    count(
      y,
      i32.const(0),
      i32.add(
        i32.mul(i32.sub(i32.sub(get(end), get(first)), i32.const(1)), i32.const(shape.strideY)),
        i32.const(shape.height),
      ),
      i32.const(1),
      copyRow,
    ),
    count(y, get(first), get(end), i32.const(1), [
      set(x, i32.const(0)),
      forever([
        leaveWhen(i32.ge(get(x), i32.const(shape.outputWidth))),
        // The last px of a row are computed with some of those before them once more where they do not fill a step.
        set(row, smaller(get(x), i32.const(shape.outputWidth - pixels))),
        set(
          locals.in,
          i32.add(
            i32.const(scratch),
            i32.add(
              i32.mul(i32.mul(i32.sub(get(y), get(first)), i32.const(shape.strideY)), i32.const(rowBytes)),
              i32.mul(get(row), i32.const(shape.strideX * pixelBytes)),
            ),
          ),
        ),
        set(
          locals.out,
          i32.add(
            parameter(DEPTHWISE.output),
            i32.add(
              i32.mul(
                i32.add(i32.mul(get(image), i32.const(shape.outputHeight)), get(y)),
                i32.const(outputRowBytes),
              ),
              i32.mul(get(row), i32.const(pixelBytes)),
            ),
          ),
        ),
        set(locals.kernel, parameter(DEPTHWISE.kernel)),
        count(c, i32.const(0), i32.const(pixelBytes), i32.const(VECTOR_BYTES), [
          compute,
          increase(locals.in, i32.const(VECTOR_BYTES)),
          increase(locals.out, i32.const(VECTOR_BYTES)),
          increase(locals.kernel, i32.const(VECTOR_BYTES)),
        ]),
        increase(x, i32.const(pixels)),
      ]),
    ]),
  ];
  return module.add(func);
}
