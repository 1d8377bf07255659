/** Copies lines of numbers that lie apart: matrices into panels, and turned over. */
import {
  type Code,
  copy,
  count,
  f32,
  Func,
  get,
  i32,
  increase,
  type Local,
  type Module,
  set,
  smaller,
  when,
} from "./assembler.ts";
import { parameter } from "./job.ts";

/** Places of the parameters; addresses and distances in bytes. */
export const STRIDED = {
  from: 0,
  to: 1,
  lines: 2,
  linesPerBlock: 3,
  /** Lines of a panel; each panel begins `panelStep` behind the one before. */
  linesPerPanel: 4,
  panelStep: 5,
  /** From one line of a panel to the next. */
  lineStep: 6,
  /** Bytes that a line has in the copy. */
  width: 7,
  /** From one number of a line to the next. */
  step: 8,
  /** From one line of the copy to the next. */
  toStep: 9,
} as const;

const FLOAT_BYTES = 4;
/** Numbers that are copied in one round. */
const ROUND = 8;

/** Adds the kernel: a block takes some of the lines. */
export function addStrided(module: Module): number {
  const func = new Func("i32");
  const [block] = func.params as readonly [Local];
  const { line, end, from, to, stop, whole } = func.named("line", "end", "from", "to", "stop", "whole");
  const one = (number: number): Code =>
    f32.store(
      get(to),
      f32.load(i32.add(get(from), i32.mul(parameter(STRIDED.step), i32.const(number)))),
      number * FLOAT_BYTES,
    );
  const rounds = (numbers: number, until: Local) =>
    count(to, get(to), get(until), i32.const(numbers * FLOAT_BYTES), [
      Array.from({ length: numbers }, (_, number) => one(number)),
      increase(from, i32.mul(parameter(STRIDED.step), i32.const(numbers))),
    ]);
  func.body = [
    set(line, i32.mul(get(block), parameter(STRIDED.linesPerBlock))),
    set(end, smaller(i32.add(get(line), parameter(STRIDED.linesPerBlock)), parameter(STRIDED.lines))),
    count(line, get(line), get(end), i32.const(1), [
      set(
        from,
        i32.add(
          parameter(STRIDED.from),
          i32.add(
            i32.mul(i32.div(get(line), parameter(STRIDED.linesPerPanel)), parameter(STRIDED.panelStep)),
            i32.mul(i32.rem(get(line), parameter(STRIDED.linesPerPanel)), parameter(STRIDED.lineStep)),
          ),
        ),
      ),
      set(to, i32.add(parameter(STRIDED.to), i32.mul(get(line), parameter(STRIDED.toStep)))),
      when(
        i32.eq(parameter(STRIDED.step), i32.const(FLOAT_BYTES)),
        copy(get(to), get(from), parameter(STRIDED.width)),
        [
          set(stop, i32.add(get(to), parameter(STRIDED.width))),
          set(whole, i32.sub(get(stop), i32.const((ROUND - 1) * FLOAT_BYTES))),
          rounds(ROUND, whole),
          rounds(1, stop),
        ],
      ),
    ]),
  ];
  return module.add(func);
}
