/**
 * How long a thread waits in a loop before it sleeps.
 *
 * The thread pool in the package's WebAssembly (pthreadpool) lets a thread that waits for the others run through
 * 1,000,000 rounds before it gives its core away. That is right while every thread has a core. With a browser on
 * the same cores it is not: the system puts both threads on one core, and one burns the time that the other needs.
 * Two threads then took 2.4 times as long as one; after this change as long as one, and as before on idle cores.
 */

/** Rounds that a waiting thread runs through before it sleeps; about 20 µs. The loops are unrolled: a multiple of 16. */
export const SPIN_ROUNDS = 20_000;

/** `i32.const 1000000`, as the compiler wrote it. */
const PACKAGE_SPIN = [0x41, 0xc0, 0x84, 0x3d] as const;

/** Where it stands: the caller's wait for its threads, and twice the threads' wait for work. */
const PLACES = 3;

/** Gives the WebAssembly with the shorter wait; a binary that does not look as expected is left as it is. */
export function shortenSpin(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const places: number[] = [];
  for (let at = binary.indexOf(PACKAGE_SPIN[0]); at >= 0; at = binary.indexOf(PACKAGE_SPIN[0], at + 1)) {
    if (PACKAGE_SPIN.every((byte, index) => binary[at + index] === byte)) places.push(at);
  }
  if (places.length !== PLACES) return binary;
  const changed = binary.slice();
  for (const at of places) changed.set(threeByteLeb(SPIN_ROUNDS), at + 1);
  return changed;
}

/** A LEB128 number padded to the length of the one that it takes the place of. */
function threeByteLeb(value: number): number[] {
  return [(value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, (value >> 14) & 0x7f];
}
