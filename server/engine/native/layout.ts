/**
 * Where the kernels' own memory lies in the WebAssembly memory that they share with tfjs.
 *
 * The memory has a fixed size, so that V8 checks an address against a constant. The kernels' part begins at 2 GiB:
 * V8 (15.0) joins two neighbouring loads of 128 bits into one of 256 where their address is a constant of 2³¹ or
 * more; a smaller one it works into the instruction first and then overlooks.
 */
import { MAX_THREADS } from "../threads/pool.ts";

const PAGE_BYTES = 65_536;

/** First byte of the kernels' part; tfjs's own memory ends here. */
export const TFJS_END = 2 ** 31;

/** A thread's scratch memory, in pages: most of it holds the rows that a depthwise convolution works on. */
const SCRATCH_PAGES = 64;

/** Size of a thread's scratch memory, in bytes. */
export const SCRATCH_BYTES = SCRATCH_PAGES * PAGE_BYTES;

/** Size of the whole memory in pages of 64 KiB: 2 GiB for tfjs, one page of control, 4 MiB for each thread. */
export const PAGES = TFJS_END / PAGE_BYTES + 1 + MAX_THREADS * SCRATCH_PAGES;

/** What the threads tell each other by; each on a cache line of its own. */
export const CONTROL = {
  /** Number of the job, odd while blocks can be taken from it. */
  job: TFJS_END,
  /** Next block of the job. */
  next: TFJS_END + 64,
  /** Helpers that are inside the job. */
  active: TFJS_END + 128,
  /** Blocks of the job. */
  blocks: TFJS_END + 192,
  /** The kernel's place in the table. */
  kernel: TFJS_END + 196,
  /** The kernel's parameters, four bytes each. */
  parameters: TFJS_END + 256,
  /** What a kernel receives for each row of a batch; up to 4 KiB. */
  table: TFJS_END + 1024,
} as const;

/** Address of a thread's scratch memory; thread 0 is the one that hands out the jobs. */
export function scratchOf(thread: number): number {
  return TFJS_END + PAGE_BYTES + SCRATCH_BYTES * thread;
}
