/** Where the engine's process comes to the server: a Unix socket in a folder of this user's alone. */
import type { EngineWorker } from "../worker/host/link.ts";
import { Channel, type Connection } from "./channel.ts";
import { type FromProcess, GREETING_BYTES, greetingFault, SILENCE_LIMIT_MS } from "./messages.ts";
import { ProcessWorker } from "./process_worker.ts";

/** How long a process may take to connect once it is wanted, in ms: Deno's start on a machine that is busy. */
const CONNECT_LIMIT_MS = 60_000;

/** How long a connection may take to greet, in ms. */
const GREETING_LIMIT_MS = 5_000;

/** Connections that may be about to greet; an engine greets at once, so the oldest makes room. */
const MAX_UNGREETED = 8;

/** Pause after a connection that could not be accepted, in ms: files are short, for example. */
const ACCEPT_PAUSE_MS = 100;

/** Options of {@link EngineDoor}. */
export interface DoorOptions {
  /** How long a process may take to connect once it is wanted, in ms; default 60,000. */
  readonly connectLimitMs?: number;
  /** How long a connection may take to greet, in ms; default 5,000. */
  readonly greetingLimitMs?: number;
  /** How long a process may give no sign of life, in ms; default 5,000. */
  readonly silenceLimitMs?: number;
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
  readonly #silenceLimitMs: number;
  /** Workers that wait for a process, in the order in which they get one. */
  readonly #wanting = new Map<ProcessWorker, ReturnType<typeof setTimeout>>();
  /** Workers that have one. */
  readonly #working = new Set<ProcessWorker>();
  /** The process that has no worker yet. */
  #spare: Channel | null = null;
  /** Connections that have not greeted, the oldest first, and how to give them up. */
  readonly #ungreeted = new Map<Connection, () => void>();
  #closed = false;
  #endPause = () => {};

  /** @param listener closed with the door */
  constructor(listener: Arrivals, options: DoorOptions = {}) {
    this.#listener = listener;
    this.#connectLimitMs = options.connectLimitMs ?? CONNECT_LIMIT_MS;
    this.#greetingLimitMs = options.greetingLimitMs ?? GREETING_LIMIT_MS;
    this.#silenceLimitMs = options.silenceLimitMs ?? SILENCE_LIMIT_MS;
    void this.#accept();
  }

  /** Makes a worker of the next process that connects; where others have theirs already, another one is asked for. */
  createWorker(): EngineWorker {
    const worker = new ProcessWorker(() => this.#forget(worker));
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null) this.#attach(worker, spare);
    else {
      const late = () => worker.fail(`no engine process connected within ${this.#connectLimitMs} ms`);
      this.#wanting.set(worker, setTimeout(late, this.#connectLimitMs));
      this.#askForAnother();
    }
    return worker;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#endPause();
    this.#listener.close();
    for (const giveUp of [...this.#ungreeted.values()]) giveUp();
    this.#spare?.close();
    this.#spare = null;
  }

  #attach(worker: ProcessWorker, channel: Channel): void {
    this.#working.add(worker);
    worker.attach(channel);
  }

  /** A launcher starts the first process by itself; further ones it starts for a process that asks for them. */
  #askForAnother(): void {
    for (const worker of this.#working) if (worker.askForAnother()) return;
  }

  #forget(worker: ProcessWorker): void {
    this.#working.delete(worker);
    clearTimeout(this.#wanting.get(worker));
    this.#wanting.delete(worker);
  }

  /** Takes connections until the door is closed, whatever the system says meanwhile. */
  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        for await (const connection of this.#listener) void this.#greet(connection);
        return;
      } catch {
        // Nothing is lost: who could not be accepted is still waiting.
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ACCEPT_PAUSE_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #greet(connection: Connection): Promise<void> {
    let late = false;
    const giveUp = () => {
      // What another one pushed out says nothing about the engine that is wanted.
      if (this.#ungreeted.delete(connection)) connection.close();
    };
    if (this.#ungreeted.size >= MAX_UNGREETED) {
      const [oldest] = this.#ungreeted.values();
      oldest?.();
    }
    this.#ungreeted.set(connection, giveUp);
    const timer = setTimeout(() => {
      late = true;
      giveUp();
    }, this.#greetingLimitMs);
    const bytes = await readExactly(connection, GREETING_BYTES).catch(() => null);
    clearTimeout(timer);
    const open = this.#ungreeted.delete(connection);
    const fault = bytes === null ? "it did not greet" : greetingFault(bytes);
    if (open && fault === null) return this.#take(connection);
    if (open) connection.close();
    const [first] = this.#wanting.keys();
    if (open || late) first?.fail(`its process cannot be used: ${fault}`);
  }

  #take(connection: Connection): void {
    const channel = new Channel(connection, {
      // A process says nothing but that it lives before it is asked.
      onMessage({ message }) {
        if ((message as FromProcess).kind !== "alive") drop();
      },
      onEnd: () => drop(),
    }, this.#silenceLimitMs);
    const drop = () => this.#drop(channel);
    const [wanting] = this.#wanting.keys();
    if (wanting === undefined) {
      this.#spare?.close();
      this.#spare = channel;
      return;
    }
    this.#forget(wanting);
    this.#attach(wanting, channel);
    if (this.#wanting.size > 0) this.#askForAnother();
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
