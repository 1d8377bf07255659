/**
 * Depthwise convolution, forwards and backwards.
 *
 * The gradient at the input of a depthwise convolution is one itself: over the incoming gradient, spread apart by the
 * stride and with zeros around it, with the kernel turned round. Both are the same code here. A block copies the rows
 * that it needs into the thread's scratch memory, padded, and then knows of no border. The zeros between pixels that were
 * spread apart are never stored: which taps of the kernel meet a pixel depends on the place of the output alone, so each
 * phase of rows and each pixel of a step has just those taps in its code.
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
import { LANE_BITS, throughGate } from "./gates.ts";
import { parameter } from "./job.ts";
import { CONTROL, SCRATCH_BYTES } from "./layout.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;
const LANES = 4;
/** Most pixels side by side that one step computes: their sums and a row of the kernel fit the 16 registers. */
const MOST_PIXELS = 7;
/** Most pixels of a step where each meets only some of the taps. */
const MOST_SPREAD_PIXELS = 8;

/** Shape of a layer; the same for every batch. */
export interface DepthwiseShape {
  /** Kernel, in pixels. */
  readonly height: number;
  readonly width: number;
  readonly strideY: number;
  readonly strideX: number;
  /** How far apart neighbouring pixels of the input are put; 1 forwards. */
  readonly spreadY: number;
  readonly spreadX: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Zeros above and left of the input once it is spread. */
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
  /** A gate (`gates.ts`) that the output has to go through, or 0. */
  gate: 4,
  low: 5,
  high: 6,
  blocksPerImage: 7,
  rowsPerBlock: 8,
} as const;

/** How a layer is cut: pixels side by side, rows of a block. */
export interface DepthwisePlan {
  readonly pixels: number;
  readonly rowsPerBlock: number;
  /** Length of a row in scratch memory, in pixels. */
  readonly pitch: number;
}

/** Cuts a layer, or gives null where a row of it is too long for the scratch memory or the channels do not fit. */
export function planDepthwise(shape: DepthwiseShape): DepthwisePlan | null {
  const { outputWidth, outputHeight, channels, width, strideX, left, spreadX, inputWidth } = shape;
  if (channels % LANES !== 0 || width > 7 || shape.height > 7) return null;
  const before = Math.ceil(left / spreadX);
  const lastRead = Math.floor(((outputWidth - 1) * strideX + width - 1 - left) / spreadX);
  const pitch = before + Math.max(inputWidth, lastRead + 1);
  const room = Math.floor(SCRATCH_BYTES / 4 / (pitch * channels * FLOAT_BYTES));
  let rowsPerBlock = Math.min(Math.ceil(outputHeight / 2), 8);
  while (rowsPerBlock > 0 && rowsRead(shape, rowsPerBlock) > room) rowsPerBlock--;
  return rowsPerBlock === 0 ? null : { pixels: pixelsOf(outputWidth, spreadX), rowsPerBlock, pitch };
}

/** Rows of the input that some rows of the output look at, at most. */
function rowsRead({ strideY, height, spreadY }: DepthwiseShape, rows: number): number {
  return Math.floor(((rows - 1) * strideY + height - 1) / spreadY) + 2;
}

/** Where pixels are spread apart, a step takes a multiple of the spread, so that all steps look at the same phases. */
function pixelsOf(outputWidth: number, spread: number): number {
  const most = spread === 1 ? MOST_PIXELS : Math.floor(MOST_SPREAD_PIXELS / spread) * spread || spread;
  for (let pixels = most; pixels > 3; pixels -= spread) if (outputWidth % pixels === 0) return pixels;
  const few = Math.max(spread, Math.floor(4 / spread) * spread);
  return outputWidth < few ? outputWidth : few;
}

/** One tap that meets a pixel of the input: which pixel of a step it adds to. */
interface Meeting {
  readonly pixel: number;
  readonly tap: number;
}

/** Adds the function for a layer and returns its place in the table. */
export function addDepthwise(
  module: Module,
  shape: DepthwiseShape,
  { pixels, pitch }: DepthwisePlan,
  scratch: number,
): number {
  const { spreadX, spreadY, strideX, strideY } = shape;
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const locals = func.named(
    "first",
    "firstRead",
    "place",
    "end",
    "image",
    "source",
    "target",
    "y",
    "x",
    "c",
    "row",
    "in",
    "kernel",
    "out",
    "gate",
  );
  const { first, firstRead, place, end, image, source, target, y, x, c, row, gate } = locals;
  const sums = func.locals("v128", pixels);
  const taps = func.locals("v128", shape.width);
  const value = func.local("v128");
  const low = func.local("v128");
  const high = func.local("v128");
  const laneBits = func.local("v128");
  const pixelBytes = shape.channels * FLOAT_BYTES;
  const rowBytes = pitch * pixelBytes;
  const inputRowBytes = shape.inputWidth * pixelBytes;
  const outputRowBytes = shape.outputWidth * pixelBytes;
  /** Pixels of zeros in front of a row in scratch memory, and the same for rows, which are not stored. */
  const before = Math.ceil(shape.left / spreadX);
  const above = Math.ceil(shape.top / spreadY);
  /** Row of the spread input at which a row of the output begins to look, counted from `above` rows further up. */
  const looksAt = (outputRow: Code): Code =>
    i32.add(i32.mul(outputRow, i32.const(strideY)), i32.const(above * spreadY - shape.top));

  /** Copies row `y` of the input, counted from `above` rows above it, to `target`, with zeros on both sides. */
  const copyRow: Code = [
    set(row, i32.sub(get(y), i32.const(above))),
    when(
      i32.and(i32.ge(get(row), i32.const(0)), i32.lt(get(row), i32.const(shape.inputHeight))),
      [
        set(
          source,
          i32.add(
            parameter(DEPTHWISE.input),
            i32.mul(
              i32.add(i32.mul(get(image), i32.const(shape.inputHeight)), get(row)),
              i32.const(inputRowBytes),
            ),
          ),
        ),
        clear(get(target), i32.const(before * pixelBytes)),
        copy(i32.add(get(target), i32.const(before * pixelBytes)), get(source), i32.const(inputRowBytes)),
        clear(
          i32.add(get(target), i32.const(before * pixelBytes + inputRowBytes)),
          i32.const(rowBytes - before * pixelBytes - inputRowBytes),
        ),
      ],
      clear(get(target), i32.const(rowBytes)),
    ),
    increase(target, i32.const(rowBytes)),
  ];

  /** For each column of the scratch row that `wide` pixels look at: the taps that meet it. */
  const meetings = (wide: number): ReadonlyMap<number, readonly Meeting[]> => {
    const met = new Map<number, Meeting[]>();
    for (let pixel = 0; pixel < wide; pixel++) {
      for (let tap = 0; tap < shape.width; tap++) {
        const at = pixel * strideX + tap - shape.left;
        if (at % spreadX !== 0) continue;
        const column = at / spreadX + before;
        met.set(column, [...met.get(column) ?? [], { pixel, tap }]);
      }
    }
    return new Map([...met].sort(([a], [b]) => a - b));
  };

  /** Computes four channels of `wide` pixels from the kernel's rows `firstTap`, `firstTap + spread`, … */
  const compute = (wide: number, firstTap: number): Code => {
    const met = meetings(wide);
    const used = new Set([...met.values()].flat().map(({ tap }) => tap));
    const kernelRows = Array.from(
      { length: Math.max(0, Math.ceil((shape.height - firstTap) / spreadY)) },
      (_, index) => firstTap + index * spreadY,
    );
    return [
      sums.slice(0, wide).map((sum) => set(sum, v128.load(i32.add(parameter(DEPTHWISE.bias), get(c))))),
      kernelRows.map((kernelRow, index) => [
        taps.map((tap, kx) =>
          used.has(kx)
            ? set(tap, v128.load(get(locals.kernel), (kernelRow * shape.width + kx) * pixelBytes))
            : []
        ),
        [...met].map(([column, uses]) => [
          set(value, v128.load(get(locals.in), index * rowBytes + column * pixelBytes)),
          uses.map(({ pixel, tap }) => {
            const sum = sums[pixel] as Local;
            return set(sum, v128.madd(get(value), get(taps[tap] as Local), get(sum)));
          }),
        ]),
      ]),
      sums.slice(0, wide).map((sum) => set(sum, v128.min(get(high), v128.max(get(low), get(sum))))),
      when(
        parameter(DEPTHWISE.gate),
        sums.slice(0, wide).map((sum, pixel) =>
          set(sum, throughGate(get(sum), get(gate), laneBits, pixel * pixelBytes / VECTOR_BYTES))
        ),
      ),
      sums.slice(0, wide).map((sum, pixel) => v128.store(get(locals.out), get(sum), pixel * pixelBytes)),
    ];
  };

  /** Computes all channels of the `wide` pixels that begin at `x`. */
  const step = (wide: number, firstTap: number): Code => [
    set(
      locals.in,
      i32.add(
        get(place),
        // Where pixels are spread, x is a multiple of the spread.
        i32.mul(i32.div(i32.mul(get(x), i32.const(strideX)), i32.const(spreadX)), i32.const(pixelBytes)),
      ),
    ),
    set(
      source,
      i32.add(
        i32.mul(
          i32.add(i32.mul(get(image), i32.const(shape.outputHeight)), get(y)),
          i32.const(outputRowBytes),
        ),
        i32.mul(get(x), i32.const(pixelBytes)),
      ),
    ),
    set(locals.out, i32.add(parameter(DEPTHWISE.output), get(source))),
    set(gate, i32.add(parameter(DEPTHWISE.gate), i32.shr(get(source), 4))),
    set(locals.kernel, parameter(DEPTHWISE.kernel)),
    count(c, i32.const(0), i32.const(pixelBytes), i32.const(VECTOR_BYTES), [
      compute(wide, firstTap),
      [locals.in, locals.out, locals.kernel].map((local) => increase(local, i32.const(VECTOR_BYTES))),
      increase(gate, i32.const(1)),
    ]),
  ];

  const whole = shape.outputWidth - shape.outputWidth % pixels;
  const outputRow = (firstTap: number): Code => [
    set(x, i32.const(0)),
    forever([
      leaveWhen(i32.ge(get(x), i32.const(whole))),
      step(pixels, firstTap),
      increase(x, i32.const(pixels)),
    ]),
    whole < shape.outputWidth ? step(shape.outputWidth - whole, firstTap) : [],
  ];

  func.body = [
    ([[low, DEPTHWISE.low], [high, DEPTHWISE.high]] as const).map(([local, place]) =>
      set(local, v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES)))
    ),
    set(laneBits, LANE_BITS),
    set(image, i32.div(get(block), parameter(DEPTHWISE.blocksPerImage))),
    set(
      first,
      i32.mul(i32.rem(get(block), parameter(DEPTHWISE.blocksPerImage)), parameter(DEPTHWISE.rowsPerBlock)),
    ),
    set(end, smaller(i32.add(get(first), parameter(DEPTHWISE.rowsPerBlock)), i32.const(shape.outputHeight))),
    set(firstRead, i32.div(looksAt(get(first)), i32.const(spreadY))),
    set(target, i32.const(scratch)),
    count(
      y,
      get(firstRead),
      i32.add(
        i32.div(
          i32.add(looksAt(i32.sub(get(end), i32.const(1))), i32.const(shape.height - 1)),
          i32.const(spreadY),
        ),
        i32.const(1),
      ),
      i32.const(1),
      copyRow,
    ),
    count(y, get(first), get(end), i32.const(1), [
      Array.from({ length: spreadY }, (_, phase) => {
        const firstTap = (spreadY - phase) % spreadY;
        return when(
          i32.eq(i32.rem(looksAt(get(y)), i32.const(spreadY)), i32.const(phase)),
          [
            set(
              place,
              i32.add(
                i32.const(scratch),
                i32.mul(
                  i32.sub(
                    i32.div(i32.add(looksAt(get(y)), i32.const(firstTap)), i32.const(spreadY)),
                    get(firstRead),
                  ),
                  i32.const(rowBytes),
                ),
              ),
            ),
            outputRow(firstTap),
          ],
        );
      }),
    ]),
  ];
  return module.add(func);
}
