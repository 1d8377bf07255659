/** How threads share a job: the code that takes blocks off it, waits for one, and hands one out. */
import {
  againWhen,
  atomic,
  forever,
  Func,
  get,
  i32,
  increase,
  leaveFunction,
  leaveWhen,
  type Module,
  set,
  when,
} from "./assembler.ts";
import { CONTROL } from "./layout.ts";

/** Rounds that a helper waits in a loop before it sleeps; about 50 µs, longer than what lies between two kernels. */
const SPIN_ROUNDS = 40_000;

/** Rounds that the first thread waits in a loop for helpers to finish their last block. */
const FINISH_ROUNDS = 20_000;

/** How long the first thread sleeps at most before it looks again, in ns. */
const FINISH_SLEEP_NS = 1_000_000;

const at = (address: number) => i32.const(address);

/** Reads the kernel's parameter at a place, as a whole number. */
export const parameter = (place: number) => i32.load(at(CONTROL.parameters), place * 4);

/** Takes blocks off the job until none is left. */
function takeBlocks(module: Module): Func {
  const func = new Func();
  const block = func.local("i32");
  func.body = forever([
    set(block, atomic.add(at(CONTROL.next), i32.const(1))),
    leaveWhen(i32.ge(get(block), i32.load(at(CONTROL.blocks)))),
    module.callAt(i32.load(at(CONTROL.kernel)), [get(block)]),
  ]);
  return func;
}

/**
 * The life of a helper: waits for a job, takes part in it, and so on for ever.
 *
 * A helper says that it is active before it looks whether the job is still open, and the first thread closes the job
 * before it looks for active helpers: so a helper that comes too late, because its core was busy with something
 * else, holds up nobody.
 */
function help(take: number): Func {
  const func = new Func();
  const { seen, now, rounds } = func.named("seen", "now", "rounds");
  func.body = [
    forever([
      set(rounds, i32.const(0)),
      forever([
        set(now, atomic.load(at(CONTROL.job))),
        leaveWhen(i32.and(i32.ne(get(now), get(seen)), i32.and(get(now), i32.const(1)))),
        increase(rounds, i32.const(1)),
        againWhen(i32.lt(get(rounds), i32.const(SPIN_ROUNDS))),
        atomic.wait(at(CONTROL.job), get(now), -1),
        set(rounds, i32.const(0)),
      ]),
      set(seen, get(now)),
      atomic.add(at(CONTROL.active), i32.const(1)),
      0x1a,
      when(i32.eq(atomic.load(at(CONTROL.job)), get(now)), [0x10, take]),
      when(
        i32.eq(atomic.add(at(CONTROL.active), i32.const(-1)), i32.const(1)),
        atomic.notify(at(CONTROL.active)),
      ),
    ]),
  ];
  return func;
}

/** Opens a job, works on it, closes it and waits until no helper is in it any more. */
function lead(take: number): Func {
  const func = new Func();
  const rounds = func.local("i32");
  func.body = [
    atomic.store(at(CONTROL.next), i32.const(0)),
    atomic.add(at(CONTROL.job), i32.const(1)),
    0x1a,
    when(i32.gt(i32.load(at(CONTROL.blocks)), i32.const(1)), atomic.notify(at(CONTROL.job))),
    [0x10, take],
    atomic.add(at(CONTROL.job), i32.const(1)),
    0x1a,
    forever([
      when(i32.eqz(atomic.load(at(CONTROL.active))), leaveFunction),
      increase(rounds, i32.const(1)),
      againWhen(i32.lt(get(rounds), i32.const(FINISH_ROUNDS))),
      atomic.wait(at(CONTROL.active), atomic.load(at(CONTROL.active)), FINISH_SLEEP_NS),
    ]),
  ];
  return func;
}

/** Adds the functions of the job to a module: `lead` for the first thread, `help` for the others. */
export function addJob(module: Module): void {
  const take = module.add(takeBlocks(module));
  module.add(help(take), "help");
  module.add(lead(take), "lead");
}
