/** The comparison: panes, their maps, and the words with the server about them. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { Tile } from "../../../shared/codec.ts";
import {
  type ErrorMessage,
  type MethodInfo,
  type Pane,
  type ServerMessage,
} from "../../../shared/protocol.ts";
import { DIFFERENCE_NATURE } from "../../../shared/map_values.ts";
import { natureOfView, unitOf } from "../../view/view_state.ts";
import { centreSquare } from "../../picture/crop.ts";
import type { Surface } from "../../picture/surface.ts";
import type { Scale } from "../../map/scale.ts";
import type { Shading } from "../../map/shade.ts";
import {
  asked,
  firstPanes,
  NO_PANES,
  type PaneEvent,
  panesAfter,
  type PaneSet,
  type PaneState,
} from "./pane_set.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { PaneMap } from "./pane_map.ts";
import { type ScaledMap, scaleForAll, type ScaleKind } from "./scale_for_all.ts";

/** Shortest time between two copies of a picture that moves, in ms: panes are small, and five of them add up. */
const PICTURES_PAUSE_MS = 60;

/** What a comparison needs from the page. */
export interface CompareOptions {
  readonly surface: Surface;
  readonly methods: () => readonly MethodInfo[];
  readonly shading: (signed: boolean) => Omit<Shading, "range" | "signed">;
  readonly isStill: () => boolean;
  /** Whether the panes are out of sight, as in present mode; a signal is read. */
  readonly isHidden: () => boolean;
  /** The main pane's map. */
  readonly main: () => ScaledMap;
  /** Asks the server for the maps. */
  readonly send: (panes: Pane[]) => void;
  /** Every class label by index, as far as they are known. */
  readonly labels: () => readonly string[];
  /** The panes changed: worth remembering. */
  readonly onChange: (contents: readonly PaneContent[] | null) => void;
  /** Redraws the main pane's map, whose scale may be the common one. */
  readonly redrawMain: () => void;
}

/** The server's answer to a pane. */
type PaneMessage = Extract<ServerMessage, { type: "pane" }>;

/** Panes beside the main one. */
export interface Compare {
  readonly open: ReadonlySignal<boolean>;
  readonly set: ReadonlySignal<PaneSet>;
  /** The pane that has the whole place, 0 for the main one, or null. */
  readonly enlarged: Signal<number | null>;
  /** Whether all maps are drawn on one scale. */
  readonly oneScale: ReadonlySignal<boolean>;
  map(id: number): PaneMap;
  change(event: PaneEvent): void;
  /** Opens with the panes of before, or with a first comparison of a method. */
  toggle(method: string): void;
  restore(contents: readonly PaneContent[], open: boolean): void;
  setOneScale(on: boolean): void;
  /** The scale of all maps of a kind, or null where each map has its own. */
  commonScale(kind: ScaleKind): Scale | null;
  /** A connection has begun, and knows of no pane. */
  connected(): void;
  tile(tile: Tile, capturedMs: number | null): void;
  refused(message: ErrorMessage, words: string): void;
  /** The server shows a pane, and names its classes. */
  accepted(message: PaneMessage): void;
  /** A newer picture is on screen. */
  frame(): void;
  /** A result came: maps that grow tile by tile show their age. */
  noteFrame(frame: number): void;
  /** Another scene begins: its first maps set the scales. */
  noteCut(): void;
  /** Another picture: no map lies over it. */
  pictureChanged(): void;
  redraw(): void;
  dispose(): void;
}

/** Makes a closed comparison. */
export function createCompare(options: CompareOptions): Compare {
  const open = signal(false);
  const set = signal<PaneSet>(NO_PANES);
  const enlarged = signal<number | null>(null);
  const oneScale = signal(false);
  const maps = new Map<number, PaneMap>();
  const square = document.createElement("canvas");
  let picturesMs = -Infinity;
  const context = square.getContext("2d", { alpha: false });

  function pane(id: number): PaneState | undefined {
    return set.value.panes.find((one) => one.id === id);
  }

  function map(id: number): PaneMap {
    const known = maps.get(id);
    if (known !== undefined) return known;
    const made = new PaneMap({
      nature: () => kindOfPane(pane(id)?.content, options.methods()).nature,
      shading: options.shading,
      still: options.isStill,
      commonScale: () => commonScale(kindOfPane(pane(id)?.content, options.methods())),
    });
    maps.set(id, made);
    return made;
  }

  function commonScale(kind: ScaleKind): Scale | null {
    if (!open.value || !oneScale.value) return null;
    const panes = shownPanes().map(({ id, content }) => ({
      ...kindOfPane(content, options.methods()),
      scale: map(id).overlay.ownScale,
    }));
    return scaleForAll([options.main(), ...panes], kind);
  }

  function shownPanes(): readonly PaneState[] {
    return set.value.panes.filter(({ content }) => content.kind === "map");
  }

  function apply(event: PaneEvent): void {
    const before = set.value;
    set.value = panesAfter(before, event);
    for (const { id, revision } of set.value.panes) {
      const old = before.panes.find((one) => one.id === id);
      if (old?.revision !== revision) maps.get(id)?.clear();
    }
    for (const [id, gone] of maps) {
      if (pane(id) !== undefined) continue;
      gone.dispose();
      maps.delete(id);
      if (enlarged.value === id) enlarged.value = null;
    }
  }

  function contents(): readonly PaneContent[] {
    return set.value.panes.map(({ content }) => content);
  }

  /** The maps that somebody sees: those behind an enlarged pane would cost the engine for nothing. */
  function seen(): Pane[] {
    if (!open.value || options.isHidden()) return [];
    const shown = enlarged.value;
    return asked(set.value).filter(({ id }) => shown === null || shown === id);
  }

  // Another pane is enlarged, or all of them go out of sight or come back.
  const stopAsking = effect(() => {
    void enlarged.value;
    void options.isHidden();
    untracked(() => open.value && options.send(seen()));
  });

  function tell(): void {
    options.send(seen());
    options.onChange(open.value ? contents() : null);
    drawPictures();
  }

  function setOpen(on: boolean): void {
    open.value = on;
    enlarged.value = null;
    for (const one of maps.values()) one.clear();
    tell();
    options.redrawMain();
  }

  function drawPictures(): void {
    const shown = set.value.panes.map(({ id }) => map(id));
    const side = Math.max(0, ...shown.map(({ sidePx }) => sidePx));
    if (!open.value || context === null || side === 0) return;
    const nowMs = performance.now();
    if (!options.isStill() && nowMs - picturesMs < PICTURES_PAUSE_MS) return;
    picturesMs = nowMs;
    if (square.width !== side) square.width = square.height = side;
    const { image, width, height } = options.surface.current();
    if (width === 0 || height === 0) return;
    const from = centreSquare(width, height);
    context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, side, side);
    for (const pane of shown) pane.show(square);
  }

  return {
    open,
    set,
    enlarged,
    oneScale,
    map,
    change(event) {
      apply(event);
      if (event.kind !== "refused" && event.kind !== "accepted") tell();
    },
    toggle(method) {
      if (!open.value && set.value.panes.length === 0) apply({ kind: "set", contents: firstPanes(method) });
      setOpen(!open.value);
    },
    restore(list, on) {
      apply({ kind: "set", contents: list });
      open.value = on;
    },
    setOneScale(on) {
      oneScale.value = on;
      for (const { id } of shownPanes()) map(id).overlay.redraw();
      options.redrawMain();
    },
    commonScale,
    connected() {
      for (const { overlay } of maps.values()) overlay.forgetFrames();
      apply({ kind: "connected", labels: options.labels() });
      if (open.value) options.send(seen());
    },
    tile(tile, capturedMs) {
      if (!open.value || pane(tile.pane)?.revision !== tile.revision) return;
      map(tile.pane).add(tile, capturedMs, performance.now());
    },
    refused({ pane: id, revision }, words) {
      if (id !== null && revision !== null) apply({ kind: "refused", id, revision, words });
    },
    accepted({ id, revision, target, against }) {
      apply({ kind: "accepted", id, revision, target, against });
    },
    frame: drawPictures,
    noteCut() {
      for (const one of maps.values()) one.overlay.noteCut(performance.now());
    },
    noteFrame(frame) {
      if (!open.value) return;
      for (const { id, content } of set.value.panes) {
        if (content.kind === "map") map(id).overlay.noteFrame(frame, growing(content.method));
      }
    },
    pictureChanged() {
      for (const one of maps.values()) one.clear();
      drawPictures();
    },
    redraw() {
      for (const { overlay } of maps.values()) overlay.redraw();
    },
    dispose() {
      stopAsking();
      for (const one of maps.values()) one.dispose();
      maps.clear();
    },
  };

  function growing(method: string): boolean {
    return options.methods().some(({ id, progressive }) => id === method && progressive);
  }
}

/** Unit and nature of a pane's map; the difference of two maps has a zero of its own. */
function kindOfPane(content: PaneContent | undefined, methods: readonly MethodInfo[]): ScaleKind {
  const view = content?.kind === "map" ? content : { method: "", options: {}, against: null };
  return {
    unit: unitOf(view, methods),
    nature: view.against === null ? natureOfView(view, methods) : DIFFERENCE_NATURE,
  };
}
