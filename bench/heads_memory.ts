/**
 * What learning takes of the server's memory: 20 classes of 200 pictures, with the features of EfficientNet-Lite0, fitted and
 * cross-validated in the worker as a collection's are. Rows and worker count.
 *
 *     deno task bench-heads-memory [KIND …]
 */
import process from "node:process";
import { HEAD_KINDS } from "../shared/head_model.ts";
import { type LabelledRows, MersenneTwister, openHeadWorker, sharedRows } from "../server/heads/mod.ts";

const [CLASSES, PICTURES, FEATURES] = [20, 200, 1_280];

/** How often the memory is read, in ms. */
const LOOK_MS = 10;

/** What may be taken, in MB. */
const MOST_MB = 150;

/** Rows around a centre for each class. */
function drawn(pictures: number): LabelledRows {
  const random = new MersenneTwister(1);
  const share = () => random.next() / 2 ** 32;
  const centres = Float32Array.from({ length: CLASSES * FEATURES }, share);
  const labels = Int32Array.from({ length: CLASSES * pictures }, (_, row) => row % CLASSES);
  const values = Float32Array.from({ length: labels.length * FEATURES }, (_, at) => {
    const label = labels[Math.floor(at / FEATURES)] ?? 0;
    return 0.3 * (centres[label * FEATURES + at % FEATURES] ?? 0) + share();
  });
  return {
    rows: sharedRows({ values, width: FEATURES }),
    labels,
    classes: Array.from({ length: CLASSES }, (_, place) => `class ${place}`),
  };
}

const nowMb = () => Deno.memoryUsage().rss / 1e6;

const given = HEAD_KINDS.filter((kind) => Deno.args.includes(kind));
const worker = openHeadWorker();
// The runtime of a worker is there once, whatever is learned.
await worker.fit("linear", drawn(2));
const beforeMb = nowMb();
let mostMb = 0;
const looking = setInterval(() => mostMb = Math.max(mostMb, nowMb()), LOOK_MS);
const from = drawn(PICTURES);
for (const kind of given.length > 0 ? given : ["linear" as const]) {
  mostMb = 0;
  const beganMs = performance.now();
  await worker.fit(kind, from);
  await worker.crossValidate(kind, from);
  const [mb, seconds] = [mostMb - beforeMb, (performance.now() - beganMs) / 1_000];
  process.stdout.write(
    `${kind}: at most ${mb.toFixed(0)} MB more (${
      mb <= MOST_MB ? "within" : "beyond"
    } ${MOST_MB} MB), fitted and ` +
      `cross-validated in ${seconds.toFixed(0)} s\n`,
  );
}
clearInterval(looking);
worker.close();
