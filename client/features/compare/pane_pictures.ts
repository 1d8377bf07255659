/** Copies the picture that is seen now into every pane. */
import { centrePart, type Sides } from "../../../shared/aspect.ts";
import type { Cover } from "../../../shared/cover.ts";
import type { Surface } from "../../picture/surface.ts";
import type { PaneMap } from "./pane_map.ts";
import { sentSides } from "./sent_sides.ts";

/** Shortest time between two copies of a picture that moves, in ms: panes are small, and five of them add up. */
const PAUSE_MS = 60;

/** What the copies are made of. */
export interface PicturePorts {
  readonly surface: Pick<Surface, "current">;
  readonly isStill: () => boolean;
}

/** A pane, and the width over height of what its model sees. */
export interface ShapedPane {
  readonly map: PaneMap;
  readonly aspect: number;
  /** What of the picture is hidden from its model, or null. */
  readonly cover: Cover | null;
}

/**
 * The picture in the panes. The part that is sent is cut once, as large as the largest pane needs it; a model of another
 * shape sees the middle of that part, as the server crops it.
 */
export class PanePictures {
  readonly #ports: PicturePorts;
  readonly #sent = document.createElement("canvas");
  readonly #context = this.#sent.getContext("2d", { alpha: false });
  #drawnMs = -Infinity;

  constructor(ports: PicturePorts) {
    this.#ports = ports;
  }

  /** Draws into the panes, unless a moving picture was drawn a moment ago; `aspect`: of the part that is sent. */
  draw(panes: readonly ShapedPane[], aspect: number): void {
    const sides: Sides = sentSides(panes.map(({ map }) => map.size), aspect);
    if (this.#context === null || sides.width === 0) return;
    const nowMs = performance.now();
    if (!this.#ports.isStill() && nowMs - this.#drawnMs < PAUSE_MS) return;
    this.#drawnMs = nowMs;
    const { image, width, height } = this.#ports.surface.current();
    if (width === 0 || height === 0) return;
    const sent = this.#sent;
    if (sent.width !== sides.width) sent.width = sides.width;
    if (sent.height !== sides.height) sent.height = sides.height;
    const from = centrePart(width, height, aspect);
    this.#context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, sent.width, sent.height);
    for (const pane of panes) pane.map.show(sent, pane.aspect, pane.cover);
  }
}
