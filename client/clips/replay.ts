/** What a sidecar says at a time of its clip. */
import { entryAt, type Sidecar } from "../../shared/sidecar.ts";
import { isDimmed } from "../stage/dimming.ts";
import { largeMap } from "../../shared/small_map.ts";

/** A map as it is drawn. */
export type ReplayMap = ReturnType<typeof largeMap>;

/** What holds at a time. */
export interface ReplayMoment {
  readonly map: ReplayMap | null;
  /** The first class and its probability, or null. */
  readonly top: { readonly label: string; readonly probability: number } | null;
  /** Whether that was no more than a guess, and whether the map is dimmed for it. */
  readonly unsure: boolean;
  readonly dimmed: boolean;
}

/** A sidecar that is played. */
export class Replay {
  readonly sidecar: Sidecar;
  /** For every entry the entry whose map holds, or −1. */
  readonly #mapEntry: Int32Array;
  #newest: { readonly entry: number; readonly map: ReplayMap } | null = null;

  constructor(sidecar: Sidecar) {
    this.sidecar = sidecar;
    this.#mapEntry = new Int32Array(sidecar.frames.length);
    let last = -1;
    for (const [place, { map }] of sidecar.frames.entries()) {
      if (map !== null) last = place;
      this.#mapEntry[place] = last;
    }
  }

  /** What holds at a time, in s; the same map is the same object from call to call. */
  at(seconds: number): ReplayMoment {
    const { frames, labels } = this.sidecar;
    const entry = entryAt(frames, seconds);
    const frame = frames[entry];
    if (frame === undefined) return { map: null, top: null, unsure: false, dimmed: false };
    const { predictions: [top], unsure = false } = frame;
    return {
      // A frame that nothing explains has no map, whatever was there before.
      map: frame.frame === null ? null : this.#map(this.#mapEntry[entry] ?? -1),
      top: top === undefined ? null : { label: labels[top[0]] ?? `class ${top[0]}`, probability: top[1] },
      unsure,
      dimmed: isDimmed({ unsure }, this.sidecar.target),
    };
  }

  #map(entry: number): ReplayMap | null {
    if (this.#newest?.entry === entry) return this.#newest.map;
    const kept = this.sidecar.frames[entry]?.map ?? null;
    if (kept === null) return null;
    this.#newest = { entry, map: largeMap(kept) };
    return this.#newest.map;
  }
}
