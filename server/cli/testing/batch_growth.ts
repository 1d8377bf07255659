/**
 * Measures what a batch of the command keeps of each picture, for a test; V8's switch `--expose-gc` is needed.
 *
 *     deno run --v8-flags=--expose-gc --allow-read --allow-env server/cli/testing/batch_growth.ts
 *
 * Prints the growth of the heap and of what it holds outside, in bytes a picture, from the first mark to the last.
 */
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { createMemoryEngine } from "../../engine/testing/memory_engine.ts";
import { encodePng } from "../../report/mod.ts";
import { memoryIo } from "./memory_io.ts";
import { main } from "../explain.ts";

/** Pictures before which the memory is read: the first time everything has been made that is made once. */
const MARKS = [12, 24] as const;

/** Collections of garbage, a turn of the event loop behind each, after which no buffer is left that nobody owns. */
const SETTLING_TURNS = 10;

const SIDE = 224;

function collectGarbage(): void {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc !== "function") throw new Error("Cannot measure the heap: expected V8's switch --expose-gc");
  gc();
}

/** What is held when nothing more is given back: buffers go some turns of the event loop after their owners. */
async function held(): Promise<number> {
  let least = Infinity;
  for (let turn = 0; turn < SETTLING_TURNS; turn++) {
    collectGarbage();
    await setImmediate();
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

/** Bytes a picture that a run of the last mark's pictures keeps. */
async function growth(): Promise<number> {
  const png = encodePng({ width: SIDE, height: SIDE, rgb: new Uint8Array(3 * SIDE * SIDE).fill(90) });
  const [first, last] = MARKS;
  const images = Array.from({ length: last }, (_, index) => `${index}.png`);
  const read = new Map<number, number>();
  const engine = createMemoryEngine({
    async beforeAdmit(key) {
      if (MARKS.some((mark) => mark === key)) read.set(key, await held());
    },
  });
  const quiet = memoryIo({
    engine,
    files: Object.fromEntries(images.map((image) => [image, png])),
  });
  const nothing = {
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
  const code = await main(
    [
      ...images,
      "--method",
      "saliency,grad-cam",
      "--json-lines",
      "--map",
      "m.npy",
      "--png",
      "o.png",
      "--report",
      "r.html",
    ],
    {
      ...quiet,
      stdout: () => {},
      writeFile: () => Promise.resolve(),
      openFile: () => Promise.resolve(nothing),
    },
  );
  if (code !== 0) {
    throw new Error(`Cannot measure the batch: expected exit code 0, got ${code}: ${quiet.err()}`);
  }
  return ((read.get(last) ?? NaN) - (read.get(first) ?? NaN)) / (last - first);
}

if (import.meta.main) {
  process.stdout.write(`${Math.round(await growth())}\n`);
  process.exit();
}
