/** One pane on screen: its copy of the picture, its heatmap and how both stand. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Tile } from "../../shared/codec.ts";
import { Overlay, type OverlayOptions } from "../stage/overlay.ts";

/** How a pane's map stands. */
export interface PaneFigures {
  /** From the capture of the picture to the drawing of its map, in ms; null before the first, and while it is held. */
  readonly ageMs: number | null;
  /** The engine's time for the newest map, in ms; null before the first. */
  readonly costMs: number | null;
  /** Share of the newest map that is computed, 0…1. */
  readonly progress: number;
  readonly complete: boolean;
  readonly classIndex: number | null;
}

const NO_FIGURES: PaneFigures = { ageMs: null, costMs: null, progress: 0, complete: false, classIndex: null };

/** Shortest time between two changes of the figures, in ms: people cannot read faster. */
const FIGURES_PAUSE_MS = 250;

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
  #newest: { readonly tile: Tile; readonly capturedMs: number | null } | null = null;
  #shownMs = -Infinity;

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

  /** Takes a tile of the pane's present content. */
  add(tile: Tile, capturedMs: number | null, nowMs: number): void {
    this.#newest = { tile, capturedMs };
    this.overlay.add(tile, nowMs);
  }

  /** Copies a square picture, in px of its own. */
  show(square: HTMLCanvasElement): void {
    if (this.#context === null) return;
    if (this.picture.width !== square.width) this.picture.width = this.picture.height = square.width;
    this.#context.drawImage(square, 0, 0);
  }

  /** The content changes: what is drawn is of another one. */
  clear(): void {
    this.overlay.clear();
    this.#newest = null;
    this.#figures.value = NO_FIGURES;
    this.#shownMs = -Infinity;
  }

  dispose(): void {
    this.overlay.dispose();
  }

  #drawn(nowMs: number): void {
    if (this.#newest === null) return;
    const { tile: { costMs, progress, complete, classIndex }, capturedMs } = this.#newest;
    // The last one of a held picture counts whenever it comes: no later one will.
    if (nowMs - this.#shownMs < FIGURES_PAUSE_MS && !complete) return;
    this.#shownMs = nowMs;
    const ageMs = this.#still() || capturedMs === null ? null : nowMs - capturedMs;
    this.#figures.value = { ageMs, costMs, progress, complete, classIndex };
  }
}
