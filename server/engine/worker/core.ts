/** The engine itself, as it lives in its worker: keeps frames, runs batches. */
import type { FrameFormat } from "../../../shared/codec.ts";
import { Kernels, type Value } from "../graph/kernels.ts";
import { decodePicture, fitInput } from "../image/mod.ts";
import type { ModelFolder } from "../model/folder.ts";
import type { Native } from "../native/native.ts";
import type { BatchResult, EngineStats, FrameKey, LoadedModel, Probe, Row } from "../port.ts";
import type { StartedBackend } from "../threads/backend.ts";
import type { Rows } from "./bench.ts";
import { computeBiasTerms } from "./bias_rows.ts";
import { probeFault } from "./fault.ts";
import { computeFixations } from "./fixation_rows.ts";
import { Frame, normalise } from "./frame.ts";
import { computeGradients } from "./gradients.ts";
import { loadNetwork, type Network } from "./network.ts";
import { type Input, type Part, planBatch } from "./plan.ts";
import { computeValues } from "./values.ts";
import { Variations } from "./variations.ts";
import { rowOf } from "./volumes.ts";

/** Keeps frames and runs batches of probes on them. */
export class EngineCore {
  readonly model: LoadedModel;
  readonly #backend: StartedBackend;
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #variations: Variations;
  readonly #frames = new Map<FrameKey, Frame>();
  #batches = 0;

  constructor(folder: ModelFolder, backend: StartedBackend, native: Native | null = null) {
    this.#backend = backend;
    this.#kernels = new Kernels(backend.backend, native);
    this.#network = loadNetwork(folder, this.#kernels);
    this.model = this.#network.abilities.model;
    this.#variations = new Variations(this.model, this.#network.normalisation);
  }

  /** Decodes a picture, brings it to the input's size and keeps it. */
  async admit(key: FrameKey, format: FrameFormat, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const picture = fitInput(await decodePicture(bytes, { format }), this.model.width, this.model.height);
    this.#frames.set(key, new Frame(normalise(picture, this.#network.normalisation), this.model));
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
    const places: number[] = [];
    for (const [place, probe] of batch.entries()) {
      const fault = probeFault(probe, this.#frames.has(probe.frame), this.#network.abilities);
      if (fault === null) places.push(place);
      else rows[place] = { ok: false, reason: `Cannot compute the row as ${fault}` };
    }
    for (const part of planBatch(batch, places, this.#network.folded)) {
      const input = this.#assemble(part.inputs);
      for (const [place, row] of this.#compute(part, input)) rows[place] = row;
      this.#kernels.free(input);
    }
    return { rows, computeMs: performance.now() - start };
  }

  /** Figures of the moment. */
  stats(): EngineStats {
    return {
      threads: this.#backend.threads,
      tensors: this.#kernels.count,
      tensorBytes: this.#kernels.bytes,
      heapBytes: this.#kernels.heapTop,
      frames: this.#frames.size,
      batches: this.#batches,
    };
  }

  #compute(part: Part, input: Value): Rows {
    const kernels = this.#kernels;
    const form = this.#network.forms.take(part.form);
    switch (part.kind) {
      case "values":
        return computeValues({ kernels, form, part, input });
      case "gradients":
        return computeGradients({ kernels, form, part, input });
      case "bias-terms":
        return computeBiasTerms({ kernels, form, part, input });
      case "fixations":
        return computeFixations({ kernels, form, part, input });
      default:
        throw new TypeError(`Cannot compute a part of this kind: current value is ${part satisfies never}`);
    }
  }

  /** Writes the inputs into the WebAssembly memory, `[inputs, height, width, 3]`. */
  #assemble(inputs: readonly Input[]): Value {
    const { height, width } = this.model;
    const value = this.#kernels.allocate([inputs.length, height, width, 3]);
    for (const [index, { frame, variation }] of inputs.entries()) {
      const kept = this.#frames.get(frame);
      if (kept === undefined) {
        throw new Error(`Cannot take the frame as it is not here: current value is ${frame}`);
      }
      this.#variations.write(rowOf(this.#kernels, value, index), kept, variation);
    }
    return value;
  }
}
