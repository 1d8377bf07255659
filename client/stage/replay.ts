/** What a sidecar says at a time of its clip. */
import type { DisplayRange } from "../../shared/display_range.ts";
import { entryAt, otherLabelKey, type Sidecar, type SidecarView } from "../../shared/sidecar.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import { nameOf } from "../view/labels.ts";
import { isDimmed } from "../map/dimming.ts";
import { largeMap } from "../../shared/small_map.ts";

/** A map as it is drawn. */
export type ReplayMap = ReturnType<typeof largeMap>;

/** What holds at a time. */
export interface ReplayMoment {
  readonly map: ReplayMap | null;
  /** What the network said, in words; empty where it said nothing. */
  readonly headline: string;
  /** Whether the map is dimmed, as it follows no more than a guess. */
  readonly dimmed: boolean;
  /** Name of the class that the map explains, or null. */
  readonly target: string | null;
  /** What is explained, and the picture's shape; null before the first entry. */
  readonly view: SidecarView | null;
  /** The values that get the first colour and the last, or null. */
  readonly scale: DisplayRange | null;
}

const NOTHING: ReplayMoment = {
  ...{ map: null, headline: "", dimmed: false, target: null, view: null, scale: null },
};

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
    const { frames, views } = this.sidecar;
    const entry = entryAt(frames, seconds);
    const frame = frames[entry];
    if (frame === undefined) return NOTHING;
    const { predictions, unsure = false } = frame;
    const view = views[frame.view] ?? null;
    const rows = predictions.map(([index, probability]) => ({
      index,
      probability,
      label: this.#label(index, view),
    }));
    const names = this.#isOfFile(view) ? this.sidecar : { sharedNames: [] };
    return {
      // A frame that nothing explains has no map, whatever was there before.
      map: frame.frame === null ? null : this.#map(this.#mapEntry[entry] ?? -1),
      headline: headlineWithNumber({ rows, unsure }, "  ", (row) => nameOf(row, names)) ?? "",
      dimmed: view !== null && isDimmed({ unsure }, view.target),
      target: frame.target === null
        ? null
        : nameOf({ index: frame.target, label: this.#label(frame.target, view) }, names),
      view,
      scale: frame.scale,
    };
  }

  /** Whether a view is of the model that the file begins with. */
  #isOfFile(view: SidecarView | null): boolean {
    return view?.model === undefined || view.model.id === this.sidecar.model.id;
  }

  #label(index: number, view: SidecarView | null): string {
    const { labels, otherLabels = {} } = this.sidecar;
    const label = view?.model === undefined || this.#isOfFile(view)
      ? labels[index]
      : otherLabels[otherLabelKey(index, view.model.id)];
    return label ?? "";
  }

  #map(entry: number): ReplayMap | null {
    if (this.#newest?.entry === entry) return this.#newest.map;
    const kept = this.sidecar.frames[entry]?.map ?? null;
    if (kept === null) return null;
    this.#newest = { entry, map: largeMap(kept) };
    return this.#newest.map;
  }
}
