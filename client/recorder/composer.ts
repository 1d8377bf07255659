/** Draws a picture, its map and what the network says as one picture of a film. */
import type { Prediction } from "../../shared/protocol.ts";
import { headlineWithNumber } from "../predictions/headline.ts";
import { centreSquare } from "../source/crop.ts";
import type { CellMap } from "../stage/cell_map.ts";
import { MapCanvas } from "../stage/map_canvas.ts";
import type { Shading } from "../stage/shade.ts";

/** How a map is drawn into a film. */
export interface Look {
  /** Null: no scale is known yet, so no map is drawn but a picture in colours. */
  readonly shading: Shading | null;
  /** Of the map, 0…1. */
  readonly opacity: number;
}

/** What is known of a frame. */
export interface Explained {
  readonly map: CellMap;
  /** Share of each cell that is drawn, or null for all of it. */
  readonly weights: Float32Array | null;
  /** The class that the map explains, or null. */
  readonly target: Prediction | null;
  /** Best first. */
  readonly predictions: readonly Prediction[];
  /** Whether the first of them is no more than a guess. */
  readonly unsure: boolean;
  /** How the map is drawn; null: not at all. */
  readonly look: Look | null;
}

/** Height of the words as a share of the picture's. */
const WORDS_SHARE = 0.05;

/** Smallest height of the words, in px: smaller ones cannot be read in a film. */
const MIN_WORDS_PX = 14;

/** Composes into one film's context. */
export class Composer {
  readonly #context: CanvasRenderingContext2D;
  readonly #map = new MapCanvas();
  /** What is on the map's canvas, as maps stay for several pictures. */
  #shaded: Explained | null = null;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** Draws; map and words are left out where nothing is explained, or is not to be drawn. */
  compose(picture: HTMLCanvasElement, explained: Explained | null): void {
    const { canvas } = this.#context;
    this.#context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    if (explained === null || explained.look === null) return;
    this.#drawMap(explained, explained.look);
    this.#drawWords(explained);
  }

  #drawMap(explained: Explained, { shading, opacity }: Look): void {
    if (opacity === 0) return;
    if (this.#shaded !== explained) this.#map.drawMap(explained.map, explained.weights, shading);
    this.#shaded = explained;
    const { canvas } = this.#context;
    const square = centreSquare(canvas.width, canvas.height);
    this.#context.globalAlpha = opacity;
    this.#context.imageSmoothingQuality = "high";
    this.#context.drawImage(this.#map.canvas, square.x, square.y, square.width, square.height);
    this.#context.globalAlpha = 1;
  }

  #drawWords({ predictions, unsure }: Explained): void {
    const words = headlineWithNumber({ rows: predictions, unsure });
    if (words === null) return;
    const context = this.#context;
    const { width, height } = context.canvas;
    const size = Math.max(MIN_WORDS_PX, Math.round(height * WORDS_SHARE));
    context.font = `600 ${size}px Inter, system-ui, sans-serif`;
    context.textBaseline = "middle";
    const wide = Math.min(width - size, context.measureText(words).width + size);
    const high = size * 1.7;
    const [x, y] = [size * 0.5, height - size * 0.5 - high];
    context.fillStyle = "rgb(0 0 0 / 72%)";
    context.beginPath();
    context.roundRect(x, y, wide, high, size * 0.35);
    context.fill();
    context.fillStyle = "#fff";
    context.fillText(words, x + size / 2, y + high / 2, wide - size);
  }
}
