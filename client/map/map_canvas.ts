/** A map as a small transparent picture, to be drawn over anything. */
import type { Plane } from "../../shared/resize.ts";
import type { CellMap } from "./cell_map.ts";
import { OVERLAY_SIDE_PX } from "./overlay.ts";
import { Shader, type Shading } from "./shade.ts";

/** Keeps its buffers, so make one and use it for every map. */
export class MapCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #image = new ImageData(OVERLAY_SIDE_PX, OVERLAY_SIDE_PX);
  readonly #pixels = new Uint32Array(this.#image.data.buffer);
  readonly #shader = new Shader(OVERLAY_SIDE_PX);

  /** `canvas`: what is drawn on; it becomes 224 × 224 px. */
  constructor(canvas: HTMLCanvasElement = document.createElement("canvas")) {
    this.canvas = canvas;
    canvas.width = canvas.height = OVERLAY_SIDE_PX;
    this.#context = canvas.getContext("2d");
  }

  /** Draws a plane as {@link Shader.shade} does. */
  draw(plane: Plane, weights: Float32Array | null, shading: Shading): void {
    this.#shader.shade(plane, weights, shading, this.#pixels);
    this.#context?.putImageData(this.#image, 0, 0);
  }

  /** Draws a map as the stage does: a picture in colours as it is, any other shaded; nothing without a shading. */
  drawMap(map: Plane & Pick<CellMap, "rgb">, weights: Float32Array | null, shading: Shading | null): void {
    const { rgb } = map;
    if (rgb === null && shading === null) return this.clear();
    if (rgb !== null) this.#shader.paint({ ...map, rgb }, this.#pixels);
    else if (shading !== null) this.#shader.shade(map, weights, shading, this.#pixels);
    this.#context?.putImageData(this.#image, 0, 0);
  }

  clear(): void {
    this.#context?.clearRect(0, 0, OVERLAY_SIDE_PX, OVERLAY_SIDE_PX);
  }
}
