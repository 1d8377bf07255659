/** One pane on screen: its copy of the picture, its heatmap and how both stand. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Samples, Tile } from "../../../shared/codec.ts";
import type { Prediction } from "../../../shared/protocol.ts";
import { Overlay, OVERLAY_SIDE_PX, type OverlayOptions } from "../../map/overlay.ts";

/** How a pane's map stands. */
export interface PaneFigures {
  /** From the capture of the picture to the drawing of its map, in ms; null before the first, and while it is held. */
  readonly ageMs: number | null;
  /** The engine's time for the newest map, in ms; null before the first. */
  readonly costMs: number | null;
  /** Share of the newest map that is computed, 0…1. */
  readonly progress: number;
  readonly complete: boolean;
  /** What a sampling method's map is made of so far. */
  readonly samples: Samples | null;
  readonly classIndex: number | null;
}

const NO_FIGURES: PaneFigures = {
  ageMs: null,
  costMs: null,
  progress: 0,
  complete: false,
  samples: null,
  classIndex: null,
};

/** Shortest time between two changes of the figures, in ms: people cannot read faster. */
const FIGURES_PAUSE_MS = 250;

/** Largest side of a pane's copy of the picture, in pixels of the screen. */
const MAX_PICTURE_PX = 768;

/** Side of the heatmap in a small pane, in pixels, and the pane's side from which on it is drawn in full. */
const SMALL_OVERLAY_PX = 112;
const LARGE_PANE_PX = 320;

/** What a pane draws with. */
export type PaneMapOptions = Omit<OverlayOptions, "onDrawn">;

/** A pane's heatmap. */
export class PaneMap {
  readonly overlay: Overlay;
  /** The square that the network sees, drawn by {@link PaneMap.show}. */
  readonly picture: HTMLCanvasElement = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D | null;
  readonly #still: () => boolean;
  readonly #figures = signal<PaneFigures>(NO_FIGURES);
  readonly #rows = signal<readonly Prediction[]>([]);
  #saidMs = -Infinity;
  #newest: { readonly tile: Tile; readonly capturedMs: number | null } | null = null;
  #shownMs = -Infinity;
  #sidePx = 0;

  constructor(options: PaneMapOptions) {
    this.#still = options.still;
    this.overlay = new Overlay({ ...options, onDrawn: (nowMs) => this.#drawn(nowMs) });
    this.overlay.canvas.dataset["testid"] = "pane-overlay";
    this.picture.className = "pane-picture";
    this.picture.setAttribute("aria-hidden", "true");
    this.#context = this.picture.getContext("2d", { alpha: false });
  }

  get figures(): ReadonlySignal<PaneFigures> {
    return this.#figures;
  }

  /** What a model of the pane's own says of the picture, best first; empty where it has none. */
  get rows(): ReadonlySignal<readonly Prediction[]> {
    return this.#rows;
  }

  /** Takes what a model of the pane's own says; another first class shows at once. */
  say(rows: readonly Prediction[], nowMs: number): void {
    if (nowMs - this.#saidMs < FIGURES_PAUSE_MS && rows[0]?.index === this.#rows.peek()[0]?.index) return;
    this.#saidMs = nowMs;
    this.#rows.value = rows;
  }

  /** Takes a tile of the pane's present content. */
  add(tile: Tile, capturedMs: number | null, nowMs: number): void {
    this.#newest = { tile, capturedMs };
    this.overlay.add(tile, nowMs);
  }

  /** Side of the copy of the picture that the pane has room for, in pixels of the screen; 0 while it is out of sight. */
  get sidePx(): number {
    return this.#sidePx;
  }

  /** The pane has another side on the screen now, in pixels. */
  resize(sidePx: number): void {
    this.#sidePx = Math.min(MAX_PICTURE_PX, Math.round(sidePx));
    if (sidePx > 0) this.overlay.resize(sidePx < LARGE_PANE_PX ? SMALL_OVERLAY_PX : OVERLAY_SIDE_PX);
  }

  /** Copies a square picture. */
  show(square: HTMLCanvasElement): void {
    const side = this.#sidePx;
    if (this.#context === null || side === 0) return;
    if (this.picture.width !== side) this.picture.width = this.picture.height = side;
    this.#context.drawImage(square, 0, 0, side, side);
  }

  /** Another source of pictures, from this frame on. */
  sourceChanged(firstFrame: number): void {
    this.overlay.sourceChanged(firstFrame);
    this.clear();
  }

  /** The content changes: what is drawn is of another one. */
  clear(): void {
    this.overlay.clear();
    this.#newest = null;
    this.#figures.value = NO_FIGURES;
    this.#shownMs = -Infinity;
    this.#rows.value = [];
    this.#saidMs = -Infinity;
  }

  dispose(): void {
    this.overlay.dispose();
  }

  #drawn(nowMs: number): void {
    if (this.#newest === null) return;
    const { tile: { costMs, progress, complete, samples, classIndex }, capturedMs } = this.#newest;
    // The last one of a held picture counts whenever it comes: no later one will.
    if (nowMs - this.#shownMs < FIGURES_PAUSE_MS && !complete) return;
    this.#shownMs = nowMs;
    const ageMs = this.#still() || capturedMs === null ? null : nowMs - capturedMs;
    this.#figures.value = { ageMs, costMs, progress, complete, samples, classIndex };
  }
}
