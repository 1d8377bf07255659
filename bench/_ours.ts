/** Our side of the comparisons: methods and plain forwards on a photo, by the real engine. */
import { type Engine, MAX_BATCH_ROWS, type Probe } from "../server/engine/mod.ts";
import { drive, explainFrame, findMethod, type RawMap, resolveRequest } from "../server/methods/mod.ts";
import type { OptionValues } from "../shared/protocol.ts";

/** A method as a person asks for it; what is left out is the default. */
export interface Asked {
  readonly method: string;
  readonly options?: OptionValues;
}

/** Runs methods on one photo, each time on a frame of its own, so that nothing is remembered from the run before. */
export class Ours {
  readonly #engine: Engine;
  readonly #photo: Uint8Array<ArrayBuffer>;
  readonly #maps = new Map<string, RawMap>();
  #frame = 0;

  /** @param photo an encoded PNG */
  constructor(engine: Engine, photo: Uint8Array<ArrayBuffer>) {
    this.#engine = engine;
    this.#photo = photo;
  }

  /**
   * Explains the photo's first prediction with the model's default layer and returns the time that it took, in ms:
   * from the first probe to the finished map, the decoding of the photo left out.
   */
  explain({ method, options = {} }: Asked): Promise<number> {
    const { model } = this.#engine;
    const request = resolveRequest(model, { method, target: { kind: "rank", rank: 1 }, options });
    return this.#withFrames(1, async ([frame = 0]) => {
      const context = { ...request, frame, model, carry: new Map(), still: true };
      const startMs = performance.now();
      const map = await drive(this.#engine, explainFrame(findMethod(method), context));
      const ms = performance.now() - startMs;
      this.#maps.set(JSON.stringify([method, options]), map);
      return ms;
    });
  }

  /** The raw map that was made last, or null where none was. */
  lastMap({ method, options = {} }: Asked): RawMap | null {
    return this.#maps.get(JSON.stringify([method, options])) ?? null;
  }

  /** A forward of one frame, in ms. */
  forward(): Promise<number> {
    return this.#withFrames(1, (frames) => this.#forward(frames));
  }

  /** A forward in the largest batch, in ms per image. */
  batchedForward(): Promise<number> {
    return this.#withFrames(MAX_BATCH_ROWS, async (frames) => await this.#forward(frames) / frames.length);
  }

  async #forward(frames: readonly number[]): Promise<number> {
    const probes = frames.map((frame): Probe => ({
      frame,
      variation: { kind: "none" },
      want: { kind: "logits" },
    }));
    const startMs = performance.now();
    const { rows } = await this.#engine.run(probes);
    const failed = rows.find((row) => !row.ok);
    if (failed !== undefined) throw new Error(`Cannot measure: a row failed: ${JSON.stringify(failed)}`);
    return performance.now() - startMs;
  }

  async #withFrames<T>(count: number, work: (frames: readonly number[]) => Promise<T>): Promise<T> {
    const frames = Array.from({ length: count }, () => this.#frame++);
    for (const frame of frames) await this.#engine.admit(frame, "png", this.#photo);
    try {
      return await work(frames);
    } finally {
      for (const frame of frames) this.#engine.release(frame);
    }
  }
}
