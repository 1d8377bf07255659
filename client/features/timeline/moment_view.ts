/** An earlier moment as the stage shows it: its picture with its map, on one canvas. */
import { sidesWithin } from "../../../shared/aspect.ts";
import { knownWeights } from "../../map/shade.ts";
import { Composer } from "../../stage/composer.ts";
import { explanationOf } from "../../film/explanation.ts";
import { cellMapOf, mapOf } from "./moment_map.ts";
import type { Moment } from "./moment.ts";

/** Longest side of the canvas, in pixels: twice that of most networks' inputs. */
const LONGEST_PX = 640;

/** Shows one moment after the other; the last one that is asked for wins. */
export class MomentView {
  readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d", { alpha: false });
  #wanted: number | null = null;

  constructor() {
    this.canvas.className = "overlay moment";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Shows a moment; `moments`: all of them, as one without a map shows that of the one before it. */
  async show(moment: Moment, moments: readonly Moment[]): Promise<void> {
    this.#wanted = moment.id;
    if (moment.picture === null) return;
    const picture = await pictureOf(moment.picture).catch(() => null);
    if (picture === null || this.#wanted !== moment.id || this.#context === null) return;
    const { aspect, mirrored } = moment.seen;
    const size = sidesWithin({ width: LONGEST_PX, height: LONGEST_PX }, aspect);
    if (this.canvas.width !== size.width) this.canvas.width = size.width;
    if (this.canvas.height !== size.height) this.canvas.height = size.height;
    // The style sheet turns the square of a mirrored camera round with all that lies on it.
    const turned = this.canvas.closest("[data-mirror=true]") !== null;
    const layer = explained(moment, moments, false)?.layer ?? null;
    new Composer(this.#context).compose(picture, { mirrored: mirrored !== turned, aspect }, layer);
  }

  forget(): void {
    this.#wanted = null;
  }
}

/** What explains a moment, for films and the stage; null where nothing does. */
export function explained(moment: Moment, moments: readonly Moment[], caption: boolean) {
  const map = mapOf(moments, moment);
  if (map === null) return null;
  const { name: { frame }, result, seen } = moment;
  const cells = cellMapOf(map, moment);
  return explanationOf({ frame, map: cells, result, seen }, knownWeights(cells), caption);
}

/** Decodes a moment's picture onto a canvas of its size. */
export async function pictureOf(picture: Blob): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(picture);
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}
