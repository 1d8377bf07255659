/** Where the engine's process comes to the server: a Unix socket in a folder of this user's alone. */
import type { EngineWorker } from "../worker/host/link.ts";
import { Channel, type Connection } from "./channel.ts";
import { GREETING_BYTES, greetingFault } from "./messages.ts";
import { ProcessWorker } from "./process_worker.ts";

/** How long a process may take to connect once it is wanted, in ms: Deno's start on a machine that is busy. */
const CONNECT_LIMIT_MS = 60_000;

/** How long a connection may take to greet, in ms. */
const GREETING_LIMIT_MS = 5_000;

/** Options of {@link EngineDoor}. */
export interface DoorOptions {
  /** How long a process may take to connect once it is wanted, in ms; default 60,000. */
  readonly connectLimitMs?: number;
  /** How long a connection may take to greet, in ms; default 5,000. */
  readonly greetingLimitMs?: number;
}

/** A worker that has no process yet. */
interface Wanting {
  readonly worker: ProcessWorker;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Where connections arrive; a listener of Deno is one. */
export interface Arrivals extends AsyncIterable<Connection> {
  close(): void;
}

/**
 * Listens for the engine's process at a path; what an earlier run of this server left there is removed.
 *
 * @throws Error where the system does not let it listen there
 */
export function listenForEngine(path: string): Arrivals {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return Deno.listen({ transport: "unix", path });
}

/** Takes connections of engine processes and makes workers of them. */
export class EngineDoor implements Disposable {
  readonly #listener: Arrivals;
  readonly #connectLimitMs: number;
  readonly #greetingLimitMs: number;
  #wanting: Wanting | null = null;
  /** The process that has no worker yet. */
  #spare: Channel | null = null;

  /** @param listener closed with the door */
  constructor(listener: Arrivals, options: DoorOptions = {}) {
    this.#listener = listener;
    this.#connectLimitMs = options.connectLimitMs ?? CONNECT_LIMIT_MS;
    this.#greetingLimitMs = options.greetingLimitMs ?? GREETING_LIMIT_MS;
    void this.#accept();
  }

  /** Makes a worker of the next process that connects; there is one at a time. */
  createWorker(): EngineWorker {
    const worker = new ProcessWorker(() => this.#forget(worker));
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null) worker.attach(spare);
    else {
      const late = () => worker.fail(`no engine process connected within ${this.#connectLimitMs} ms`);
      this.#wanting = { worker, timer: setTimeout(late, this.#connectLimitMs) };
    }
    return worker;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.#spare?.close();
    this.#spare = null;
  }

  #forget(worker: ProcessWorker): void {
    if (this.#wanting?.worker !== worker) return;
    clearTimeout(this.#wanting.timer);
    this.#wanting = null;
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) void this.#greet(connection);
  }

  async #greet(connection: Connection): Promise<void> {
    const timer = setTimeout(() => connection.close(), this.#greetingLimitMs);
    const bytes = await readExactly(connection, GREETING_BYTES).catch(() => null);
    clearTimeout(timer);
    const fault = bytes === null ? "it did not greet" : greetingFault(bytes);
    if (fault === null) return this.#take(connection);
    // Closed already where it took too long.
    if (bytes !== null) connection.close();
    this.#wanting?.worker.fail(`its process cannot be used: ${fault}`);
  }

  #take(connection: Connection): void {
    const channel = new Channel(connection, {
      // A process says nothing before it is asked.
      onMessage: () => this.#drop(channel),
      onEnd: () => this.#drop(channel),
    });
    const wanting = this.#wanting;
    if (wanting === null) {
      this.#spare?.close();
      this.#spare = channel;
      return;
    }
    this.#forget(wanting.worker);
    wanting.worker.attach(channel);
  }

  #drop(channel: Channel): void {
    channel.close();
    if (this.#spare === channel) this.#spare = null;
  }
}

/** Reads so many bytes; throws where the connection ends before. */
async function readExactly(connection: Connection, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const read = await connection.read(bytes.subarray(at));
    if (read === null) throw new Error("the connection ended");
    at += read;
  }
  return bytes;
}
