/** Copies the picture that is seen now into every pane. */
import { centreSquare } from "../../picture/crop.ts";
import type { Surface } from "../../picture/surface.ts";
import type { PaneMap } from "./pane_map.ts";

/** Shortest time between two copies of a picture that moves, in ms: panes are small, and five of them add up. */
const PAUSE_MS = 60;

/** What the copies are made of. */
export interface PicturePorts {
  readonly surface: Pick<Surface, "current">;
  readonly isStill: () => boolean;
}

/** The picture in the panes: its square is cut once, as large as the largest pane needs it. */
export class PanePictures {
  readonly #ports: PicturePorts;
  readonly #square = document.createElement("canvas");
  readonly #context = this.#square.getContext("2d", { alpha: false });
  #drawnMs = -Infinity;

  constructor(ports: PicturePorts) {
    this.#ports = ports;
  }

  /** Draws into the panes, unless a moving picture was drawn a moment ago. */
  draw(panes: readonly PaneMap[]): void {
    const side = Math.max(0, ...panes.map(({ sidePx }) => sidePx));
    if (this.#context === null || side === 0) return;
    const nowMs = performance.now();
    if (!this.#ports.isStill() && nowMs - this.#drawnMs < PAUSE_MS) return;
    this.#drawnMs = nowMs;
    const square = this.#square;
    if (square.width !== side) square.width = square.height = side;
    const { image, width, height } = this.#ports.surface.current();
    if (width === 0 || height === 0) return;
    const from = centreSquare(width, height);
    this.#context.drawImage(image, from.x, from.y, from.width, from.height, 0, 0, side, side);
    for (const pane of panes) pane.show(square);
  }
}
