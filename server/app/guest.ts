/** A request that is no viewer: its rows wait behind every viewer's frames. */
import type { FrameFormat } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_FRAME_BYTES, MAX_HTTP_PIXELS, MAX_PICTURE_SIDE_PX } from "../../shared/limits.ts";
import { pictureNote, type PictureReader, sniffFormat } from "../engine/mod.ts";
import type { BatchResult, Engine, FrameKey, LoadedModel, Probe } from "../engine/port.ts";
import { type Logger, NO_LOGGER } from "../logger/mod.ts";
import type { Attribution, GoodRow } from "../methods/mod.ts";
import { encodePng } from "../report/mod.ts";
import type { Scheduler } from "../scheduler/mod.ts";

/** What a guest works with. */
export interface GuestParts {
  /** The model that explains, as it is now; it stays loaded as long as the guest is there. */
  readonly model: () => LoadedModel;
  readonly scheduler: Scheduler;
  readonly pictures: PictureReader;
  /** Receives unexpected errors. */
  readonly logger: Logger;
  /** Unique among the guests in the life of the server, 1 or more. */
  readonly number: number;
  /** Ends what is under way; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Called once, when the guest has gone. */
  readonly onEnd: () => void;
}

/** A picture that the engine has accepted. */
export interface TakenPicture {
  /** The bytes that it was given: those that were sent, or a PNG of what the model sees of them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What a person should know of the file, without full stops. */
  readonly notes: readonly string[];
}

const HTTP_LIMITS = { maxSide: MAX_PICTURE_SIDE_PX, maxPixels: MAX_HTTP_PIXELS };

/** One request at the engine. */
export class Guest implements Pick<Engine, "run" | "model">, Disposable {
  readonly frame: FrameKey;
  readonly signal: AbortSignal;
  readonly #parts: GuestParts;
  #ended = false;

  constructor(parts: GuestParts) {
    this.#parts = parts;
    this.signal = parts.signal;
    // Viewers' keys are positive, so that the two never meet.
    this.frame = -parts.number;
  }

  /** Receives unexpected errors, as long as somebody waits for the answer. */
  get logger(): Logger {
    return this.signal.aborted ? NO_LOGGER : this.#parts.logger;
  }

  get model(): LoadedModel {
    return this.#parts.model();
  }

  /**
   * Takes a picture of any format that is read (A4). One that a viewer could send goes to the engine as it is; any
   * other one is decoded and made smaller in a worker, so that no viewer's frame waits for it.
   *
   * @throws GradcastError `frame-side`, `frame-format`, `frame-corrupt` or `engine-failed`, or the signal's reason
   */
  async take(bytes: Uint8Array<ArrayBuffer>): Promise<TakenPicture> {
    if (await this.#takesAsItIs(bytes)) {
      const note = pictureNote(bytes);
      return { bytes, notes: note === null ? [] : [note] };
    }
    const { model, signal } = this;
    const { picture, notes } = await this.#parts.pictures.read(
      { bytes, input: model, limits: HTTP_LIMITS },
      signal,
    );
    const png = encodePng(picture);
    await this.admit("png", png);
    return { bytes: png, notes };
  }

  /**
   * Takes a picture and works with it; from the beginning where the model was loaded again meanwhile, as the engine that
   * had the picture has ended, and what it said may not fit what the model says now.
   *
   * @throws GradcastError as `take` and the work do
   */
  async with<Made>(
    bytes: Uint8Array<ArrayBuffer>,
    work: (taken: TakenPicture) => Promise<Made>,
  ): Promise<Made> {
    return await this.again(async () => await work(await this.take(bytes)));
  }

  /** Works; from the beginning where the model was loaded again meanwhile. Throws as the work does. */
  async again<Made>(work: () => Promise<Made>): Promise<Made> {
    const { model: before } = this;
    try {
      return await work();
    } catch (error) {
      if (!this.hasChanged(before, error)) throw error;
      return await work();
    }
  }

  /** Whether what failed did so as the model was loaded again. */
  hasChanged(before: LoadedModel, error: unknown): boolean {
    return error instanceof GradcastError && error.code === "engine-failed" && this.model !== before;
  }

  async #takesAsItIs(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const format = sniffFormat(bytes);
    if ((format !== "jpeg" && format !== "png") || bytes.byteLength > MAX_FRAME_BYTES) return false;
    try {
      await this.admit(format, bytes);
      return true;
    } catch (error) {
      if (error instanceof GradcastError && error.code === "frame-side") return false;
      throw error;
    }
  }

  /**
   * Hands over the guest's one picture.
   *
   * @throws GradcastError `frame-side`, `frame-format`, `frame-corrupt` or `engine-failed`, or the signal's reason
   */
  async admit(format: FrameFormat, picture: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#parts.scheduler.admit({
      viewer: this.#name,
      guest: true,
      frame: this.frame,
      model: this.model.id,
      format,
      bytes: picture,
    });
  }

  /**
   * Runs rows in the scheduler's lane for tiles: all guests have one share of the engine together, smaller than a
   * viewer's, and what the frames leave of it.
   *
   * @throws GradcastError `engine-failed`, or the signal's reason
   */
  run(batch: readonly Probe[]): Promise<BatchResult> {
    const { model, signal } = this;
    const { scheduler } = this.#parts;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      let rows: readonly GoodRow[] = [];
      const job = scheduler.submit({
        viewer: this.#name,
        guest: true,
        frame: this.frame,
        model: model.id,
        still: true,
        attribution: rowsOf(batch, (good) => rows = good),
        listener: {
          ranking: () => {},
          tile: () => {},
          done: () => {
            signal.removeEventListener("abort", stop);
            resolve({ rows, computeMs: 0 });
          },
          failed: (error) => {
            signal.removeEventListener("abort", stop);
            reject(error);
          },
        },
      });
      const stop = () => {
        job.retire();
        reject(signal.reason);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  get #name(): string {
    return `guest ${this.#parts.number}`;
  }

  /** Gives the place back; called again, as by a signal that comes late, it does nothing. */
  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.scheduler.release(this.frame);
    this.#parts.onEnd();
  }
}

/** A generator that asks for some rows and has no map of its own. */
function* rowsOf(probes: readonly Probe[], onRows: (rows: readonly GoodRow[]) => void): Attribution {
  onRows(yield { kind: "probes", lane: "tile", probes });
  return { classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() };
}
