/** Films of pictures that turn midway, made in the page by the recorder's own parts; bundled by the test. */
import { Composer, type Layer } from "../../client/stage/composer.ts";
import { openFilm, openGifFilm } from "../../client/features/recorder/lazy_recorder.ts";
import { Take } from "../../client/features/recorder/take/take.ts";
import type { Seen } from "../../client/stage/seen.ts";
import type { Result } from "../../shared/protocol.ts";
import type { CellMap } from "../../client/map/cell_map.ts";

/** A picture of one colour. */
function plain(width: number, height: number, colour: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  return canvas;
}

/** Values of one cell each, as high as the scale: the map covers its whole square. */
const FULL = { height: 1, width: 1, values: Float32Array.of(1), rgb: null };
const SHADING = { colormap: "viridis", range: { low: 0, high: 1 }, signed: false, floor: 0 } as const;
const LAYER: Layer = {
  ...{ map: FULL, weights: null, shading: SHADING, opacity: 1, network: false, caption: null },
};

/** A colour as red, green and blue, 0…255. */
type Pixel = readonly [number, number, number];

/** The picture of the checks, and the last colour of viridis. */
const GREY: Pixel = [128, 128, 128];
const YELLOW: Pixel = [253, 231, 37];

/** Where a colour lies in pixels, and how many pixels have it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

function boxOf({ data, width }: ImageData, colour: Pixel): Box {
  let [left, top, right, bottom, count] = [width, data.length, -1, -1, 0];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== colour[0] || data[at + 1] !== colour[1] || data[at + 2] !== colour[2]) continue;
    const [x, y] = [at / 4 % width, Math.floor(at / 4 / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    count++;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1, count };
}

/** What the composer makes of a grey picture with an opaque map or none: where its colour is seen, and some pixels. */
export function composed(
  picture: readonly [number, number],
  aspect: number,
  frame: readonly [number, number],
  mapped: boolean,
  points: readonly (readonly [number, number])[],
): { readonly box: Box; readonly pixels: readonly (readonly number[])[] } {
  const context = plain(...frame, "#000").getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  const look = { mirrored: false, aspect };
  new Composer(context).compose(plain(...picture, "#808080"), look, mapped ? LAYER : null);
  return {
    box: boxOf(context.getImageData(0, 0, ...frame), mapped ? YELLOW : GREY),
    pixels: points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)]),
  };
}

/** How many pixels differ between a mirrored picture of a film and the plain one turned round; both sides of picture and map are unlike. */
export function mirroredDifference(drawn: boolean): number {
  const [width, height] = [640, 480];
  const picture = plain(width, height, "#808080");
  const ink = picture.getContext("2d");
  if (ink === null) throw new Error("no 2D canvas");
  ink.fillStyle = "#204060";
  ink.fillRect(0, 0, 200, 480);
  const layer = { ...LAYER, map: { height: 1, width: 2, values: Float32Array.of(1, 0), rgb: null } };
  const [straight, mirrored] = [false, true].map((mirror) => {
    const context = plain(width, height, "#000").getContext("2d");
    if (context === null) throw new Error("no 2D canvas");
    const composer = new Composer(context);
    const look = { mirrored: mirror, aspect: 1 };
    if (drawn) composer.compose(picture, look, layer);
    else composer.composeBare(picture, look);
    return context.getImageData(0, 0, width, height).data;
  });
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [at, there] = [4 * (y * width + x), 4 * (y * width + width - 1 - x)];
      const unlike = [0, 1, 2].some((part) =>
        Math.abs((straight?.[at + part] ?? 0) - (mirrored?.[there + part] ?? 255)) > 2
      );
      if (unlike) count++;
    }
  }
  return count;
}

const SEEN: Seen = {
  view: { revision: 1, method: "grad-cam", target: { kind: "rank", rank: 1 }, options: {} },
  ...{ methodName: "Grad-CAM", model: null, modelName: "Tiny", signed: false, unit: "logits" },
  ...{
    shading: SHADING,
    opacity: 1,
    network: false,
    mirrored: false,
    aspect: 1,
    sentence: null,
    sharedNames: [],
  },
};

const CUP = { index: 7, label: "cup", logit: 9, probability: 1 };

/** Pictures of each shape: not more altogether than an encoder takes at once. */
const PICTURES = 4;

/**
 * A film of 640 × 480 whose picture turns to 480 × 640, every picture with its map, as base64.
 *
 * @param aspect width over height of what the network sees
 */
export async function turningFilm(aspect: number): Promise<string> {
  let picture = plain(640, 480, "#808080");
  const film = await openFilm({
    ...{ width: 640, height: 480, sound: null },
    onGrow: () => {},
    onBreak: (cause) => {
      throw new Error(cause);
    },
  });
  const take = new Take({
    film,
    crop: "whole",
    surface: () => ({ image: picture, width: picture.width, height: picture.height }),
    isStill: () => false,
    seen: () => ({ ...SEEN, aspect }),
    drawn: true,
    caption: false,
  });
  for (let frame = 1; frame <= 2 * PICTURES; frame++) {
    if (frame === PICTURES + 1) picture = plain(480, 640, "#808080");
    const capturedMs = 1_000 + frame * 100;
    const sent = take.captured(capturedMs, false);
    if (sent?.width !== picture.width || sent.height !== picture.height) {
      throw new Error("the network sees a picture of another shape");
    }
    take.sent(frame, capturedMs);
    take.result(resultOf(frame));
    take.explained(frame, mapOf(frame));
  }
  return await finished(take, 2 * PICTURES);
}

/** A GIF of a grey picture of 640 × 480 with its map, as base64; `aspect`: of what the network sees. */
export async function shapedGif(aspect: number): Promise<string> {
  const picture = plain(640, 480, "#808080");
  const take = new Take({
    film: openGifFilm(aspect, () => {}),
    crop: "seen",
    surface: () => ({ image: picture, width: 640, height: 480 }),
    isStill: () => false,
    seen: () => ({ ...SEEN, aspect }),
    drawn: true,
    caption: false,
  });
  for (let frame = 1; frame <= PICTURES; frame++) {
    const capturedMs = 1_000 + frame * 100;
    take.captured(capturedMs, false);
    take.sent(frame, capturedMs);
    take.result(resultOf(frame));
    take.explained(frame, mapOf(frame));
  }
  return await finished(take, PICTURES);
}

async function finished(take: Take, pictures: number): Promise<string> {
  const { media } = await take.finish(1_000 + pictures * 100, null, []);
  const bytes = new Uint8Array(await media.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function mapOf(frame: number): CellMap {
  return {
    ...{
      ...FULL,
      revision: 1,
      classIndex: 7,
      silent: false,
      frame,
      progress: 1,
      complete: true,
      samples: null,
    },
    arrivedMs: Float64Array.of(0),
    frames: Uint32Array.of(frame),
  };
}

function resultOf(frame: number): Result {
  return {
    ...{
      type: "result",
      frame,
      revision: 1,
      model: "efficientnet-lite0",
      predictions: [CUP],
      ranking: { rows: [CUP], unsure: false },
      target: CUP,
    },
    ...{ times: { captured: 0, queued: 0, compute: 1, server: 2 }, dropped: { slow: 0, superseded: 0 } },
  };
}
