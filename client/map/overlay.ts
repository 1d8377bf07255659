/** The heatmap's canvas: takes tiles, draws them and says how the map stands. */
import type { Tile } from "../../shared/codec.ts";
import { type Clarity, clarityOf } from "../../shared/clear_place.ts";
import { type DisplayRange, isColourless, isWithoutEvidence } from "../../shared/display_range.ts";
import { extentProperty } from "../../shared/map_extent.ts";
import type { MapNature } from "../../shared/map_values.ts";
import type { Plane } from "../../shared/resize.ts";
import { addTile, type CellMap, cellWeights, forgetFrames, knownShare } from "./cell_map.ts";
import { FlashGuard, levelsOf } from "./flash_guard.ts";
import type { Scale } from "../../shared/moving_scale.ts";
import { Shader, type Shading } from "./shade.ts";
import { StreamScale } from "./stream_scale.ts";

/** Width and height of the drawn heatmap at first, in pixels; the style sheet stretches it over the square. */
export const OVERLAY_SIDE_PX = 224;

/**
 * Length of the cross-fade from map to map, and the pace at which tiles that come one by one are drawn, in ms.
 *
 * A fade has two steps, half and whole. More of them look the same and make the browser put the whole stage together
 * again each time, which takes the processor from an engine on the same machine.
 */
const CROSS_FADE_MS = 80;

/** Share of a new map that its first drawing shows. */
const FIRST_SHARE = 0.5;

/** Ageing cells and a moving scale are redrawn this often when nothing else happens, in ms. */
const SLOW_STEP_MS = 100;

/** Levels of a picture in colours, from black to white. */
const COLOUR_LEVELS = { range: { low: 0, high: 255 }, signed: false } as const;

/** What the overlay needs from the page. */
export interface OverlayOptions {
  /** How the numbers of the map are to be read; asked at every tile and drawing. */
  readonly nature: () => MapNature;
  /** How values become colours; asked at every drawing. */
  readonly shading: (signed: boolean) => Omit<Shading, "range" | "signed">;
  /** Whether the picture is held, so that cells do not age. */
  readonly still: () => boolean;
  /** The scale that several maps share, or null where this one has its own. */
  readonly commonScale: () => Scale | null;
  /** Called after something new was drawn; time in ms. */
  readonly onDrawn: (nowMs: number) => void;
}

/** Values and weights of every cell as they are on screen. */
interface Shown extends Plane {
  readonly weights: Float32Array;
}

/** The heatmap. */
export class Overlay {
  readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  readonly #options: OverlayOptions;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #guard = new FlashGuard();
  #image = new ImageData(OVERLAY_SIDE_PX, OVERLAY_SIDE_PX);
  #pixels = new Uint32Array(this.#image.data.buffer);
  #shader = new Shader(OVERLAY_SIDE_PX);
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #map: CellMap | null = null;
  readonly #scale = new StreamScale();
  /** The last map that {@link clarity} was asked of. */
  #judged: { readonly map: CellMap; readonly clarity: Clarity } | null = null;
  #newestFrame = 0;
  /** The first frame of the source: a map of an earlier one must not lie over its picture. */
  #firstFrame = 0;
  #from: Shown | null = null;
  #shown: Shown | null = null;
  #fadeFromMs = -Infinity;
  #fresh = false;
  #drawnMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueMs = Infinity;

  constructor(options: OverlayOptions) {
    this.#options = options;
    this.canvas.width = this.canvas.height = OVERLAY_SIDE_PX;
    this.canvas.className = "overlay";
    this.canvas.dataset["testid"] = "overlay";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Heatmap: nothing yet");
    this.#context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /** The map on screen, for captions and sidecars; null before the first tile. */
  get map(): CellMap | null {
    return this.#map;
  }

  /** How the numbers of the map are to be read. */
  get nature(): MapNature {
    return this.#options.nature();
  }

  /** The display scale; null before the first evidence. */
  get scale(): Scale | null {
    const { scale } = this.#scale;
    return scale === null ? null : this.#options.commonScale() ?? scale;
  }

  /** The ends of the display scale; null before the first evidence. */
  get range(): DisplayRange | null {
    const { scale } = this;
    return scale === null ? null : { low: scale.low, high: scale.high };
  }

  /** The scale that this map alone would have; null before the first evidence. */
  get ownScale(): Scale | null {
    return this.#scale.scale;
  }

  /** How the map is drawn now; null before the first evidence. */
  get shading(): Shading | null {
    const { scale } = this;
    if (scale === null) return null;
    const { signed } = this.#options.nature();
    return { ...this.#options.shading(signed), signed, range: scale };
  }

  /** Takes a tile of the current view, unless it is a late one of the source before; time in ms. */
  add(tile: Tile, nowMs: number): void {
    // A picture in colours is of the network, whatever the camera shows.
    if (tile.frame < this.#firstFrame && tile.rgb === undefined) return;
    const before = this.#map;
    this.#map = addTile(before, tile, nowMs);
    if (this.#map === null || this.#map === before) return;
    this.#scale.take(this.#map, this.#options.nature(), nowMs);
    this.#newestFrame = Math.max(this.#newestFrame, tile.frame);
    this.#from = this.#shown;
    this.#fadeFromMs = nowMs;
    this.#fresh = true;
    // A whole map is drawn at once: the screen shows it one frame earlier than from an animation callback.
    if (tile.rows === tile.mapHeight && tile.columns === tile.mapWidth) this.#step();
    else this.#plan(this.#drawnMs + CROSS_FADE_MS);
  }

  /**
   * Says that a newer frame is on screen, so that cells of earlier ones age.
   *
   * @param growing true where maps grow tile by tile: no whole map is about to follow, so it is drawn at once
   */
  noteFrame(frame: number, growing: boolean): void {
    this.#newestFrame = Math.max(this.#newestFrame, frame);
    if (this.#map === null || this.#map.frame >= frame) return;
    this.#fresh = true;
    if (growing) this.#step();
    else this.#plan(this.#drawnMs + CROSS_FADE_MS);
  }

  /** Another scene begins: its first map sets the scale; time in ms. */
  noteCut(nowMs: number): void {
    this.#scale.cut(nowMs);
  }

  /** Another method or option begins: values of the old one say nothing about the scale. */
  forgetScale(): void {
    this.#scale.forget();
  }

  /** Frame ids begin again with a connection. */
  forgetFrames(): void {
    this.#map = forgetFrames(this.#map);
    this.#newestFrame = 0;
    this.#firstFrame = 0;
  }

  /** Another source of pictures, from this frame on: no map of an earlier one must lie over them. */
  sourceChanged(firstFrame: number): void {
    this.#firstFrame = firstFrame;
    this.clear();
  }

  /** Another content: the old map must not be taken for it. */
  clear(): void {
    this.#map = null;
    this.#from = null;
    this.#shown = null;
    this.#newestFrame = 0;
    this.#scale.clear();
    this.#context?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Whether the map singles out a place, on the scale that it alone would have. */
  clarity(standardError: number | null): Clarity {
    const map = this.#map;
    if (map === null) return "clear";
    if (this.#judged?.map !== map) {
      this.#judged = { map, clarity: clarityOf(map, { nature: this.#options.nature(), standardError }) };
    }
    return this.#judged.clarity;
  }

  /** Share of the map's cells that are known for the newest picture, 0…1; time in ms. */
  knownShare(nowMs: number): number {
    if (this.#map === null) return 0;
    return knownShare(this.#map, this.#newestFrame, nowMs, this.#options.still());
  }

  /** True where the map holds no evidence for its class, or so little that none of it is seen on the scale. */
  isEmpty(): boolean {
    if (this.#map === null) return false;
    const nature = this.#options.nature();
    return isWithoutEvidence(this.#map.values, nature) ||
      this.range !== null && isColourless(this.#map.values, nature, this.range);
  }

  /** Draws with another width and height from now on, in pixels; one that is smaller than at first is not faded either. */
  resize(sidePx: number): void {
    if (sidePx === this.canvas.width) return;
    this.canvas.width = this.canvas.height = sidePx;
    this.#image = new ImageData(sidePx, sidePx);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#shader = new Shader(sidePx);
    this.#step();
  }

  /** Draws soon, after something about the colours changed. */
  redraw(): void {
    this.#plan(this.#drawnMs + CROSS_FADE_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Draws at a time in ms, or earlier where an earlier drawing is planned. */
  #plan(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.#dueMs = dueMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(), Math.max(0, dueMs - performance.now()));
  }

  #step(): void {
    clearTimeout(this.#timer);
    this.#dueMs = Infinity;
    const nowMs = performance.now();
    const map = this.#map;
    if (map === null) return;
    // A picture that is sent once has no later map that would take the scale along.
    const settling = this.#scale.settle(nowMs);
    // A picture in colours is of the network and does not age with the frames.
    const weights = map.rgb === null
      ? cellWeights(map, this.#newestFrame, nowMs, this.#options.still())
      : new Float32Array(map.values.length).fill(1);
    const levels = map.rgb === null ? this.shading : COLOUR_LEVELS;
    if (levels !== null && !this.#guard.allows(levelsOf(map, weights, levels), nowMs)) {
      this.#plan(nowMs + SLOW_STEP_MS);
      return;
    }
    // In a small pane nobody sees the fade, and its first half would be a drawing more.
    const fades = this.canvas.width >= OVERLAY_SIDE_PX && !this.#calm.matches;
    const fading = fades && nowMs - this.#fadeFromMs < CROSS_FADE_MS;
    this.#draw(map, weights, nowMs, fading);
    if (this.#fresh) this.#options.onDrawn(nowMs);
    this.#fresh = false;
    const ageing = !this.#options.still() && map.frame < this.#newestFrame;
    if (fading) this.#plan(this.#fadeFromMs + CROSS_FADE_MS);
    else if (settling || ageing) this.#plan(nowMs + SLOW_STEP_MS);
  }

  #draw(map: CellMap, weights: Float32Array, nowMs: number, fading: boolean): void {
    if (this.#context === null) return;
    this.#drawnMs = nowMs;
    const { height, width, values, extent } = map;
    const target: Shown = { height, width, values, ...extentProperty(extent), weights };
    const share = fading ? FIRST_SHARE : 1;
    this.#shown = share >= 1 ? target : blend(this.#from, target, share);
    if (map.rgb !== null) {
      this.#shader.paint({ ...map, rgb: map.rgb }, this.#pixels);
      this.#context.putImageData(this.#image, 0, 0);
      return;
    }
    const { shading } = this;
    if (shading === null) {
      this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
      return;
    }
    const opaque = this.#shown.weights.every((weight) => weight === 1);
    this.#shader.shade(this.#shown, opaque ? null : this.#shown.weights, shading, this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }
}

/** Goes from one set of cells to another; a cell that was not there fades in. */
function blend(from: Shown | null, to: Shown, share: number): Shown {
  const fits = from !== null && from.height === to.height && from.width === to.width;
  const values = new Float32Array(to.values.length);
  const weights = new Float32Array(to.values.length);
  for (let at = 0; at < values.length; at++) {
    const before = fits ? from.values[at] ?? Number.NaN : Number.NaN;
    const after = to.values[at] ?? Number.NaN;
    const beforeWeight = fits && !Number.isNaN(before) ? from.weights[at] ?? 0 : 0;
    weights[at] = beforeWeight + share * ((to.weights[at] ?? 0) - beforeWeight);
    if (Number.isNaN(before)) values[at] = after;
    else values[at] = Number.isNaN(after) ? before : before + share * (after - before);
  }
  return { ...to, values, weights };
}
