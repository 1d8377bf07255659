/**
 * `deno task bench-unsure [FOLDER]`: how sure the shipped model is of pictures that show what it knows and of others,
 * by several measures, and what a threshold on each would tell apart. FOLDER is scikit-image's `data` folder.
 */
import { decodePicture, type Engine, openEngine, type Picture } from "../server/engine/mod.ts";
import { topClasses } from "../shared/logits.ts";
import {
  cutPart,
  logitsOf,
  type Part,
  plain,
  randomFrom,
  WHOLE,
  withLight,
  withNoise,
} from "../tests/support/scenes.ts";

const MODEL_DIR = "models/efficientnet-lite0";
const SAMPLES = "client/public/samples";
const SIDE = 224;

/** Standard deviation of a webcam's noise by day and in the dark, in steps of 0…255. */
const NOISE = { day: 4, dark: 12 };

/** The number of parts taken of each picture. */
const PARTS = 24;

/** Pictures of one kind, and whether the model knows what they show. */
interface Group {
  readonly name: string;
  readonly known: boolean;
  readonly pictures: readonly Picture[];
}

/** What is measured of one picture's logits; for all of them more is surer. */
const MEASURES: Readonly<Record<string, (logits: Float32Array) => number>> = {
  "top probability": (logits) => shares(logits)[0] as number,
  "1 − entropy / ln N": (logits) => 1 - entropy(shares(logits)) / Math.log(logits.length),
  "lead over second": (logits) => {
    const [first = 0, second = 0] = shares(logits);
    return first - second;
  },
  "largest logit": (logits) => logits[topClasses(logits, 1)[0] as number] as number,
  "log Σ exp": (logits) => {
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  },
};

/** Thresholds of the top probability whose shares are printed. */
const THRESHOLDS = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

async function main(): Promise<void> {
  const engine = await openEngine({ modelDir: MODEL_DIR });
  await engine.admit(1, "jpeg", await Deno.readFile(`${SAMPLES}/coffee.jpg`));
  const groups = [...await shippedGroups(), ...await folderGroups(Deno.args[0])];
  const measured: { readonly group: Group; readonly logits: readonly Float32Array[] }[] = [];
  for (const group of groups) measured.push({ group, logits: await logitsOf(engine, group.pictures) });
  print(measured, engine);
  await engine.close();
}

async function shippedGroups(): Promise<Group[]> {
  const random = randomFrom(1);
  const photos = await Promise.all(
    ["coffee", "chelsea", "camera", "rocket"].map((name) => read(`${SAMPLES}/${name}.jpg`)),
  );
  const astronaut = await read(`${SAMPLES}/astronaut.jpg`);
  const moves = (picture: Picture, least: number, centre: Part, spread: number) =>
    Array.from({ length: PARTS }, () => {
      const part = {
        x: centre.x + spread * (random.uniform() - 0.5),
        y: centre.y + spread * (random.uniform() - 0.5),
        side: least + (1 - least) * random.uniform(),
      };
      return withNoise(cutPart(picture, part, SIDE), NOISE.day, random);
    });
  const face = { x: 0.44, y: 0.24, side: 0 };
  const faces = Array.from({ length: PARTS }, () => {
    const part = {
      x: face.x + 0.08 * (random.uniform() - 0.5),
      y: face.y + 0.06 * (random.uniform() - 0.5),
      side: 0.28 + 0.2 * random.uniform(),
    };
    return withNoise(cutPart(astronaut, part, SIDE), NOISE.day, random);
  });
  const colours = Array.from(
    { length: PARTS },
    () => [random.uniform() * 255, random.uniform() * 255, random.uniform() * 255] as const,
  );
  return [
    { name: "photos, whole", known: true, pictures: photos.map((one) => cutPart(one, WHOLE, SIDE)) },
    {
      name: "photos, whole, with a webcam's noise",
      known: true,
      pictures: photos.flatMap((one) =>
        Array.from({ length: 6 }, () => withNoise(cutPart(one, WHOLE, SIDE), NOISE.day, random))
      ),
    },
    {
      name: "photos, parts of 70 % and more",
      known: true,
      pictures: photos.flatMap((one) => moves(one, 0.7, WHOLE, 0.3)),
    },
    { name: "a face (astronaut)", known: false, pictures: faces },
    {
      name: "covered lens",
      known: false,
      pictures: Array.from(
        { length: PARTS },
        (_, at) => withNoise(plain(SIDE, [at, at, at]), 1 + NOISE.dark * at / PARTS, random),
      ),
    },
    {
      name: "photos in near darkness",
      known: false,
      pictures: photos.flatMap((one) =>
        Array.from(
          { length: 6 },
          () => withNoise(withLight(cutPart(one, WHOLE, SIDE), 0.03), NOISE.dark, random),
        )
      ),
    },
    {
      name: "plain colours",
      known: false,
      pictures: colours.map((colour) => withNoise(plain(SIDE, colour), NOISE.day, random)),
    },
    {
      name: "noise",
      known: false,
      pictures: Array.from({ length: PARTS }, () => withNoise(plain(SIDE, [128, 128, 128]), 80, random)),
    },
  ];
}

/** Groups out of scikit-image's data folder; none without it. */
async function folderGroups(folder: string | undefined): Promise<Group[]> {
  if (folder === undefined) return [];
  const random = randomFrom(2);
  const parts = async (names: readonly string[], least: number) => {
    const pictures = await Promise.all(names.map((name) => read(`${folder}/${name}.png`)));
    return pictures.flatMap((picture) =>
      Array.from({ length: PARTS }, () =>
        withNoise(
          cutPart(picture, {
            x: random.uniform(),
            y: random.uniform(),
            side: least + (1 - least) * random.uniform(),
          }, SIDE),
          NOISE.day,
          random,
        ))
    );
  };
  return [
    {
      name: "textures (brick, grass, gravel)",
      known: false,
      pictures: await parts(["brick", "grass", "gravel"], 0.5),
    },
    { name: "text and cells", known: false, pictures: await parts(["text", "page", "cell", "ihc"], 0.6) },
    {
      name: "faces (Labeled Faces in the Wild, 25 × 25)",
      known: false,
      pictures: await smallFaces(`${folder}/lfw_subset.npy`),
    },
  ];
}

/** The first hundred of scikit-image's `lfw_subset`: faces, grey, float64 in 0…1. */
async function smallFaces(file: string): Promise<Picture[]> {
  const bytes = await Deno.readFile(file);
  const view = new DataView(bytes.buffer);
  const [faces, side] = [100, 25];
  const start = 10 + view.getUint16(8, true);
  return Array.from({ length: faces }, (_, face) => {
    const rgb = new Uint8Array(3 * side * side);
    for (let at = 0; at < side * side; at++) {
      rgb.fill(
        Math.round(255 * view.getFloat64(start + 8 * (face * side * side + at), true)),
        3 * at,
        3 * at + 3,
      );
    }
    return cutPart({ width: side, height: side, rgb }, WHOLE, SIDE);
  });
}

function print(
  measured: readonly { readonly group: Group; readonly logits: readonly Float32Array[] }[],
  { model }: Engine,
): void {
  say(
    `| pictures | of them | ${
      THRESHOLDS.map((one) => `< ${Math.round(100 * one)} %`).join(" | ")
    } | first at most |`,
  );
  say(`|---|---|${"---|".repeat(THRESHOLDS.length + 1)}`);
  for (const { group, logits } of measured) {
    const tops = logits.map((one) => shares(one)[0] as number);
    const below = THRESHOLDS.map((threshold) =>
      percent(tops.filter((top) => top < threshold).length / tops.length)
    );
    const surest = tops.indexOf(Math.max(...tops));
    const label = model.labels[topClasses(logits[surest] as Float32Array, 1)[0] as number]?.split(",")[0];
    say(
      `| ${group.name} | ${tops.length} | ${below.join(" | ")} | ${label} ${
        percent(tops[surest] as number)
      } |`,
    );
  }
  say("");
  say("| measure | area under the curve | at best tells apart |");
  say("|---|---|---|");
  for (const [name, measure] of Object.entries(MEASURES)) {
    const values = (known: boolean) =>
      measured.filter(({ group }) => group.known === known).map(({ logits }) => logits.map(measure));
    const [known, unknown] = [values(true), values(false)];
    const { area, balanced, threshold } = separation(known, unknown);
    say(`| ${name} | ${area.toFixed(3)} | ${percent(balanced)} at ${threshold.toFixed(2)} |`);
  }
}

/** How well a measure tells two kinds apart, every group counted alike. */
function separation(
  known: readonly (readonly number[])[],
  unknown: readonly (readonly number[])[],
): { readonly area: number; readonly balanced: number; readonly threshold: number } {
  const share = (groups: readonly (readonly number[])[], holds: (value: number) => boolean) =>
    groups.reduce((sum, group) => sum + group.filter(holds).length / group.length, 0) / groups.length;
  const thresholds = [...new Set([...known, ...unknown].flat())].sort((a, b) => a - b);
  let [area, last, best] = [0, 0, { balanced: 0, threshold: 0 }];
  for (const threshold of thresholds) {
    const passed = share(unknown, (value) => value <= threshold);
    const kept = share(known, (value) => value > threshold);
    area += (passed - last) * (kept + share(known, (value) => value >= threshold)) / 2;
    last = passed;
    if ((passed + kept) / 2 > best.balanced) best = { balanced: (passed + kept) / 2, threshold };
  }
  return { area, ...best };
}

/** Probabilities in falling order. */
function shares(logits: Float32Array): readonly number[] {
  const sorted = Float32Array.from(logits).sort().reverse();
  const exponentials = Array.from(sorted, (logit) => Math.exp(logit - (sorted[0] ?? 0)));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((one) => one / sum);
}

function entropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, one) => one === 0 ? sum : sum - one * Math.log(one), 0);
}

async function read(file: string): Promise<Picture> {
  return await decodePicture(await Deno.readFile(file));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
