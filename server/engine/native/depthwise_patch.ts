/**
 * Depthwise convolution of patches whose borders are in them already and whose size is known only when it is called:
 * what `depthwise.ts` computes for whole values, for parts of them.
 */
import {
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
} from "./assembler.ts";
import type { DepthwiseShape } from "./depthwise.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

const FLOAT_BYTES = 4;
const VECTOR_BYTES = 16;

/** Pixels of a line that one step computes; a patch has no fewer. */
export const PATCH_PIXELS = 4;

/** What the code is written for. */
export type PatchKernel = Pick<DepthwiseShape, "height" | "width" | "strideY" | "strideX" | "channels">;

/** Places of the kernel's parameters; addresses in bytes, sides in pixels. */
export const DEPTHWISE_PATCH = {
  /** `[rows, inputHeight, inputWidth, channels]`. */
  input: 0,
  kernel: 1,
  bias: 2,
  /** `[rows, outputHeight, outputWidth, channels]`. */
  output: 3,
  inputHeight: 4,
  inputWidth: 5,
  outputHeight: 6,
  outputWidth: 7,
  low: 8,
  high: 9,
} as const;

/** A text that is equal for layers that share the code. */
export function patchKey({ height, width, strideY, strideX, channels }: PatchKernel): string {
  return [height, width, strideY, strideX, channels].join();
}

/** Adds the function for a layer and returns its place in the table; a block is a line of the output. */
export function addDepthwisePatch(
  module: Module,
  { height, width, strideY, strideX, channels }: PatchKernel,
): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const local = func.named("x", "c", "first", "kernel", "out");
  const rows = func.locals("i32", height);
  const sums = func.locals("v128", PATCH_PIXELS);
  const taps = func.locals("v128", width);
  const value = func.local("v128");
  const low = func.local("v128");
  const high = func.local("v128");
  const pixelBytes = channels * FLOAT_BYTES;
  const columnsRead = (PATCH_PIXELS - 1) * strideX + width;
  const p = (name: keyof typeof DEPTHWISE_PATCH) => parameter(DEPTHWISE_PATCH[name]);

  func.body = [
    ([[low, DEPTHWISE_PATCH.low], [high, DEPTHWISE_PATCH.high]] as const).map(([local, place]) =>
      set(local, v128.splat(f32.load(i32.const(CONTROL.parameters), place * FLOAT_BYTES)))
    ),
    // First line of the input that the block's line looks at.
    set(
      local.first,
      i32.add(
        i32.mul(i32.div(get(block), p("outputHeight")), p("inputHeight")),
        i32.mul(i32.rem(get(block), p("outputHeight")), i32.const(strideY)),
      ),
    ),
    set(local.x, i32.const(0)),
    forever([
      leaveWhen(i32.ge(get(local.x), p("outputWidth"))),
      // The last pixels of a line are computed with some of those before them once more.
      set(local.x, smaller(get(local.x), i32.sub(p("outputWidth"), i32.const(PATCH_PIXELS)))),
      rows.map((row, ky) =>
        set(
          row,
          i32.add(
            p("input"),
            i32.mul(
              i32.add(
                i32.mul(i32.add(get(local.first), i32.const(ky)), p("inputWidth")),
                i32.mul(get(local.x), i32.const(strideX)),
              ),
              i32.const(pixelBytes),
            ),
          ),
        )
      ),
      set(
        local.out,
        i32.add(
          p("output"),
          i32.mul(i32.add(i32.mul(get(block), p("outputWidth")), get(local.x)), i32.const(pixelBytes)),
        ),
      ),
      set(local.kernel, p("kernel")),
      count(local.c, i32.const(0), i32.const(pixelBytes), i32.const(VECTOR_BYTES), [
        sums.map((sum) => set(sum, v128.load(i32.add(p("bias"), get(local.c))))),
        rows.map((row, ky) => [
          taps.map((tap, kx) => set(tap, v128.load(get(local.kernel), (ky * width + kx) * pixelBytes))),
          Array.from({ length: columnsRead }, (_, column) => {
            const uses = sums.flatMap((sum, pixel) => {
              const tap = taps[column - pixel * strideX];
              return tap === undefined ? [] : [set(sum, v128.madd(get(value), get(tap), get(sum)))];
            });
            return uses.length === 0 ? [] : [set(value, v128.load(get(row), column * pixelBytes)), uses];
          }),
        ]),
        sums.map((sum, pixel) =>
          v128.store(get(local.out), v128.min(get(high), v128.max(get(low), get(sum))), pixel * pixelBytes)
        ),
        [...rows, local.out, local.kernel].map((pointer) => increase(pointer, i32.const(VECTOR_BYTES))),
      ]),
      increase(local.x, i32.const(PATCH_PIXELS)),
    ]),
  ];
  return module.add(func);
}
