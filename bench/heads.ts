/**
 * How long heads take to fit and to predict: rows as a network's pooled features are, above 0 and of classes that overlap.
 *
 *     deno task bench-heads [ROWS] [FEATURES] [CLASSES]
 */
import process from "node:process";
import { HEAD_KINDS } from "../shared/head_model.ts";
import {
  countRows,
  fitHead,
  type LabelledRows,
  MersenneTwister,
  predictor,
  rowAt,
} from "../server/heads/mod.ts";

/** How often each is done; the median counts. */
const TURNS = 5;

const [count = 200, width = 1_280, classes = 4] = Deno.args.map(Number);

/** Each class has a tenth of the features of its own, a little stronger. */
function drawn(): LabelledRows {
  const random = new MersenneTwister(1);
  const share = () => random.next() / 2 ** 32;
  const labels = Int32Array.from({ length: count }, (_, row) => row % classes);
  const values = Float32Array.from({ length: count * width }, (_, at) => {
    const own = (at % width) % (10 * classes) === labels[Math.floor(at / width)];
    return Math.max(0, -Math.log(1 - share()) * (own ? 0.7 : 0.5) - 0.1);
  });
  return {
    rows: { values, width },
    labels,
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const from = drawn();
const lines = [`${countRows(from.rows)} rows × ${width} features, ${classes} classes; median of ${TURNS}`];
for (const kind of HEAD_KINDS) {
  const fitMs: number[] = [];
  const rowMs: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const beganMs = performance.now();
    const predict = predictor(fitHead(kind, from, { seed: turn }));
    const fittedMs = performance.now();
    for (let row = 0; row < 100; row++) predict(rowAt(from.rows, row % count));
    fitMs.push(fittedMs - beganMs);
    rowMs.push((performance.now() - fittedMs) / 100);
  }
  lines.push(`${kind.padEnd(12)} fit ${median(fitMs).toFixed(0)} ms, a row ${median(rowMs).toFixed(3)} ms`);
}
process.stdout.write(`${lines.join("\n")}\n`);
