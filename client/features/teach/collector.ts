/** Takes pictures of a class for as long as something is held up: at once, then ten a second. */

/** Time from one picture to the next, in ms. */
export const PICTURE_STEP_MS = 100;

/** Pictures that may wait to be sent: beyond them taking pauses, as the server is slower than the camera. */
export const MAX_WAITING = 30;

/** What collecting needs. */
export interface CollectorPorts {
  /** The newest picture as a file, or null where there is none. */
  readonly picture: () => Blob | null;
  /** Whether the picture stands still, so that a second one would be the same. */
  readonly isStill: () => boolean;
  /** Pictures that are taken and not sent yet. */
  readonly waiting: () => number;
  /** Numbers the next press, so that pictures of one are known to belong together. */
  readonly nextHold: () => number;
  readonly onPicture: (classKey: string, hold: number, picture: Blob) => void;
  /** Runs something again and again, every `ms`, until the returned function is called. */
  readonly every: (ms: number, run: () => void) => () => void;
}

/** What collects: one class at a time. */
export class Collector {
  readonly #ports: CollectorPorts;
  #held: { readonly classKey: string; readonly stop: () => void } | null = null;

  constructor(ports: CollectorPorts) {
    this.#ports = ports;
  }

  /** The class that is collected now, or null. */
  get held(): string | null {
    return this.#held?.classKey ?? null;
  }

  /** Begins with a class; one that was held gives way. */
  hold(classKey: string): void {
    if (this.held === classKey) return;
    this.release();
    const hold = this.#ports.nextHold();
    const stop = this.#ports.every(PICTURE_STEP_MS, () => this.#step(classKey, hold));
    this.#held = { classKey, stop };
    this.#take(classKey, hold);
  }

  release(): void {
    this.#held?.stop();
    this.#held = null;
  }

  #step(classKey: string, hold: number): void {
    if (!this.#ports.isStill()) this.#take(classKey, hold);
  }

  #take(classKey: string, hold: number): void {
    if (this.#ports.waiting() >= MAX_WAITING) return;
    const picture = this.#ports.picture();
    if (picture !== null) this.#ports.onPicture(classKey, hold, picture);
  }
}
