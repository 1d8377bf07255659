/** The heatmap on the stage as a model: it follows the stream, draws the overlay and says how the map stands. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Samples, Tile } from "../../shared/codec.ts";
import { type MapNature, natureOf, standardErrorOf, unitOf } from "../../shared/map_values.ts";
import type { MethodInfo, Result, View } from "../../shared/protocol.ts";
import type { CellMap } from "./cell_map.ts";
import { type MapObserver, MapObservers } from "./map_observers.ts";
import { type MapStatus, mapStatus } from "./map_status.ts";
import { Overlay, type OverlayOptions } from "./overlay.ts";
import type { Scale } from "../../shared/moving_scale.ts";
import { steadyClarity, type UnclearSince } from "./steady_clarity.ts";

/** What the numbers of a map are. */
export interface MapKind {
  /** Unit of the raw values; empty of a method that the server has not named yet. */
  readonly unit: string;
  readonly nature: MapNature;
}

/** What a map needs. */
export interface MapPorts extends Pick<OverlayOptions, "shading"> {
  /** The view that is asked for. */
  readonly view: () => View;
  /** Its method, as far as the server has named it. */
  readonly method: () => MethodInfo | undefined;
  readonly isStill: () => boolean;
  /** The scale that maps of this kind share, or null where each has its own. */
  readonly commonScale: (kind: MapKind) => Scale | null;
  /** Age of the picture that the newest tile explains, in ms. */
  readonly ageMs: (nowMs: number) => number;
  /** Something new was drawn; `growing`: the method's maps grow tile by tile. */
  readonly onDrawn: (nowMs: number, growing: boolean) => void;
}

/** How the map stands, four times a second and whenever the view changes. */
export interface MapState {
  readonly status: ReadonlySignal<MapStatus>;
  /** What the map is made of; null where its method draws no samples, or none has come yet. */
  readonly samples: ReadonlySignal<Samples | null>;
  /** The engine's time for the newest map, in ms; null before the first. */
  readonly costMs: ReadonlySignal<number | null>;
  /** The overlay's scale; null before the first evidence. */
  readonly scale: ReadonlySignal<Scale | null>;
  /** Whether the map is a picture in colours of its own, which no scale says anything about. */
  readonly inColours: ReadonlySignal<boolean>;
}

/** How maps are read of a method that the server has not named yet. */
const UNKNOWN: MapKind = { unit: "", nature: { signed: false, zero: "nothing", range: null } };

/** The map of the main view. */
export class MapModel implements MapState {
  readonly overlay: Overlay;
  readonly status = signal<MapStatus>({ kind: "waiting" });
  readonly samples = signal<Samples | null>(null);
  readonly costMs = signal<number | null>(null);
  readonly scale = signal<Scale | null>(null);
  readonly inColours = signal(false);
  readonly #ports: MapPorts;
  readonly #observers = new MapObservers();
  /** First frame id of the picture that is held now. */
  #heldFrom = 0;
  #newestCostMs: number | null = null;
  /** The newest frame whose map is not reported, as it may still grow. */
  #growing: number | null = null;
  #unclearSince: UnclearSince = null;

  constructor(ports: MapPorts) {
    this.#ports = ports;
    this.overlay = new Overlay({
      nature: () => this.kind.nature,
      shading: ports.shading,
      still: ports.isStill,
      commonScale: () => ports.commonScale(this.kind),
      onDrawn: (nowMs) => ports.onDrawn(nowMs, this.#grows),
    });
  }

  /** Unit and nature of the view's maps. */
  get kind(): MapKind {
    const method = this.#ports.method();
    if (method === undefined) return UNKNOWN;
    const { options } = this.#ports.view();
    return { unit: unitOf(method, options), nature: natureOf(method, options) };
  }

  /** Reports every finished map until the returned function is called. */
  readonly observe = (observer: MapObserver): () => void => this.#observers.add(observer);

  /** Frame ids begin again with a connection. */
  connected(): void {
    this.#growing = null;
    this.#heldFrom = 0;
    this.overlay.forgetFrames();
  }

  disconnected(): void {
    this.#growing = null;
  }

  /** Another source of pictures, or the same one is held or released, from this frame on. */
  pictureChanged(change: "source" | "hold", nextFrame: number): void {
    this.#growing = null;
    this.#heldFrom = nextFrame;
    if (change === "source") this.overlay.sourceChanged(nextFrame);
    this.overlay.redraw();
  }

  renormalised(model: string): void {
    const { model: shown = model } = this.#ports.view();
    if (shown === model) this.forgetScale();
  }

  /** Another scene begins. */
  sceneCut(): void {
    this.overlay.noteCut(performance.now());
  }

  result({ frame }: Pick<Result, "frame">): void {
    this.overlay.noteFrame(frame, this.#grows);
    // What grows tile by tile is as far as it gets once the next frame is computed.
    if (this.#growing !== null) this.#report(this.#growing);
    this.#growing = this.#grows ? frame : null;
  }

  tile(tile: Tile): void {
    if (tile.pane > 0 || tile.revision !== this.#ports.view().revision) return;
    this.#newestCostMs = tile.costMs;
    this.overlay.add(tile, performance.now());
    // A whole map says what of the earlier ones holds for its frame as well.
    const whole = tile.rows === tile.mapHeight && tile.columns === tile.mapWidth;
    if (whole || this.#ports.isStill() || !this.#grows) this.#report(tile.frame);
    if (whole && tile.frame === this.#growing) this.#growing = null;
  }

  /** The session's figures are new, and so are the map's. */
  stepped(): void {
    this.refresh();
  }

  /** Updates the state. */
  refresh(): void {
    const nowMs = performance.now();
    const { map } = this.overlay;
    const status = this.#statusOf(map, nowMs);
    if (JSON.stringify(status) !== JSON.stringify(this.status.peek())) this.status.value = status;
    this.samples.value = map?.samples ?? null;
    this.scale.value = this.overlay.scale;
    this.inColours.value = map !== null && map.rgb !== null;
    this.costMs.value = this.#newestCostMs;
  }

  /** Another method or option begins: values of the old one say nothing about the scale. */
  forgetScale(): void {
    this.overlay.forgetScale();
  }

  redraw(): void {
    this.overlay.redraw();
  }

  dispose(): void {
    this.overlay.dispose();
  }

  /** Whether the method's maps grow tile by tile. */
  get #grows(): boolean {
    return this.#ports.method()?.progressive ?? false;
  }

  #report(frame: number): void {
    if (this.overlay.map !== null) this.#observers.explained(frame, this.overlay.map);
  }

  #statusOf(map: CellMap | null, nowMs: number): MapStatus {
    const still = this.#ports.isStill();
    const method = this.#ports.method();
    const finished = map !== null && map.complete && method?.subject === "picture";
    const error = standardErrorOf(map?.samples ?? null, method?.sampling ?? null);
    const steady = steadyClarity(this.#unclearSince, {
      clarity: finished ? this.overlay.clarity(error) : "clear",
      still,
      nowMs,
    });
    this.#unclearSince = steady.since;
    return mapStatus({
      hasMap: map !== null,
      isCurrent: map?.revision === this.#ports.view().revision,
      still,
      ofHeldPicture: map !== null && map.frame >= this.#heldFrom,
      progress: map?.progress ?? 0,
      known: this.overlay.knownShare(nowMs),
      complete: map?.complete ?? false,
      empty: this.overlay.isEmpty(),
      clarity: steady.shown,
      inColours: map !== null && map.rgb !== null,
      silent: map?.silent ?? false,
      ageMs: this.#ports.ageMs(nowMs),
      progressive: method?.progressive ?? false,
    });
  }
}
