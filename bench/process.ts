/**
 * What the engine's own process costs a frame: the same frames in turn by the engine in its process and by one in a
 * worker of this one. Prints a table, or one JSON document with `--json`.
 */
import { decodePicture, type Engine, fitInput, openEngine, type Want } from "../server/engine/mod.ts";
import type { FrameFormat } from "../shared/codec.ts";
import { openProcessEngine } from "../tests/support/process_engine.ts";

const MODEL_DIR = "models/efficientnet-lite0";
const PHOTO = "client/public/samples/coffee.jpg";

/** Pairs of a case; the first ones do not count. */
const PAIRS = 150;
const WARM_UP = 10;

const FRAME = 1;

/** What one case took, in ms, medians of all pairs. */
interface Cost {
  readonly frame: string;
  readonly workerMs: number;
  readonly processMs: number;
  /** Median of what each pair differs in outside of the computation. */
  readonly overheadMs: number;
}

interface Case {
  readonly frame: string;
  readonly format: FrameFormat;
  readonly picture: Uint8Array<ArrayBuffer>;
  readonly want: Want;
}

/** What a frame took, in ms: all of it, and what the engine did not compute in. */
async function explain(engine: Engine, { format, picture, want }: Case) {
  const startMs = performance.now();
  const admitted = await engine.admit(FRAME, format, picture);
  const { computeMs } = await engine.run([{ frame: FRAME, variation: { kind: "none" }, want }]);
  const ms = performance.now() - startMs;
  engine.release(FRAME);
  return { ms, restMs: ms - admitted.computeMs - computeMs };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function measure(inWorker: Engine, inProcess: Engine, one: Case): Promise<Cost> {
  const pairs: { worker: { ms: number; restMs: number }; process: { ms: number; restMs: number } }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    if (pair % 2 === 0) {
      pairs.push({ worker: await explain(inWorker, one), process: await explain(inProcess, one) });
    } else pairs.push({ process: await explain(inProcess, one), worker: await explain(inWorker, one) });
  }
  const counted = pairs.slice(WARM_UP);
  return {
    frame: one.frame,
    workerMs: median(counted.map(({ worker }) => worker.ms)),
    processMs: median(counted.map(({ process }) => process.ms)),
    overheadMs: median(counted.map(({ worker, process }) => process.restMs - worker.restMs)),
  };
}

await using stack = new AsyncDisposableStack();
const inWorker = stack.adopt(await openEngine({ modelDir: MODEL_DIR }), (engine) => engine.close());
const { engine: inProcess } = stack.use(await openProcessEngine(MODEL_DIR));
const jpeg = await Deno.readFile(PHOTO);
const { rgb } = fitInput(await decodePicture(jpeg), inWorker.model.width, inWorker.model.height);
const projection: Want = { kind: "projection", top: 5, also: [] };
const target = { kind: "target", target: { kind: "rank", rank: 1 }, score: "logit" } as const;
const CASES: readonly Case[] = [
  { frame: "pixels, Grad-CAM", format: "rgb", picture: rgb, want: projection },
  { frame: "JPEG, Grad-CAM", format: "jpeg", picture: jpeg, want: projection },
  {
    frame: "pixels, saliency",
    format: "rgb",
    picture: rgb,
    want: { kind: "input", score: target, rule: "plain" },
  },
];
const costs: Cost[] = [];
for (const one of CASES) costs.push(await measure(inWorker, inProcess, one));
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
if (Deno.args.includes("--json")) say(JSON.stringify({ costs }));
else {
  say("frame             worker ms  process ms  overhead ms");
  for (const { frame, workerMs, processMs, overheadMs } of costs) {
    const numbers = [[workerMs, 9], [processMs, 12], [overheadMs, 13]] as const;
    say(frame.padEnd(18) + numbers.map(([ms, width]) => ms.toFixed(2).padStart(width)).join(""));
  }
}
