/** Small models whose inputs are not square, and a picture of which each sees another part. */
import { ModelWriter } from "../../server/engine/graph/testing/model_writer.ts";
import { decode, encode, folderFiles } from "../../server/engine/model/testing/model_folder.ts";
import { encodePng } from "../../server/report/mod.ts";

/** Models by id: width and height of their inputs in pixels, and the classes that the spot speaks for and against. */
const SHAPED_MODELS = {
  wide: { size: [64, 32], head: "softmax", labels: ["bright", "dark"], signs: [1, -1] },
  // Two classes that do not exclude each other.
  tall: { size: [24, 48], head: "sigmoid", labels: ["bright", "lit", "dark"], signs: [1, 0.5, -1] },
} as const;

/** Size of the picture, its white spot in the middle of a side of so many pixels, and the red strips above and below. */
export const SPOT = { width: 640, height: 480, x: 360, y: 160, side: 40, strip: 80 } as const;

/** Share of red, green and blue that a pixel has to have at least for a model to see it. */
const BRIGHT = 0.6;

/** How much the mean brightness above {@link BRIGHT} raises the logit: the spot covers a hundredth of the picture. */
const GAIN = 2_000;

/** Writes a folder for each model below `folder`; returns their paths. */
export async function writeShapedModels(folder: string): Promise<readonly string[]> {
  return await Promise.all(
    Object.entries(SHAPED_MODELS).map(async ([id, { size: [width, height], head, labels, signs }]) => {
      const path = `${folder}/${id}`;
      await Deno.mkdir(path);
      const files = await folderFiles({ ...brightSource(width, height, signs), labels });
      const card = {
        ...decode<object>(files["gradcast.json"]),
        ...{ id, name: `Model ${id}`, head, input: { width, height, normalisation: "0to1" } },
      };
      const all = { ...files, "gradcast.json": encode(card) };
      for (const [name, bytes] of Object.entries(all)) await Deno.writeFile(`${path}/${name}`, bytes);
      return path;
    }),
  );
}

/** A model that says "bright" where something is, cell by cell of its input, so that its map lies on that. */
function brightSource(width: number, height: number, signs: readonly number[]) {
  const writer = new ModelWriter(1);
  writer.input(height, width);
  writer.conv([1, 1, 3, 1], { name: "features", activation: "relu" });
  writer.add("GlobalAveragePooling2D");
  writer.dense([1, signs.length], { name: "logits" });
  const values = {
    "features/kernel": [1 / 3, 1 / 3, 1 / 3],
    "features/bias": [-BRIGHT],
    "logits/kernel": signs.map((sign) => sign * GAIN),
    "logits/bias": signs.map(() => 0),
  };
  for (const [name, numbers] of Object.entries(values)) writer.weights.get(name)?.values.set(numbers);
  const { layers, weights } = writer;
  return { layers, weights, defaultLayer: "features", logitsLayer: "logits" };
}

/** The picture as PNG: dark blue with a white spot, red where a model twice as wide as high sees nothing of it. */
export function spotPicture(): Uint8Array<ArrayBuffer> {
  const { width, height, x, y, side, strip } = SPOT;
  const rgb = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const inSpot = Math.abs(column + 0.5 - x) < side / 2 && Math.abs(row + 0.5 - y) < side / 2;
      const inStrip = row < strip || row >= height - strip;
      rgb.set(inSpot ? [255, 255, 255] : inStrip ? [200, 0, 0] : [20, 20, 90], 3 * (row * width + column));
    }
  }
  return encodePng({ width, height, rgb });
}
