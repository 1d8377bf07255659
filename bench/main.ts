/** `deno task bench`: this engine against the stock TensorFlow.js WASM backend, in one run on the same weights. */
import { openEngine, type Probe } from "../server/engine/mod.ts";
import { type Comparison, measure, type Row, table } from "./_rows.ts";
import type { StockTask } from "./stock_worker.ts";

const MODEL_DIR = "models/efficientnet-lite0";
const PHOTO = "tests/fixtures/photos/coffee.png";
const BATCH = 8;
const WINDOWS = 16;
const ROUNDS = 25;
const STOCK = "stock tfjs WASM, one thread, same folded and fused graph";

/** The stock backend in its worker. */
class Stock {
  readonly #worker = new Worker(new URL("./stock_worker.ts", import.meta.url), { type: "module" });

  /** Does a task and returns the time that it took there, in ms. */
  perform(task: StockTask): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.postMessage(task);
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}

async function main(): Promise<void> {
  const json = Deno.args.includes("--json");
  const unknown = Deno.args.find((arg) => arg !== "--json");
  if (unknown !== undefined) {
    throw new RangeError(`Cannot run the bench as it takes --json: current value is ${unknown}`);
  }
  const engine = await openEngine({ modelDir: MODEL_DIR });
  const stock = new Stock();
  await stock.perform({ kind: "start", modelDir: MODEL_DIR });
  const picture = await Deno.readFile(PHOTO);
  // Identical inputs are computed once, so a batch needs frames of its own.
  for (let frame = 0; frame < BATCH; frame++) await engine.admit(frame, "png", picture);

  const run = async (probes: readonly Probe[]): Promise<number> => {
    const startMs = performance.now();
    const { rows } = await engine.run(probes);
    const failed = rows.find((row) => !row.ok);
    if (failed !== undefined) throw new Error(`Cannot measure as a row failed: ${JSON.stringify(failed)}`);
    return performance.now() - startMs;
  };
  const plain = (frame: number): Probe => ({ frame, variation: { kind: "none" }, want: { kind: "logits" } });
  const batch = Array.from({ length: BATCH }, (_, frame) => plain(frame));
  const hidden = (window: number): Probe => ({
    frame: 0,
    variation: {
      kind: "fill",
      window: { top: 0, left: (window * 11) % 192, height: 32, width: 32 },
      fill: "grey",
    },
    want: { kind: "logits" },
  });
  const windows = async (): Promise<number> => {
    let ms = 0;
    for (let first = 0; first < WINDOWS; first += BATCH) {
      ms += await run(Array.from({ length: BATCH }, (_, index) => hidden(first + index)));
    }
    return ms / WINDOWS;
  };
  const forward = () => run([plain(0)]);
  const comparisons: readonly Comparison[] = [
    {
      name: "forward",
      other: STOCK,
      goal: 0.65,
      ours: forward,
      others: () => stock.perform({ kind: "forward", images: 1 }),
    },
    {
      name: "forward-batch8",
      other: `${STOCK}, in batches of 8, per image`,
      goal: 0.55,
      ours: async () => await run(batch) / BATCH,
      others: async () => await stock.perform({ kind: "forward", images: BATCH }) / BATCH,
    },
    {
      name: "occlusion-window",
      other: `${STOCK}, one by one, per window`,
      goal: 1 / 1.9,
      ours: windows,
      others: async () => await stock.perform({ kind: "occlusion", windows: WINDOWS }) / WINDOWS,
    },
    {
      name: "grad-cam-top5",
      other: "our own forward",
      goal: 1.05,
      ours: () =>
        run([{ frame: 0, variation: { kind: "none" }, want: { kind: "projection", top: 5, also: [] } }]),
      others: forward,
    },
    {
      name: "forward-layers-model",
      other: "stock tfjs WASM, one thread, LayersModel.predict",
      goal: null,
      ours: forward,
      others: () => stock.perform({ kind: "predict", images: 1 }),
    },
  ];

  const rows: Row[] = [];
  for (const comparison of comparisons) {
    progress(`measuring ${comparison.name} …`);
    rows.push(await measure(comparison, ROUNDS));
  }
  progress("");
  const machine = {
    cores: navigator.hardwareConcurrency,
    threads: engine.threads,
    os: Deno.build.os,
    arch: Deno.build.arch,
    deno: Deno.version.deno,
    rounds: ROUNDS,
  };
  say(
    json
      ? JSON.stringify({ machine, rows }, null, 2)
      : `${table(rows, new Map(comparisons.map(({ name, goal }) => [name, goal])))}\n\n` +
        `${engine.threads} threads on ${machine.cores} cores, medians of ${ROUNDS} pairs taken in turn; batches of ${BATCH}.`,
  );
  stock.close();
  await engine.close();
}

function progress(text: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
