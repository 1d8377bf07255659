/** The engine itself, as it lives in its worker: keeps frames, runs batches. */
import type { FrameFormat } from "../../../shared/codec.ts";
import { Kernels, type Value } from "../graph/kernels.ts";
import { decodePicture, fitInput } from "../image/mod.ts";
import type { ModelFolder } from "../model/folder.ts";
import type {
  BatchResult,
  EngineStats,
  FrameKey,
  LoadedModel,
  Probe,
  Projection,
  Row,
  Want,
} from "../port.ts";
import { variationKey } from "../port.ts";
import { heapBytes, type StartedBackend } from "../threads/backend.ts";
import { probeFault } from "./fault.ts";
import { topClasses } from "../top_classes.ts";
import { normalise, writeVariation } from "./frames.ts";
import { project } from "./head.ts";
import { loadNetwork, type Network } from "./network.ts";

/** Rows of one forward; a larger batch runs in parts, so that its activations stay below a gigabyte. */
const MAX_ROWS = 32;

/** Keeps frames and runs batches of probes on them. */
export class EngineCore {
  readonly model: LoadedModel;
  readonly #backend: StartedBackend;
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #frames = new Map<FrameKey, Float32Array>();
  #batches = 0;

  constructor(folder: ModelFolder, backend: StartedBackend) {
    this.#backend = backend;
    this.#kernels = new Kernels(backend.backend);
    this.#network = loadNetwork(folder, this.#kernels);
    this.model = this.#network.model;
  }

  /** Decodes a picture, brings it to the input's size and keeps it. */
  async admit(key: FrameKey, format: FrameFormat, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const picture = fitInput(await decodePicture(bytes, { format }), this.model.width, this.model.height);
    this.#frames.set(key, normalise(picture, this.#network.normalisation));
  }

  /** Forgets a frame. */
  release(key: FrameKey): void {
    this.#frames.delete(key);
  }

  /** Runs one batch; an input that several probes share is computed once. */
  run(batch: readonly Probe[]): BatchResult {
    const start = performance.now();
    this.#batches++;
    const rows: Row[] = [];
    const sharing = new Map<string, number[]>();
    for (const [place, probe] of batch.entries()) {
      const fault = probeFault(probe, this.#frames.has(probe.frame), this.model);
      if (fault !== null) {
        rows[place] = { ok: false, reason: `Cannot compute the row as ${fault}` };
        continue;
      }
      const input = `${probe.frame}|${variationKey(probe.variation)}`;
      const places = sharing.get(input);
      if (places === undefined) sharing.set(input, [place]);
      else places.push(place);
    }
    const inputs = [...sharing.values()];
    for (let first = 0; first < inputs.length; first += MAX_ROWS) {
      this.#compute(batch, inputs.slice(first, first + MAX_ROWS), rows);
    }
    return { rows, computeMs: performance.now() - start };
  }

  /** Figures of the moment. */
  stats(): EngineStats {
    return {
      threads: this.#backend.threads,
      tensors: this.#kernels.count,
      tensorBytes: this.#kernels.bytes,
      heapBytes: heapBytes(this.#backend.backend),
      frames: this.#frames.size,
      batches: this.#batches,
    };
  }

  /** Runs one forward over inputs, each given by the places in the batch that share it, and writes their rows. */
  #compute(batch: readonly Probe[], inputs: readonly (readonly number[])[], rows: Row[]): void {
    const { executor, head } = this.#network;
    const probes = inputs.map(([first = 0]) => batch[first] as Probe);
    const wantsFeatures = inputs.flat().some((place) => batch[place]?.want.kind === "projection");
    const keep = [executor.graph.logits, ...(wantsFeatures && head !== null ? [head.layer] : [])];

    const input = this.#assemble(probes);
    const outputs = executor.forward(input, keep);
    this.#kernels.free(input);
    const [logits, features = null] = outputs as readonly [Value, Value?];
    for (const [index, places] of inputs.entries()) {
      const own = part(this.#kernels.view(logits), index, inputs.length).slice();
      const same = new Map<string, Row>();
      for (const place of places) {
        const { want } = batch[place] as Probe;
        const key = JSON.stringify(want);
        const row = same.get(key) ??
          { ok: true, logits: own, projection: this.#project(own, features, index, want), detail: null };
        same.set(key, row);
        rows[place] = row;
      }
    }
    for (const output of outputs) this.#kernels.free(output);
  }

  /** Writes the inputs into the WebAssembly memory, `[rows, height, width, 3]`. */
  #assemble(inputs: readonly Pick<Probe, "frame" | "variation">[]): Value {
    const { height, width } = this.model;
    const value = this.#kernels.allocate([inputs.length, height, width, 3]);
    const numbers = this.#kernels.view(value);
    for (const [index, { frame, variation }] of inputs.entries()) {
      const pixels = this.#frames.get(frame) as Float32Array;
      writeVariation(
        part(numbers, index, inputs.length),
        pixels,
        variation,
        this.model,
        this.#network.normalisation,
      );
    }
    return value;
  }

  #project(logits: Float32Array, features: Value | null, index: number, want: Want): Projection | null {
    const { head } = this.#network;
    if (want.kind !== "projection" || features === null || head === null) return null;
    const classes = new Set([...topClasses(logits, want.top), ...want.also]);
    return project(this.#kernels, head, features, index, [...classes]);
  }
}

/** One of `count` equal parts, in place. */
function part(values: Float32Array, index: number, count: number): Float32Array {
  const length = values.length / count;
  return values.subarray(index * length, (index + 1) * length);
}
