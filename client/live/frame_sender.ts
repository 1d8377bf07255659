/** Frames on their way out: the pacer decides which go, this encodes and sends them. Times in ms of one clock. */
import { encodeFrame, type Frame } from "../../shared/codec.ts";
import {
  FIRST_PACE,
  isWorthPreparing,
  pace,
  type PaceDrops,
  type PaceEvent,
  type PaceState,
} from "./pacer.ts";

/** A frame's picture, with its copy for people where somebody wants one. */
export type FramePicture = Pick<Frame, "format" | "picture" | "copy">;

/** How an answer ends a frame's wait. */
export type Outcome = Extract<PaceEvent, { kind: "answered" }>["outcome"];

/** What a frame sender needs. */
export interface FrameSenderPorts {
  readonly now: () => number;
  /** Encodes the newest picture; `slow`: the network is what frames wait for. Null where there is no picture. */
  readonly encode: (still: boolean, slow: boolean) => FramePicture | null;
  /** Sends a frame's bytes; false where the connection takes none. */
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  /** A frame was sent: nobody here reads the bytes of its picture any longer. */
  readonly onSent: (frame: number, capturedMs: number, picture: FramePicture) => void;
}

/** Sends the newest frame whenever the link is free. */
export class FrameSender {
  readonly #ports: FrameSenderPorts;
  #pacing: PaceState = FIRST_PACE;
  /** The waiting frame, encoded ahead. */
  #prepared: { readonly capturedMs: number; readonly encoded: FramePicture } | null = null;
  /** Whether no frame of this source has been sent yet (F1). */
  #newSource = true;

  constructor(ports: FrameSenderPorts) {
    this.#ports = ports;
  }

  /** Frames that were not explained, by cause. */
  get drops(): PaceDrops {
    return this.#pacing.drops;
  }

  /** The id that the next frame gets. */
  get nextFrame(): number {
    return this.#pacing.nextId;
  }

  /** Answers missed in a row. */
  get lostInRow(): number {
    return this.#pacing.lostInRow;
  }

  connected(): void {
    this.#take({ kind: "connected", nowMs: this.#ports.now() });
  }

  disconnected(): void {
    this.#take({ kind: "disconnected" });
  }

  /** Gives up frames whose answer is overdue; to be called a few times a second. */
  tick(): void {
    this.#take({ kind: "tick", nowMs: this.#ports.now() });
  }

  /** A picture is there; `still`: no newer one follows by itself. */
  ready(nowMs: number, capturedMs: number, still: boolean): void {
    this.#take({ kind: "frame-ready", nowMs, capturedMs, still });
    // While the engine computes the page has time: what it encodes now, the engine does not wait for later.
    const encoded = isWorthPreparing(this.#pacing) ? this.#encode(still) : null;
    this.#prepared = encoded === null ? null : { capturedMs, encoded };
  }

  /** A frame was answered; `serverMs`: the server's own time for it, where the answer says it. */
  answered(id: number, outcome: Outcome, serverMs: number | null): void {
    this.#take({ kind: "answered", nowMs: this.#ports.now(), id, outcome, serverMs });
  }

  /** Another source of pictures, or the same one is held or released: what waits is worth nothing. */
  pictureChanged(change: "source" | "hold"): void {
    this.#prepared = null;
    this.#take({ kind: "source-changed" });
    if (change === "source") this.#newSource = true;
  }

  #encode(still: boolean): FramePicture | null {
    return this.#ports.encode(still, this.#pacing.remote);
  }

  #take(event: PaceEvent): void {
    const { state, effects } = pace(this.#pacing, event);
    this.#pacing = state;
    for (const { id, capturedMs, still } of effects) {
      const encoded = this.#prepared?.capturedMs === capturedMs
        ? this.#prepared.encoded
        : this.#encode(still);
      this.#prepared = null;
      const sent = encoded !== null &&
        this.#ports.send(encodeFrame({ id, capturedMs, still, ...encoded, first: this.#newSource }));
      if (sent) {
        this.#newSource = false;
        this.#ports.onSent(id, capturedMs, encoded);
      } else this.answered(id, "unsent", null);
    }
  }
}
