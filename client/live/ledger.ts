/** Remembers when each frame was captured, to know the age of what is drawn. All times in ms of one clock. */

/** Frames that are remembered. */
const KEPT_FRAMES = 64;

/** The frames of one connection. */
export class Ledger {
  readonly #capturedMs = new Map<number, number>();
  /** The frame whose drawing is awaited. */
  #awaited: { readonly frame: number; hasTile: boolean } | null = null;
  #noted = 0;
  #mapCapturedMs = -Infinity;

  /** When the picture of the newest tile was captured; −Infinity before the first one. */
  get mapCapturedMs(): number {
    return this.#mapCapturedMs;
  }

  /** When a frame was captured, or null where that is not known any more. */
  capturedMs(frame: number): number | null {
    return this.#capturedMs.get(frame) ?? null;
  }

  /** A frame was sent. */
  sent(frame: number, capturedMs: number): void {
    this.#capturedMs.set(frame, capturedMs);
    this.#capturedMs.delete(frame - KEPT_FRAMES);
  }

  /** A result came. A held picture gets one for every change of the view; only its first says how fast the path is. */
  result(frame: number): void {
    if (frame > this.#noted) this.#awaited = { frame, hasTile: false };
  }

  /** A tile came. */
  tile(frame: number): void {
    if (this.#awaited !== null && frame >= this.#awaited.frame) this.#awaited.hasTile = true;
    this.#mapCapturedMs = Math.max(this.#mapCapturedMs, this.#capturedMs.get(frame) ?? -Infinity);
  }

  /**
   * The overlay was drawn: gives the age of a frame whose map is drawn for the first time, else null.
   *
   * @param growing true where maps grow tile by tile: then the first drawing after the result counts
   */
  drawn(nowMs: number, growing: boolean): number | null {
    if (this.#awaited === null || !(this.#awaited.hasTile || growing)) return null;
    const { frame } = this.#awaited;
    this.#awaited = null;
    this.#noted = frame;
    const capturedMs = this.#capturedMs.get(frame);
    return capturedMs === undefined ? null : nowMs - capturedMs;
  }

  /** Frame ids begin again with a connection; the map on screen keeps its age. */
  reconnected(): void {
    this.#capturedMs.clear();
    this.#awaited = null;
    this.#noted = 0;
  }
}
