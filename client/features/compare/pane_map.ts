/** One pane on screen: its copy of the picture, its heatmap and how both stand. */
import type { Cover } from "../../../shared/cover.ts";
import { CoverPainter, MIDDLE_GREY } from "../../map/cover_painter.ts";
import { type ReadonlySignal, signal } from "@preact/signals";
import { centrePart } from "../../../shared/aspect.ts";
import type { Samples, Tile } from "../../../shared/codec.ts";
import type { Prediction } from "../../../shared/protocol.ts";
import { Overlay, OVERLAY_SIDE_PX, type OverlayOptions } from "../../map/overlay.ts";
import { fitInside } from "../../picture/crop.ts";
import type { Size } from "../../picture/placement.ts";

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

/** Side of the heatmap in a small pane, in pixels, and the pane's longest side from which on it is drawn in full. */
const SMALL_OVERLAY_PX = 112;
const LARGE_PANE_PX = 320;

/** What a pane draws with. */
export type PaneMapOptions = Omit<OverlayOptions, "onDrawn">;

/** A pane's heatmap. */
export class PaneMap {
  readonly overlay: Overlay;
  /** What the pane's model sees, drawn by {@link PaneMap.show}. */
  readonly picture: HTMLCanvasElement = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D | null;
  readonly #still: () => boolean;
  readonly #figures = signal<PaneFigures>(NO_FIGURES);
  readonly #rows = signal<readonly Prediction[]>([]);
  #saidMs = -Infinity;
  #newest: { readonly tile: Tile; readonly capturedMs: number | null } | null = null;
  #shownMs = -Infinity;
  #size: Size = { width: 0, height: 0 };

  /** Made when something is covered. */
  #painter: CoverPainter | null = null;

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

  /** Size of the copy of the picture that the pane has room for, in pixels of the screen; 0 × 0 while it is out of sight. */
  get size(): Size {
    return this.#size;
  }

  /** The pane has another size on the screen now, in pixels. */
  resize({ width, height }: Size): void {
    const longest = Math.max(width, height);
    if (longest === 0) {
      this.#size = { width: 0, height: 0 };
      return;
    }
    this.#size = fitInside(width, height, MAX_PICTURE_PX);
    this.overlay.resize(longest < LARGE_PANE_PX ? SMALL_OVERLAY_PX : OVERLAY_SIDE_PX);
  }

  /** Copies what the pane's model sees of the part that is sent, a cover included; `aspect`: width over height of it. */
  show(sent: HTMLCanvasElement, aspect: number, cover: Cover | null): void {
    const { width, height } = this.#size;
    if (this.#context === null || width === 0) return;
    if (this.picture.width !== width) this.picture.width = width;
    if (this.picture.height !== height) this.picture.height = height;
    const from = centrePart(sent.width, sent.height, aspect);
    this.#context.drawImage(sent, from.x, from.y, from.width, from.height, 0, 0, width, height);
    if (cover === null) return;
    this.#painter ??= new CoverPainter();
    this.#painter.paint(cover, { image: sent, part: from }, MIDDLE_GREY);
    this.#context.drawImage(this.#painter.canvas, 0, 0, width, height);
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
