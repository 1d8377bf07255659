/** Draws a picture as the stage shows it: the part that the network sees with its map, the rest dimmed, and a caption. */
import { centrePart, type Rect } from "../../shared/aspect.ts";
import type { Cover } from "../../shared/cover.ts";
import type { Plane } from "../../shared/resize.ts";
import { placeInside, type Placement, type Size } from "../picture/placement.ts";
import type { CellMap } from "../map/cell_map.ts";
import { type CoveredPicture, CoverPainter, MIDDLE_GREY } from "../map/cover_painter.ts";
import { MapCanvas } from "../map/map_canvas.ts";
import type { Shading } from "../map/shade.ts";
import { drawCaption } from "./caption_strip.ts";
import type { FilmCaption } from "./film_caption.ts";

/** What lies over a picture. */
export interface Layer {
  readonly map: Plane & Pick<CellMap, "rgb">;
  /** Share of each cell that is drawn, or null for all of it. */
  readonly weights: Float32Array | null;
  /** Null: no scale is known yet, so no map is drawn but a picture in colours. */
  readonly shading: Shading | null;
  /** Of the map, 0…1. */
  readonly opacity: number;
  /** Whether the map shows the network itself: it lies on black then. */
  readonly network: boolean;
  /** What of the picture was hidden from the network; null or absent: nothing. */
  readonly cover?: Cover | null;
  /** Null: none is wanted. */
  readonly caption: FilmCaption | null;
}

/** How a picture is shown. */
export interface ShownAs {
  readonly mirrored: boolean;
  /** Width over height of what the network sees of it. */
  readonly aspect: number;
}

/** The stage's own colours: what a picture leaves free of the frame, what the network does not see, and the outline of what it sees. */
const BARS = "#08090a";
const DIMMED = "rgb(0 0 0 / 58%)";
const OUTLINE = "rgb(255 255 255 / 65%)";

/** Thickness of the outline as a share of the frame's shorter side: 2 pixels of 480. */
const OUTLINE_SHARE = 1 / 240;

/** Composes into one canvas. */
export class Composer {
  readonly #context: CanvasRenderingContext2D;
  readonly #map = new MapCanvas();
  readonly #cover = new CoverPainter();
  /** What is on the map's canvas, as maps stay for several pictures. */
  #shaded: Layer | null = null;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** Draws a picture of any shape, with bars where it leaves the frame free, and nothing over it. */
  composeBare(picture: HTMLCanvasElement, look: ShownAs): void {
    this.#drawPicture(picture, placeInside(picture, look.aspect, this.#context.canvas), look.mirrored);
  }

  /** Draws a picture of any shape as the stage shows it; without a layer nothing explains it. */
  compose(picture: HTMLCanvasElement, { mirrored, aspect }: ShownAs, layer: Layer | null): void {
    const placement = placeInside(picture, aspect, this.#context.canvas);
    this.#drawPicture(picture, placement, mirrored);
    const part = centrePart(picture.width, picture.height, aspect);
    this.#drawCover(layer?.cover ?? null, { image: picture, part }, { placement, mirrored });
    this.#drawOver(placement, mirrored, layer);
  }

  /** Draws what {@link compose} draws over a picture of this size, and nothing else. */
  composeOver(picture: Size, { mirrored, aspect }: ShownAs, layer: Layer | null): void {
    const { canvas } = this.#context;
    const placement = placeInside(picture, aspect, canvas);
    this.#context.clearRect(0, 0, canvas.width, canvas.height);
    this.#drawCover(layer?.cover ?? null, null, { placement, mirrored });
    this.#drawOver(placement, mirrored, layer);
  }

  #drawPicture(image: HTMLCanvasElement, { picture }: Placement, mirrored: boolean): void {
    const context = this.#context;
    const { canvas } = context;
    if (picture.width < canvas.width || picture.height < canvas.height) {
      context.fillStyle = BARS;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    context.imageSmoothingQuality = "high";
    this.#drawImage(image, picture, mirrored);
  }

  /** Left and right change places inside the rectangle. */
  #drawImage(image: HTMLCanvasElement, { x, y, width, height }: Rect, mirrored: boolean): void {
    const context = this.#context;
    if (mirrored) context.setTransform(-1, 0, 0, 1, 2 * x + width, 0);
    context.drawImage(image, x, y, width, height);
    context.resetTransform();
  }

  /** Without a picture fills that follow it are grey. */
  #drawCover(
    cover: Cover | null,
    picture: CoveredPicture | null,
    { placement: { crop }, mirrored }: { readonly placement: Placement; readonly mirrored: boolean },
  ): void {
    if (cover === null) return;
    this.#cover.paint(cover, picture, MIDDLE_GREY);
    this.#drawImage(this.#cover.canvas, crop, mirrored);
  }

  #drawOver(placement: Placement, mirrored: boolean, layer: Layer | null): void {
    this.#drawSurroundings(placement);
    if (layer === null) return;
    this.#drawMap(placement, mirrored, layer);
    if (layer.caption !== null) drawCaption(this.#context, layer.caption);
  }

  #drawSurroundings({ crop }: Placement): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    const { x, y } = crop;
    const [right, bottom] = [x + crop.width, y + crop.height];
    context.fillStyle = DIMMED;
    context.fillRect(0, 0, width, y);
    context.fillRect(0, bottom, width, height - bottom);
    context.fillRect(0, y, x, crop.height);
    context.fillRect(right, y, width - right, crop.height);
    const thick = Math.max(1, Math.round(OUTLINE_SHARE * Math.min(width, height)));
    context.fillStyle = OUTLINE;
    // Outside of what the network sees and never twice in a corner; an edge of the frame needs no line.
    const [top, low] = [Math.max(0, y - thick), Math.min(height, bottom + thick)];
    context.fillRect(x - thick, top, thick, low - top);
    context.fillRect(right, top, thick, low - top);
    context.fillRect(x, top, crop.width, y - top);
    context.fillRect(x, bottom, crop.width, low - bottom);
  }

  #drawMap({ crop }: Placement, mirrored: boolean, layer: Layer): void {
    const { map, weights, shading, opacity, network } = layer;
    const context = this.#context;
    if (network) {
      context.fillStyle = "#000";
      context.fillRect(crop.x, crop.y, crop.width, crop.height);
    }
    if (opacity === 0) return;
    if (this.#shaded !== layer) this.#map.drawMap(map, weights, shading);
    this.#shaded = layer;
    context.globalAlpha = opacity;
    context.imageSmoothingQuality = "high";
    this.#drawImage(this.#map.canvas, crop, mirrored);
    context.globalAlpha = 1;
  }
}
