/** A heartbeat with its timer, for either end of a socket (PROTOCOL.md, K1 to K3). */
import { firstHeartbeat, type Heartbeat, heartbeat, type HeartbeatEvent } from "./heartbeat.ts";
import { HEARTBEAT_STEP_MS } from "./limits.ts";

/** What a heart needs. */
export interface HeartParts {
  /** The end's own clock: the time in ms, and a call once after some ms that the returned function cancels. */
  readonly clock: { now(): number; after(ms: number, fire: () => void): () => void };
  /** Asks whether the other end is there. */
  readonly ping: () => void;
  /** Called once where it is not. */
  readonly giveUp: () => void;
  /** Whether so much waits in the socket that a question would come late; the silence does not count then. */
  readonly isFull?: () => boolean;
}

/** Beats from its making until it is stopped or gives up. */
export class Heart {
  readonly #parts: HeartParts;
  #state: Heartbeat;
  #cancel: () => void;

  constructor(parts: HeartParts) {
    this.#parts = parts;
    this.#state = firstHeartbeat(parts.clock.now());
    this.#cancel = this.#arm();
  }

  /** A message came. */
  heard(): void {
    this.#take("heard");
  }

  /** Something made it likely that the other end is gone: asks at once (K2). */
  doubt(): void {
    this.#take("doubt");
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): () => void {
    return this.#parts.clock.after(HEARTBEAT_STEP_MS, () => {
      const isFull = this.#parts.isFull?.() ?? false;
      if (this.#take(isFull ? "heard" : "step")) this.#cancel = this.#arm();
    });
  }

  /** False once the heart has given up. */
  #take(kind: HeartbeatEvent["kind"]): boolean {
    const { state, act } = heartbeat(this.#state, { kind, nowMs: this.#parts.clock.now() });
    this.#state = state;
    if (act === "ping") this.#parts.ping();
    if (act === "give-up") this.#parts.giveUp();
    return act !== "give-up";
  }
}
