/** Sends pictures in the order in which they were taken, several at a time while the server answers slowly. */

import type { NewPictures } from "./server.ts";

/** Pictures of one request. */
const MOST_AT_ONCE = 10;

/** A picture on its way to a class. */
export interface Waiting {
  readonly classKey: string;
  /** The press of the button that took it, 0 where there was none. */
  readonly hold: number;
  readonly picture: Blob;
}

/** What sending needs. */
export interface SendingPorts {
  /** Sends pictures of one press; resolves when they are on the server's disk. */
  readonly send: (added: NewPictures) => Promise<void>;
  /** The pictures that wait or are under way, whenever they change. */
  readonly onWaiting: (waiting: readonly Waiting[]) => void;
  /** Pictures that were not taken by the server; those behind them are not sent either. */
  readonly onProblem: (error: unknown, lost: number) => void;
}

/** A queue of pictures: one request at a time. */
export class Sending {
  readonly #ports: SendingPorts;
  #waiting: readonly Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(ports: SendingPorts) {
    this.#ports = ports;
  }

  get count(): number {
    return this.#waiting.length;
  }

  add({ classKey, hold, pictures }: NewPictures): void {
    this.#set([...this.#waiting, ...pictures.map((picture) => ({ classKey, hold, picture }))]);
    this.#running ??= this.#run().finally(() => this.#running = null);
  }

  /** Resolves when nothing waits any more. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      const batch = nextBatch(this.#waiting);
      const [first] = batch;
      if (first === undefined) return;
      try {
        const { classKey, hold } = first;
        await this.#ports.send({ classKey, hold, pictures: batch.map(({ picture }) => picture) });
        this.#set(this.#waiting.slice(batch.length));
      } catch (error) {
        const lost = this.#waiting.length;
        this.#set([]);
        this.#ports.onProblem(error, lost);
      }
    }
  }

  #set(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.#ports.onWaiting(waiting);
  }
}

/** The first pictures that belong to the same press. */
function nextBatch(waiting: readonly Waiting[]): readonly Waiting[] {
  const [first] = waiting;
  const other = waiting.findIndex(({ classKey, hold }) =>
    classKey !== first?.classKey || hold !== first.hold
  );
  return waiting.slice(0, Math.min(MOST_AT_ONCE, other < 0 ? waiting.length : other));
}
