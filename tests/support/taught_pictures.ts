/** Pictures to teach from: cut-outs of a photo as a hand-held object would give them, each a little different. */
import { decodePicture, fitInput, type Picture } from "../../server/engine/mod.ts";
import { encodePng } from "../../server/report/mod.ts";
import { Random } from "./random.ts";

/** Side of the pictures, in pixels: that of the network's input. */
const SIDE_PX = 224;

/** Least share of the photo's shorter side that is shown. */
const LEAST_SHARE = 0.7;

/** Makes `count` pictures of a sample photo, PNG each. */
export async function variantsOf(
  photo: string,
  count: number,
  seed = 1,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const bytes = await Deno.readFile(new URL(`../../client/public/samples/${photo}.jpg`, import.meta.url));
  const picture = await decodePicture(bytes);
  const numbers = new Random(seed);
  const random = () => numbers.below(1_000_000) / 1_000_000;
  return Array.from({ length: count }, () => encodePng(fitInput(cutOut(picture, random), SIDE_PX, SIDE_PX)));
}

function cutOut({ width, height, rgb }: Picture, random: () => number): Picture {
  const side = Math.floor(Math.min(width, height) * (LEAST_SHARE + (1 - LEAST_SHARE) * random()));
  const top = Math.floor((height - side) * random());
  const left = Math.floor((width - side) * random());
  const light = 0.8 + 0.4 * random();
  const cut = new Uint8Array(3 * side * side);
  for (let row = 0; row < side; row++) {
    const from = 3 * ((top + row) * width + left);
    for (let at = 0; at < 3 * side; at++) {
      cut[3 * side * row + at] = Math.min(255, light * (rgb[from + at] ?? 0));
    }
  }
  return { width: side, height: side, rgb: cut };
}
