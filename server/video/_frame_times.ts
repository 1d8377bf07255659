/** Reads the times of frames from what ffmpeg's filter `showinfo` says. Pure. */

/** A line of the filter. */
const FRAME = /^\[[^\]]*showinfo[^\]]*\] n: *\d+ pts: *(-?\d+|NOPTS)\s/;
const BASE = /showinfo.*config in time_base: (\d+)\/(\d+)/;

/** Shortest time between two frames, in s: two ticks of the film's clock. */
const LEAST_S = 2 / 90_000;

/** Frame times in the order in which they come. */
export class FrameTimes {
  readonly #stepS: number;
  #baseS = Number.NaN;
  #lastS = -Infinity;

  /** `stepS`: time between two frames where the file says none. */
  constructor(stepS: number) {
    this.#stepS = stepS;
  }

  /**
   * Takes a line; gives the frame's time in s, or null where the line is of no frame. Times never fall: a frame without
   * a time, or with one that lies behind, follows the one before it.
   */
  take(line: string): number | null {
    const base = BASE.exec(line);
    if (base !== null) this.#baseS = Number(base[1]) / Number(base[2]);
    const frame = FRAME.exec(line);
    if (frame === null) return null;
    const said = frame[1] === "NOPTS" ? Number.NaN : Number(frame[1]) * this.#baseS;
    const first = this.#lastS === -Infinity;
    if (Number.isNaN(said)) this.#lastS = first ? 0 : this.#lastS + this.#stepS;
    else this.#lastS = first ? Math.max(0, said) : Math.max(said, this.#lastS + LEAST_S);
    return this.#lastS;
  }
}
