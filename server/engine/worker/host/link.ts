/** The engine's end of one worker: calls by id, how long they may take, and what happens when the worker dies. */
import { GradcastError } from "../../../../shared/errors.ts";
import { unpackError } from "../../../../shared/packed_error.ts";
import type { EngineStats, FrameKey } from "../../port.ts";
import type { CallName, Calls, FinalReply, Reply, WorkerRequest } from "./messages.ts";
import { type Load, loadOf, type Patience } from "./patience.ts";
import { type Ticks, Watch } from "./watch.ts";

/** What a link needs of a worker; a Deno worker is one. */
export interface EngineWorker {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(request: WorkerRequest, transfer: Transferable[]): void;
  terminate(): void;
}

/** What waits for the reply to a call. */
interface Pending {
  readonly load: Load;
  readonly settle: (reply: FinalReply) => void;
  readonly fail: (error: GradcastError) => void;
}

/** Options of a {@link WorkerLink}. */
export interface LinkOptions {
  /** How long calls may take; outlives the worker, so that the next one profits from what was measured. */
  readonly patience: Patience;
  readonly ticks: Ticks;
  /** Called with the share of a call that is done, 0 to 1, where the worker says so. */
  readonly onProgress?: (done: number) => void;
  /** Called with the worker's figures whenever a reply has some. */
  readonly onStats: (stats: EngineStats) => void;
  /** Called once, when the worker died by itself or was ended for a call that took too long. */
  readonly onDeath: (reason: string) => void;
}

/** A worker and the calls that wait for it; it answers them in their order. */
export class WorkerLink {
  readonly #worker: EngineWorker;
  readonly #options: LinkOptions;
  /** By id, in the order of the calls. */
  readonly #pending = new Map<number, Pending>();
  /** The call that the worker is busy with is the first of those that wait: the others have not begun. */
  readonly #watch: Watch;
  #lastId = 0;
  #ended: GradcastError | null = null;

  constructor(worker: EngineWorker, options: LinkOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#watch = new Watch(options.ticks, (limitMs) => this.#late(limitMs));
    worker.onmessage = (event) => this.#settle(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message, { cause: event.error ?? event.message });
    };
    worker.onmessageerror = () => this.#die("it sent a message that cannot be read");
  }

  /**
   * Calls the worker; what is in `transfer` moves there.
   *
   * @throws GradcastError `server-fault` where the call cannot be sent: nothing else is affected; `engine-failed` where
   *   the worker died; what the worker answered
   */
  call<N extends CallName>(
    call: N,
    takes: Calls[N]["takes"],
    transfer: Transferable[] = [],
  ): Promise<Calls[N]["returns"]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    let load: Load;
    try {
      load = loadOf(call, takes);
      this.#worker.postMessage({ call, id, takes } as WorkerRequest, transfer);
    } catch (cause) {
      return Promise.reject(unsendable(call, cause));
    }
    // Replies come in later turns of the event loop: what waits is known before them.
    const { promise, resolve, reject } = Promise.withResolvers<Calls[N]["returns"]>();
    const settle = (reply: FinalReply) => {
      if (reply.ok) resolve(reply.returns);
      else reject(unpackError(reply.error));
    };
    this.#pending.set(id, { load, settle, fail: reject });
    if (this.#pending.size === 1) this.#watchFirst();
    return promise;
  }

  /** Calls that wait for their replies. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Lets the worker forget a frame. */
  release(key: FrameKey): void {
    if (this.#ended === null) this.#worker.postMessage({ call: "release", key }, []);
  }

  /** Ends the worker, its threads and its memory; calls that wait fail with `reason`. */
  end(reason: string, options?: ErrorOptions): void {
    if (this.#ended !== null) return;
    this.#ended = new GradcastError("engine-failed", `Cannot finish the call: ${reason}`, options);
    this.#watch.end();
    this.#worker.terminate();
    for (const { fail } of this.#pending.values()) fail(this.#ended);
    this.#pending.clear();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if ("done" in reply) {
      if (pending !== undefined) this.#options.onProgress?.(reply.done);
      return;
    }
    // A second reply, or one to a call that nobody made, belongs to nothing.
    if (pending === undefined) return;
    const [first] = this.#pending.keys();
    if (reply.id === first) this.#options.patience.answered(pending.load, this.#watch.end());
    this.#pending.delete(reply.id);
    this.#watchFirst();
    if (reply.ok && reply.stats !== undefined) this.#options.onStats(reply.stats);
    pending.settle(reply);
  }

  #watchFirst(): void {
    const [first] = this.#pending.values();
    if (first === undefined) this.#watch.end();
    else this.#watch.begin(this.#options.patience.limitMs(first.load));
  }

  #late(limitMs: number): void {
    const [first] = this.#pending.values();
    if (first !== undefined) this.#options.patience.ended(first.load);
    this.#die(`it did not answer within ${Math.round(limitMs)} ms`);
  }

  #die(reason: string, options?: ErrorOptions): void {
    if (this.#ended !== null) return;
    this.end(`the engine's worker died: ${reason}`, options);
    this.#options.onDeath(reason);
  }
}

function unsendable(call: CallName, cause: unknown): GradcastError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GradcastError("server-fault", `Cannot call the engine's '${call}': ${reason}`, { cause });
}
