/** Draws the pictures of a film of every frame. */
import { centreCrop } from "../../../shared/resample.ts";
import type { Result } from "../../../shared/protocol.ts";
import { colormapOf } from "./job_look.ts";
import type { FilmScale } from "../../../shared/film_scale.ts";
import type { CellMap } from "../../map/cell_map.ts";
import { isDimmed, mapOpacity } from "../../map/dimming.ts";
import { filmSize, placeInside, type Size } from "../../picture/placement.ts";
import { cutTo } from "../../stage/caption_strip.ts";
import { Composer, type Layer } from "../../stage/composer.ts";
import { filmCaption } from "../../stage/film_caption.ts";
import { percent } from "../../ui/format.ts";
import { headlineWithNumber } from "../../ui/headline.ts";
import { nameOf } from "../../view/labels.ts";
import { MAX_FILM_PIXELS, MAX_FILM_SIDE_PX } from "../../../shared/video_limits.ts";
import type { Job } from "./job.ts";

const FAMILY = "Inter, system-ui, sans-serif";

/** Height over width of a film for phones, and its width at most, in pixels. */
const PORTRAIT = 16 / 9;
const PORTRAIT_WIDTH_PX = 1_080;

/** Classes that are named, and the height of their words as a share of the shorter side. */
const CLASSES = 3;
const WORDS_SHARE = 0.036;
const LEAST_WORDS_PX = 11;

/** How long the title stays, in s, and the share of a short film that it takes at most. */
const TITLE_S = 2.5;
const TITLE_SHARE = 0.3;

const SCRIM = "rgb(0 0 0 / 72%)";
const TITLE_SCRIM = "rgb(8 9 10 / 86%)";
const ACCENT = "#7cc4ff";

/** Sides of a film of a video, in pixels. */
export function filmSides(
  video: Size,
  { choices: { portrait }, input }: Pick<Job, "choices" | "input">,
): Size {
  if (!portrait) return filmSize(video, MAX_FILM_SIDE_PX, MAX_FILM_PIXELS);
  const width = 2 * Math.round(Math.min(PORTRAIT_WIDTH_PX, Math.max(2, centreCrop(video, input).width)) / 2);
  return { width, height: 2 * Math.round(width * PORTRAIT / 2) };
}

/** A frame to be drawn. */
export interface PaintedFrame {
  /** The whole picture of the video. */
  readonly picture: HTMLCanvasElement;
  readonly seconds: number;
  readonly result: Result;
  readonly map: CellMap;
  readonly scale: FilmScale | null;
}

/** Draws into one canvas. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #composer: Composer;
  readonly #job: Job;
  readonly #titleS: number;
  readonly #crop = document.createElement("canvas");

  /** `durationS`: length of the video, in s. */
  constructor(context: CanvasRenderingContext2D, job: Job, durationS: number) {
    this.#context = context;
    this.#composer = new Composer(context);
    this.#job = job;
    this.#titleS = job.choices.titleCard ? Math.min(TITLE_S, TITLE_SHARE * durationS) : 0;
  }

  paint(frame: PaintedFrame): void {
    const { aspect, choices } = this.#job;
    const picture = choices.portrait ? this.#cropped(frame.picture) : frame.picture;
    this.#composer.compose(picture, { mirrored: false, aspect }, this.#layer(frame));
    if (choices.classes) {
      this.#drawClasses(frame.result, placeInside(picture, aspect, this.#context.canvas).picture);
    }
    if (frame.seconds < this.#titleS) this.#drawTitle();
  }

  #layer({ result, map, scale }: PaintedFrame): Layer {
    const { choices, network, methodName, modelName, unit, signed, sharedNames } = this.#job;
    const shading = scale === null || map.rgb !== null
      ? null
      : { colormap: colormapOf(this.#job), range: scale, signed, floor: 0 };
    const opacity = mapOpacity({
      ...{ opacity: this.#job.opacity, hidden: false, network },
      dims: !network && isDimmed(result.ranking, this.#job.view.target),
    });
    const name = (row: { index: number; label: string }) => nameOf(row, { sharedNames });
    const caption = choices.caption
      ? filmCaption({
        headline: headlineWithNumber(result.ranking, "  ", name) ?? "",
        target: name(result.target),
        ...{ methodName, modelName, unit, opacity, network },
        shading,
      })
      : null;
    return {
      map,
      weights: null,
      shading,
      opacity,
      network,
      caption: caption === null || choices.legend ? caption : { ...caption, legend: null },
    };
  }

  /** The part that the network sees, by itself. */
  #cropped(picture: HTMLCanvasElement): HTMLCanvasElement {
    const { left, top, width, height } = centreCrop(picture, this.#job.input);
    const canvas = this.#crop;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d", { alpha: false })?.drawImage(
      picture,
      left,
      top,
      width,
      height,
      0,
      0,
      width,
      height,
    );
    return canvas;
  }

  /** The first classes along the bottom, or below the picture of an upright film. */
  #drawClasses({ ranking: { rows } }: Result, picture: { y: number; height: number }): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    const size = Math.max(LEAST_WORDS_PX, Math.round(WORDS_SHARE * Math.min(width, height)));
    const pad = Math.round(size * 0.7);
    const line = Math.round(size * 1.5);
    const shown = rows.slice(0, CLASSES);
    const high = 2 * pad + CLASSES * line;
    const below = picture.y + picture.height;
    const top = this.#job.choices.portrait && height - below >= high ? below + pad : height - high;
    const wide = this.#job.choices.portrait ? width : Math.min(width, size * 22);
    context.save();
    context.fillStyle = SCRIM;
    context.fillRect(0, top, wide, high);
    context.font = `500 ${size}px ${FAMILY}`;
    context.textBaseline = "middle";
    const numbers = Math.ceil(context.measureText("< 0.1 %").width) + pad;
    const { sharedNames } = this.#job;
    for (const [place, row] of shown.entries()) {
      const y = top + pad + (place + 0.5) * line;
      const room = wide - 2 * pad - numbers;
      context.fillStyle = ACCENT;
      context.globalAlpha = 0.35;
      context.fillRect(pad / 2, y - line * 0.42, (wide - pad) * row.probability, line * 0.84);
      context.globalAlpha = 1;
      context.fillStyle = "#fff";
      context.textAlign = "left";
      context.fillText(cutTo(context, nameOf(row, { sharedNames }), room), pad, y);
      context.textAlign = "right";
      context.fillText(percent(row.probability), wide - pad, y);
    }
    context.restore();
  }

  /** The title lies over the first pictures: it takes none of them away. */
  #drawTitle(): void {
    const context = this.#context;
    const { width, height } = context.canvas;
    const { file: { name }, methodName, modelName, targetName } = this.#job;
    const size = Math.max(LEAST_WORDS_PX, Math.round(0.07 * Math.min(width, height)));
    const words = [
      [name, `600 ${size}px ${FAMILY}`, "#fff"],
      ["Every frame explained", `400 ${Math.round(size * 0.6)}px ${FAMILY}`, "#d3d7da"],
      [
        [methodName, targetName ?? "", modelName].filter((one) => one !== "").join(" · "),
        `400 ${Math.round(size * 0.6)}px ${FAMILY}`,
        "#d3d7da",
      ],
    ] as const;
    context.save();
    context.fillStyle = TITLE_SCRIM;
    context.fillRect(0, 0, width, height);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [place, [text, font, colour]] of words.entries()) {
      context.font = font;
      context.fillStyle = colour;
      context.fillText(cutTo(context, text, width * 0.9), width / 2, height / 2 + (place - 1) * size * 1.3);
    }
    context.restore();
  }
}
