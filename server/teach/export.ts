/** A taught model as a folder that `--model` opens, and with its pictures one that can be taught further. */
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import { BoxSchema, ClassKeySchema } from "../../shared/teach_wire.ts";
import { CARD_FILE, cardBeside } from "../engine/mod.ts";
import { HEAD_FILE } from "../engine/model/model.ts";
import { stem } from "../engine/model/card.ts";
import { jsonInTurns, type RunnableHead } from "../heads/mod.ts";
import { isModelFile } from "../pool/mod.ts";
import { TAUGHT_FORMATS } from "../store/mod.ts";
import { picturesOf } from "./collection.ts";
import { WEIGHTS_FILE, withDenseLayer } from "./layers_export.ts";
import type { OpenCollection } from "./open_collection.ts";
import type { ZipFile } from "./zip_writer.ts";

/** File that says what a model was taught from. */
export const COLLECTION_FILE = "taught.json";

/** File beside model.json that Teachable Machine's own library, and whoever reads its exports, asks for labels and size. */
const METADATA_FILE = "metadata.json";

/** Folder of the pictures: one for each class in it, by its key. */
export const PICTURES_FOLDER = "pictures";

/** What that file says. */
export const ExportedSchema = v.object({
  format: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  base: v.string(),
  kind: v.picklist(HEAD_KINDS),
  classes: v.pipe(
    v.array(
      v.object({
        key: ClassKeySchema,
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
        box: v.nullable(BoxSchema),
      }),
    ),
    v.maxLength(100),
  ),
  /** Hold of each picture, by its path. */
  holds: v.record(v.string(), v.number()),
});

/** What is exported. */
export interface ExportRequest {
  readonly kind: HeadKind;
  /** Whether the pictures come along. */
  readonly pictures: boolean;
  /** Folder or file of the base model. */
  readonly basePath: string;
}

/** The files of an exported model. */
export async function exportedFiles(
  collection: OpenCollection,
  { kind, pictures, basePath }: ExportRequest,
): Promise<readonly ZipFile[]> {
  await collection.ready();
  const fitted = await collection.learner.take(kind);
  const head = collection.named(fitted);
  const model = await modelFiles(collection, head, basePath);
  return [...model, ...pictures ? pictureFiles(collection) : []];
}

async function modelFiles(
  collection: OpenCollection,
  head: RunnableHead,
  basePath: string,
): Promise<readonly ZipFile[]> {
  const { name } = collection.collection;
  const isFile = isModelFile(basePath);
  const folder = isFile ? dirname(basePath) : basePath;
  const cardName = isFile ? cardBeside(basename(basePath)) : CARD_FILE;
  const written = await Deno.readTextFile(join(folder, cardName)).catch(() => "{}");
  const { files: _, ...card }: Record<string, unknown> = recordOf(written);
  // What was read or guessed beside the base may not be found again beside the export.
  const input = { normalisation: await normalisationOf(collection), ...recordFrom(card["input"]) };
  const named = { ...card, id: collection.id, name, input };
  const own = [...(await Array.fromAsync(Deno.readDir(folder)))]
    .filter((one) =>
      one.isFile && one.name !== cardName && (!isFile || one.name.startsWith(stem(basename(basePath))))
    )
    .map((one) => one.name);
  const copied = (names: readonly string[]) =>
    names.map((one): ZipFile => ({ path: one, read: () => Deno.readFile(join(folder, one)) }));
  if (!isFile && (head.kind === "linear" || head.kind === "pca-linear") && own.includes("model.json")) {
    const text = await Deno.readTextFile(join(folder, "model.json"));
    const layers = await withDenseLayer(text, (path) => Deno.readFile(join(folder, basename(path))), head);
    if (layers !== null) {
      const beside = own.filter((one) => !/\.(bin|json)$/.test(one) && one !== "README.md");
      return [
        ...copied(beside),
        bytesFile("model.json", layers.model),
        { path: WEIGHTS_FILE, read: () => Promise.resolve(layers.weights) },
        bytesFile("labels.json", JSON.stringify(head.classes)),
        bytesFile(METADATA_FILE, await metadataOf(collection, head)),
        bytesFile(CARD_FILE, cardText({ ...named, labels: "labels.json", knows: knows(head), tries: [] })),
      ];
    }
  }
  const headName = isFile ? `${stem(basename(basePath))}.${HEAD_FILE}` : HEAD_FILE;
  return [
    ...copied(own.filter((one) => one !== headName)),
    { path: headName, read: () => jsonInTurns(head) },
    bytesFile(cardName, cardText({ ...named, knows: knows(head), tries: [] })),
  ];
}

async function normalisationOf(collection: OpenCollection) {
  using base = await collection.base(new AbortController().signal);
  return base.engine.model.normalisation;
}

/** What Teachable Machine's exports say beside a model. */
async function metadataOf(collection: OpenCollection, { classes }: RunnableHead): Promise<string> {
  const { name, updatedMs } = collection.collection;
  using base = await collection.base(new AbortController().signal);
  const { width, height } = base.engine.model;
  const metadata = {
    packageName: "gradcast",
    modelName: name,
    timeStamp: new Date(updatedMs).toISOString(),
    userMetadata: {},
    labels: classes,
    // There pictures are square.
    ...(width === height ? { imageSize: width } : {}),
  };
  return `${JSON.stringify(metadata, null, 2)}\n`;
}

function pictureFiles(collection: OpenCollection): readonly ZipFile[] {
  const { name, base, kind, classes } = collection.collection;
  const pictures = picturesOf(collection.pictures).map((picture) => ({
    picture,
    path: `${PICTURES_FOLDER}/${picture.class}/${picture.id}.${TAUGHT_FORMATS[picture.format]}`,
  }));
  const holds = Object.fromEntries(pictures.map(({ picture: { hold }, path }) => [path, hold]));
  const document: v.InferOutput<typeof ExportedSchema> = {
    format: 1,
    name,
    base,
    kind,
    classes: [...classes],
    holds,
  };
  return [
    bytesFile(COLLECTION_FILE, JSON.stringify(document)),
    ...pictures.map(({ picture, path }): ZipFile => ({ path, read: () => collection.read(picture) })),
  ];
}

function bytesFile(path: string, text: string): ZipFile {
  return { path, read: () => Promise.resolve(new TextEncoder().encode(text)) };
}

function cardText(card: Record<string, unknown>): string {
  return `${JSON.stringify(card, null, 2)}\n`;
}

/** What the model can tell apart, in as many characters as a card takes. */
function knows({ classes }: RunnableHead): string {
  const all = classes.join(", ");
  return all.length <= 120 ? all : `${classes.length} classes`;
}

function recordOf(text: string): Record<string, unknown> {
  try {
    return recordFrom(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordFrom(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
