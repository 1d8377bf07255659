/**
 * Cuts the same rectangle out of several values, each at a place of its own, with a smaller rectangle of new numbers
 * laid over it and zeros where it reaches over the border: what a layer looks at when only a part of it has changed.
 */
import {
  clear,
  copy,
  count,
  Func,
  get,
  i32,
  larger,
  type Local,
  type Module,
  set,
  smaller,
  when,
} from "./assembler.ts";
import { parameter } from "./job.ts";
import { CONTROL } from "./layout.ts";

/** Places of the parameters; addresses in bytes, sides in pixels. */
export const ASSEMBLE = {
  /** Where the cut-outs go, `[rows, height, width]` px. */
  target: 0,
  height: 1,
  width: 2,
  /** Size of the whole values. */
  wholeHeight: 3,
  wholeWidth: 4,
  /** Size of the new numbers' rectangles, `[rows, newHeight, newWidth]` px in one piece. */
  newHeight: 5,
  newWidth: 6,
  pixelBytes: 7,
  /** Lines of all cut-outs, and of a block. */
  lines: 8,
  linesPerBlock: 9,
} as const;

/** Places in the line that the table has for each cut-out. */
export const CUT_OUT = {
  /** Address of the whole value. */
  whole: 0,
  /** Address of the new numbers, laid over it. */
  fresh: 1,
  /** Where the cut-out begins in the whole value, in pixels; below zero where it reaches over the border. */
  top: 2,
  left: 3,
  /** Where the new numbers belong in the whole value. */
  freshTop: 4,
  freshLeft: 5,
} as const;

/** Bytes of a line of the table. */
export const CUT_OUT_BYTES = 32;

/** Adds the kernel: a block takes some lines of the cut-outs. */
export function addAssemble(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const local = func.named("line", "end", "entry", "y", "left", "zeros", "stop", "target", "from", "to");
  const pixels = (count: ReturnType<typeof get>) => i32.mul(count, parameter(ASSEMBLE.pixelBytes));
  const entry = (place: number) => i32.load(get(local.entry), place * 4);
  func.body = [
    set(local.line, i32.mul(get(block), parameter(ASSEMBLE.linesPerBlock))),
    set(
      local.end,
      smaller(i32.add(get(local.line), parameter(ASSEMBLE.linesPerBlock)), parameter(ASSEMBLE.lines)),
    ),
    count(local.line, get(local.line), get(local.end), i32.const(1), [
      set(
        local.entry,
        i32.add(
          i32.const(CONTROL.table),
          i32.mul(i32.div(get(local.line), parameter(ASSEMBLE.height)), i32.const(CUT_OUT_BYTES)),
        ),
      ),
      set(local.y, i32.add(i32.rem(get(local.line), parameter(ASSEMBLE.height)), entry(CUT_OUT.top))),
      set(local.left, entry(CUT_OUT.left)),
      set(
        local.target,
        i32.add(parameter(ASSEMBLE.target), pixels(i32.mul(get(local.line), parameter(ASSEMBLE.width)))),
      ),
      when(
        i32.or(
          i32.lt(get(local.y), i32.const(0)),
          i32.ge(get(local.y), parameter(ASSEMBLE.wholeHeight)),
        ),
        clear(get(local.target), pixels(parameter(ASSEMBLE.width))),
        [
          // Columns of the cut-out that lie inside the whole value.
          set(local.zeros, larger(i32.sub(i32.const(0), get(local.left)), i32.const(0))),
          set(
            local.stop,
            smaller(i32.sub(parameter(ASSEMBLE.wholeWidth), get(local.left)), parameter(ASSEMBLE.width)),
          ),
          clear(get(local.target), pixels(get(local.zeros))),
          copy(
            i32.add(get(local.target), pixels(get(local.zeros))),
            i32.add(
              entry(CUT_OUT.whole),
              pixels(
                i32.add(
                  i32.mul(get(local.y), parameter(ASSEMBLE.wholeWidth)),
                  i32.add(get(local.left), get(local.zeros)),
                ),
              ),
            ),
            pixels(i32.sub(get(local.stop), get(local.zeros))),
          ),
          clear(
            i32.add(get(local.target), pixels(get(local.stop))),
            pixels(i32.sub(parameter(ASSEMBLE.width), get(local.stop))),
          ),
          // The new numbers' line, and what of it the cut-out holds.
          set(local.y, i32.sub(get(local.y), entry(CUT_OUT.freshTop))),
          set(local.from, larger(entry(CUT_OUT.freshLeft), get(local.left))),
          set(
            local.to,
            smaller(
              i32.add(entry(CUT_OUT.freshLeft), parameter(ASSEMBLE.newWidth)),
              i32.add(get(local.left), parameter(ASSEMBLE.width)),
            ),
          ),
          when(
            i32.and(
              i32.and(
                i32.ge(get(local.y), i32.const(0)),
                i32.lt(get(local.y), parameter(ASSEMBLE.newHeight)),
              ),
              i32.lt(get(local.from), get(local.to)),
            ),
            copy(
              i32.add(get(local.target), pixels(i32.sub(get(local.from), get(local.left)))),
              i32.add(
                entry(CUT_OUT.fresh),
                pixels(
                  i32.add(
                    i32.mul(get(local.y), parameter(ASSEMBLE.newWidth)),
                    i32.sub(get(local.from), entry(CUT_OUT.freshLeft)),
                  ),
                ),
              ),
              pixels(i32.sub(get(local.to), get(local.from))),
            ),
          ),
        ],
      ),
    ]),
  ];
  return module.add(func);
}
