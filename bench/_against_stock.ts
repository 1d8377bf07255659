/** The comparisons of `deno task bench`: this engine with the stock TensorFlow.js WASM backend on the same weights. */
import { type Engine, MAX_BATCH_ROWS, type Probe } from "../server/engine/mod.ts";
import type { Comparison } from "./_rows.ts";
import type { StockTask } from "./stock_worker.ts";

const WINDOWS = 16;
const BATCH = MAX_BATCH_ROWS;
const STOCK = "stock tfjs WASM, one thread, same folded and fused graph";

/** The stock backend in its worker. */
export class Stock {
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

/** The comparisons on a photo; the stock backend must have been started. */
export async function againstStock(
  engine: Engine,
  stock: Stock,
  photo: Uint8Array<ArrayBuffer>,
): Promise<Comparison[]> {
  // Identical inputs are computed once, so a batch needs frames of its own.
  for (let frame = 0; frame < BATCH; frame++) await engine.admit(frame, "png", photo);
  const run = async (probes: readonly Probe[]): Promise<number> => {
    const startMs = performance.now();
    const { rows } = await engine.run(probes);
    const failed = rows.find((row) => !row.ok);
    if (failed !== undefined) throw new Error(`Cannot measure: a row failed: ${JSON.stringify(failed)}`);
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
  return [
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
}
