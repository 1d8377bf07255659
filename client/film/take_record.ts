/** Writes beside a film, frame by frame, what was seen; at its end nothing is asked of the page. */
import { coverProperty } from "../../shared/cover.ts";
import type { DisplayRange } from "../../shared/display_range.ts";
import type { Prediction, Result } from "../../shared/protocol.ts";
import {
  type Marker,
  MAX_SIDECAR_VIEWS,
  otherLabelKey,
  type Sidecar,
  SIDECAR_VERSION,
  type SidecarView,
} from "../../shared/sidecar.ts";
import { smallMap, smallMapJson } from "../../shared/small_map.ts";
import { nameOf } from "../view/labels.ts";
import type { Size } from "../picture/placement.ts";
import type { CellMap } from "../map/cell_map.ts";
import type { Seen } from "../stage/seen.ts";
import { SidecarWriter } from "./sidecar_writer.ts";

/** What explains a frame. */
export interface FrameFacts {
  readonly frame: number;
  readonly map: CellMap;
  /** Null where no result came with the map. */
  readonly result: Result | null;
  readonly seen: Seen;
}

/** What is known at the beginning. */
export type SidecarHead = Pick<Sidecar, "created" | "model" | "drawn">;

/** What is known at the end. */
export interface SidecarEnd extends Size {
  readonly durationS: number;
  readonly markers: readonly Marker[];
}

/** The record of one take. */
export class TakeRecord {
  readonly #writer = new SidecarWriter();
  /** What was seen of the classes of each model, by its id. */
  readonly #classes = new Map<string, SeenClasses>();
  readonly #views: SidecarView[] = [];
  readonly #placeOfView = new Map<string, number>();
  #map: CellMap | null = null;
  #last: FrameFacts | null = null;

  /** Pictures so far. */
  get count(): number {
    return this.#writer.count;
  }

  /** What the recording is of, in words; empty where nothing was explained. */
  get name(): string {
    if (this.#last === null) return "";
    const { result, seen } = this.#last;
    const { rows: [top], unsure } = result?.ranking ?? { rows: [], unsure: false };
    return [top === undefined ? "" : unsure ? "Not sure" : nameOf(top, seen), seen.methodName]
      .filter((words) => words !== "").join(", ");
  }

  /** A picture was written at a time, in seconds; `facts` is null where nothing explains it. */
  add(seconds: number, picture: Size, seen: Seen, facts: FrameFacts | null): void {
    const result = facts?.result ?? null;
    const map = facts?.map ?? null;
    const isNew = map !== null && map !== this.#map;
    if (isNew) this.#map = map;
    if (facts !== null) this.#last = facts;
    if (result !== null) this.#note(result, facts?.seen.sharedNames ?? []);
    this.#writer.add({
      t: seconds,
      view: this.#view(facts?.seen ?? seen, picture),
      frame: facts?.frame ?? null,
      target: result?.target.index ?? null,
      predictions: (result?.ranking.rows ?? []).map(share),
      ...(result?.ranking.unsure === true && { unsure: true }),
      scale: facts === null ? null : rangeOf(facts.seen),
      map: isNew ? smallMapJson(smallMap(map)) : null,
    });
  }

  /** Returns the sidecar as JSON text. */
  async finish(head: SidecarHead, { width, height, durationS, markers }: SidecarEnd): Promise<string> {
    return await this.#writer.finish({
      gradcast: SIDECAR_VERSION,
      ...head,
      views: this.#views.map((view) => ofFile(view, head.model.id)),
      width,
      height,
      durationS,
      ...this.#names(head.model.id),
      markers: markers.map(({ t, name }) => ({ t: Math.min(t, durationS), name })),
    });
  }

  #note({ model, ranking: { rows }, target }: Result, sharedNames: readonly number[]): void {
    const classes = this.#classes.get(model) ?? { labels: new Map(), sharedNames: new Set() };
    this.#classes.set(model, classes);
    for (const { index, label } of [...rows, target]) {
      classes.labels.set(index, label);
      if (sharedNames.includes(index)) classes.sharedNames.add(index);
    }
  }

  /** The classes' names, apart for the model of the file and the others. */
  #names(model: string): Pick<Sidecar, "labels" | "sharedNames" | "otherLabels"> {
    const own = this.#classes.get(model);
    const others = [...this.#classes].filter(([id]) => id !== model).flatMap(([id, { labels }]) =>
      [...labels].map(([index, label]) => [otherLabelKey(index, id), label] as const)
    );
    return {
      labels: Object.fromEntries(own?.labels ?? []),
      sharedNames: [...own?.sharedNames ?? []],
      ...(others.length === 0 ? {} : { otherLabels: Object.fromEntries(others) }),
    };
  }

  /** The place of a view, which is new where anything about it is. */
  #view(seen: Seen, { width, height }: Size): number {
    const view = sidecarView(seen, [width, height]);
    const key = JSON.stringify(view);
    const known = this.#placeOfView.get(key);
    if (known !== undefined) return known;
    if (this.#views.length === MAX_SIDECAR_VIEWS) return MAX_SIDECAR_VIEWS - 1;
    this.#placeOfView.set(key, this.#views.length);
    return this.#views.push(view) - 1;
  }
}

/** Names of the classes of one model, and which of them others have too. */
interface SeenClasses {
  readonly labels: Map<number, string>;
  readonly sharedNames: Set<number>;
}

/** A view of the file's own model need not name it. */
function ofFile({ model, ...view }: SidecarView, id: string): SidecarView {
  return model === undefined || model.id === id ? view : { model, ...view };
}

/** The ends of the colours, without what a moving scale knows beside them. */
function rangeOf({ shading }: Seen): DisplayRange | null {
  return shading === null ? null : { low: shading.range.low, high: shading.range.high };
}

function share({ index, probability }: Prediction): [number, number] {
  return [index, Math.round(probability * 10_000) / 10_000];
}

/** Makes a sidecar's view; `picture`: width and height in pixels. */
function sidecarView(seen: Seen, picture: [number, number]): SidecarView {
  const { model, view: { method, target, layer, options, cover }, methodName: name } = seen;
  const { signed, network, unit, mirrored } = seen;
  return {
    ...(model === null ? {} : { model }),
    ...{ method, name, target, layer: layer ?? null, options, signed, network, unit, mirrored, picture },
    ...(seen.aspect !== 1 && { aspect: seen.aspect }),
    ...coverProperty(cover),
  };
}
