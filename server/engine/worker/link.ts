/** The engine's end of one worker: calls by id, and what happens when the worker dies. */
import { GradcastError } from "../../../shared/errors.ts";
import type { FrameKey } from "../port.ts";
import type { CallName, Calls, Reply, Request } from "./messages.ts";

/** How long a worker may take to start and to load its model, in ms. */
const START_TIMEOUT_MS = 120_000;

/** What waits for the reply to a call. */
interface Pending {
  readonly settle: (reply: Reply) => void;
  readonly fail: (error: GradcastError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Options of a {@link WorkerLink}. */
export interface LinkOptions {
  /** A worker that has not answered a call after this long is taken for dead, in ms; the start has its own limit. */
  readonly callTimeoutMs: number;
  /** Called once, when the worker died by itself. */
  readonly onDeath: () => void;
}

/** A worker and the calls that wait for it. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ended: GradcastError | null = null;

  constructor(worker: Worker, options: LinkOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.onmessage = (event: MessageEvent<Reply>) => this.#settle(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message);
    };
    worker.onmessageerror = () => this.#die("it sent a message that cannot be read");
  }

  /** Calls the worker; what is in `transfer` moves there. */
  call<N extends CallName>(
    call: N,
    takes: Calls[N]["takes"],
    transfer: Transferable[] = [],
  ): Promise<Calls[N]["brings"]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const timeoutMs = call === "start" ? START_TIMEOUT_MS : this.#options.callTimeoutMs;
    const { promise, resolve, reject } = Promise.withResolvers<Calls[N]["brings"]>();
    const timer = setTimeout(() => this.#die(`it did not answer within ${timeoutMs} ms`), timeoutMs);
    const settle = (reply: Reply) => {
      if (reply.ok) resolve(reply.brings);
      else reject(new GradcastError(reply.code, reply.message));
    };
    this.#pending.set(id, { settle, fail: reject, timer });
    this.#post({ call, id, takes } as Request, transfer);
    return promise;
  }

  /** Lets the worker forget a frame. */
  release(key: FrameKey): void {
    if (this.#ended === null) this.#post({ call: "release", key });
  }

  /** Ends the worker, its threads and its memory; calls that wait fail with `reason`. */
  end(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = new GradcastError("engine-failed", `Cannot finish the call as ${reason}`);
    this.#worker.terminate();
    for (const { fail, timer } of this.#pending.values()) {
      clearTimeout(timer);
      fail(this.#ended);
    }
    this.#pending.clear();
  }

  #post(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    pending.settle(reply);
  }

  #die(reason: string): void {
    if (this.#ended !== null) return;
    this.end(`the engine's worker died: ${reason}`);
    this.#options.onDeath();
  }
}
