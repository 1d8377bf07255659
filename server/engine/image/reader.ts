/** Decoding beside everything else: a worker that may take its time, and may be lost, without holding anybody up. */
import { GradcastError } from "../../../shared/errors.ts";
import { type PackedError, unpackError } from "../../../shared/packed_error.ts";
import type { DecodeOptions } from "./decode.ts";
import type { Picture, Size } from "./picture.ts";

/** How long one picture may take, in ms: far longer than the largest that is allowed, it is for decoders that hang. */
const READ_TIMEOUT_MS = 60_000;

/** One picture to be read; plain data. */
export interface ReadRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Size of the model's input, in pixels. */
  readonly input: Size;
  readonly limits: Pick<DecodeOptions, "maxSide" | "maxPixels">;
}

/** A picture as the model sees it. */
export interface ReadPicture {
  /** Cropped and resized to the model's input (F8). */
  readonly picture: Picture;
  /** What a person should know of the file, without a full stop; empty as a rule. */
  readonly notes: readonly string[];
}

/** What the worker receives: pictures are numbered. */
export interface ToReader {
  readonly number: number;
  readonly request: ReadRequest;
}

/** What became of a picture. */
export type ReadOutcome =
  | { readonly kind: "read"; readonly result: ReadPicture }
  | { readonly kind: "failed"; readonly error: PackedError };

/** What the worker says of the picture with this number. */
export interface FromReader {
  readonly number: number;
  readonly outcome: ReadOutcome;
}

/** Options of {@link PictureReader}. */
export interface ReaderOptions {
  /** How long one picture may take before its worker is ended, in ms; by default 60,000. */
  readonly timeoutMs?: number;
  /** Makes the worker; by default out of the reader's own script. */
  readonly createWorker?: () => Worker;
}

/** Reads pictures one after the other, so that no more than one is unpacked at a time. */
export class PictureReader implements Disposable {
  readonly #timeoutMs: number;
  readonly #createWorker: () => Worker;
  #worker: Worker | null = null;
  #number = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #end = new AbortController();

  constructor({ timeoutMs = READ_TIMEOUT_MS, createWorker = ownWorker }: ReaderOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#createWorker = createWorker;
  }

  /**
   * Decodes a picture of any format that is known, crops and resizes it.
   *
   * @param signal ends the wait and the work
   * @throws GradcastError `frame-format`, `frame-side` or `frame-corrupt`; the signal's reason
   */
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadPicture> {
    const ended = AbortSignal.any([signal, this.#end.signal]);
    const read = this.#last.then(() => this.#read(request, ended));
    this.#last = read.catch(() => {});
    return read;
  }

  /** Ends the worker; a picture under way fails. */
  [Symbol.dispose](): void {
    this.#end.abort(new GradcastError("server-closing", "Cannot read the picture: its reader was closed"));
    this.#drop();
  }

  async #read(request: ReadRequest, signal: AbortSignal): Promise<ReadPicture> {
    signal.throwIfAborted();
    const worker = this.#worker ??= this.#createWorker();
    const number = ++this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<ReadOutcome>();
    worker.onmessage = ({ data }: MessageEvent<FromReader>) => {
      // A second word on an earlier picture is none on this one.
      if (data.number === number) resolve(data.outcome);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      // It may die between two pictures as well.
      if (this.#worker === worker) this.#drop();
      reject(broken("its decoder ended", { cause: event.message }));
    };
    worker.onmessageerror = () => reject(broken("its worker sent a message that cannot be read"));
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(
      () =>
        reject(broken(`it takes longer than ${this.#timeoutMs} ms. Make it smaller or convert it to JPEG`)),
      this.#timeoutMs,
    );
    let said: ReadOutcome;
    try {
      worker.postMessage({ number, request } satisfies ToReader);
      said = await promise;
    } catch (error) {
      // Whatever it is busy with is of no use any more; the next picture gets a fresh one.
      this.#drop();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
    if (said.kind === "failed") throw unpackError(said.error);
    return said.result;
  }

  #drop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

function broken(reason: string, options?: ErrorOptions): GradcastError {
  return new GradcastError("frame-corrupt", `Cannot decode the picture: ${reason}`, options);
}

function ownWorker(): Worker {
  return new Worker(new URL("./_reader_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-pictures",
  });
}
