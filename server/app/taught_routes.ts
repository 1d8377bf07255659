/** `/api/taught`: models are taught own classes, by the server's own machine (PROTOCOL.md, O). */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import { NDJSON_TYPE, ndjsonLine } from "../../shared/ndjson.ts";
import {
  BoxChangeSchema,
  ClassNameSchema,
  HOLD_PARAMETER,
  MergeSchema,
  NewTaughtSchema,
  PictureChangeSchema,
  PicturesChangeSchema,
  TaughtChangeSchema,
} from "../../shared/teach_wire.ts";
import type { Logger } from "../logger/mod.ts";
import {
  cluesOf,
  exportedFiles,
  headOf,
  importCollection,
  type ImportedFile,
  isCollection,
  type OpenCollection,
  type Taught,
  whyOf,
  writeZip,
} from "../teach/mod.ts";
import { readFolder } from "./_taught_archive.ts";
import type { Uploads } from "./_uploads.ts";
import { isHead } from "./_head.ts";
import { readJson } from "./_json_body.ts";
import { refusalLine, streamOf } from "./_ndjson.ts";
import { readPictures } from "./_taught_body.ts";
import type { Hub } from "./hub.ts";
import { type OwnMachine, ownMachineOnly, type Peer } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Bytes of JSON that a request has at most: ids of all pictures of a collection. */
const MAX_JSON_BYTES = 256 * 1024;

/** Media types of pictures, by their formats. */
const TYPES = { jpeg: "image/jpeg", png: "image/png", webp: "image/webp" } as const;

/** What the routes need. */
export interface TaughtRoutesParts {
  readonly hub: Hub;
  readonly own: OwnMachine;
  /** Null: the server teaches none. */
  readonly taught: Taught | null;
  /** Where a folder without pictures goes; null: the server takes no models. */
  readonly uploads: Uploads | null;
  readonly logger: Logger;
}

/** The routes below `/api/taught`. */
export function taughtRoutes(
  { hub, own, taught, uploads, logger }: TaughtRoutesParts,
): Hono<{ Bindings: Peer }> {
  const app = new Hono<{ Bindings: Peer }>();
  app.use(ownMachineOnly(own));
  if (taught === null) {
    app.all("*", () => {
      throw new GradcastError("no-taught", "Cannot teach a model: the server was started with --taught-mb 0");
    });
    return app;
  }
  app.get("/", async (context) => context.json(await taught.list()));
  app.post("/", async (context) => {
    const wanted = await readJson(context.req.raw, NewTaughtSchema, MAX_JSON_BYTES);
    return context.json({ id: await taught.create(wanted, context.req.raw.signal) }, 201);
  });
  app.post("/import", async (context) => {
    const { raw } = context.req;
    using lease = hub.bodies.open(whoseOf(own, context));
    const files = await readFolder(raw, lease);
    if (isCollection(files)) {
      return context.json({ id: await importCollection(taught, files, raw.signal), kind: "collection" }, 201);
    }
    return context.json({ id: await importModel(uploads, files, raw.signal), kind: "model" }, 201);
  });
  app.get("/:id/export", async (context) => {
    const collection = await taught.open(idOf(context));
    const kind = kindOf(context.req.query("kind"), collection.learner.chosen);
    const files = await exportedFiles(collection, {
      kind,
      pictures: context.req.query("pictures") === "1",
      basePath: taught.pathOf(collection.collection.base),
    });
    const headers = {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="${collection.id}.zip"`,
    };
    if (isHead(context.env)) return new Response(null, { headers });
    return new Response(ReadableStream.from(writeZip(files)), { headers });
  });
  app.get("/:id", async (context) => {
    const collection = await taught.open(idOf(context));
    await collection.ready();
    return context.json(collection.state);
  });
  app.patch("/:id", async (context) => {
    const change = await readJson(context.req.raw, TaughtChangeSchema, MAX_JSON_BYTES);
    await (await taught.open(idOf(context))).change(change);
    return context.body(null, 204);
  });
  app.delete("/:id", async (context) => {
    await taught.remove(idOf(context));
    return context.body(null, 204);
  });
  app.get("/:id/events", async (context) => {
    const headers = { "content-type": NDJSON_TYPE };
    await taught.open(idOf(context));
    if (isHead(context.env)) return new Response(null, { headers });
    const stop = new AbortController();
    const signal = AbortSignal.any([context.req.raw.signal, stop.signal]);
    const lines = eventLines(taught, idOf(context), { signal, logger });
    return new Response(streamOf(lines, stop, new DisposableStack()), { headers });
  });
  app.post("/:id/compare", async (context) => {
    const collection = await taught.open(idOf(context));
    await collection.ready();
    collection.learner.compare();
    return context.body(null, 204);
  });
  app.post("/:id/undo", async (context) => {
    return context.json({ undone: await (await taught.open(idOf(context))).undo() });
  });
  app.post("/:id/box", async (context) => {
    const { class: key, box } = await readJson(context.req.raw, BoxChangeSchema, MAX_JSON_BYTES);
    await (await taught.open(idOf(context))).setBox(key, box);
    return context.body(null, 204);
  });
  app.get("/:id/head", async (context) => {
    const collection = await taught.open(idOf(context));
    const kind = kindOf(context.req.query("kind"), collection.learner.chosen);
    return context.json(await headOf(collection, kind, context.req.raw.signal));
  });
  app.post("/:id/why", async (context) => {
    const collection = await taught.open(idOf(context));
    const kind = kindOf(context.req.query("kind"), collection.learner.chosen);
    using lease = hub.bodies.open(whoseOf(own, context));
    const { files: [file] } = await readPictures(context.req.raw, lease);
    const looking = { reader: taught.reader, signal: context.req.raw.signal };
    return context.json(await whyOf(collection, kind, file?.bytes ?? new Uint8Array(), looking));
  });
  app.post("/:id/clues", async (context) => {
    const collection = await taught.open(idOf(context));
    const stop = new AbortController();
    const signal = AbortSignal.any([context.req.raw.signal, stop.signal]);
    const lines = cluesLines(collection, { reader: taught.reader, signal, logger });
    return new Response(streamOf(lines, stop, new DisposableStack()), {
      headers: { "content-type": NDJSON_TYPE },
    });
  });
  classRoutes(app, { hub, own, taught });
  pictureRoutes(app, taught);
  return app;
}

function classRoutes(
  app: Hono<{ Bindings: Peer }>,
  { hub, own, taught }: { readonly hub: Hub; readonly own: OwnMachine; readonly taught: Taught },
): void {
  app.post("/:id/classes", async (context) => {
    const { name } = await readJson(context.req.raw, ClassNameSchema, MAX_JSON_BYTES);
    return context.json({ key: await (await taught.open(idOf(context))).addClass(name) }, 201);
  });
  app.patch("/:id/classes/:key", async (context) => {
    const { name } = await readJson(context.req.raw, ClassNameSchema, MAX_JSON_BYTES);
    await (await taught.open(idOf(context))).renameClass(keyOf(context), name);
    return context.body(null, 204);
  });
  app.post("/:id/classes/:key/merge", async (context) => {
    const { into } = await readJson(context.req.raw, MergeSchema, MAX_JSON_BYTES);
    await (await taught.open(idOf(context))).mergeClass(keyOf(context), into);
    return context.body(null, 204);
  });
  app.delete("/:id/classes/:key", async (context) => {
    await (await taught.open(idOf(context))).removeClass(keyOf(context));
    return context.body(null, 204);
  });
  app.post("/:id/classes/:key/pictures", async (context) => {
    const { raw } = context.req;
    const collection = await taught.open(idOf(context));
    collection.classOf(keyOf(context));
    const hold = holdOf(context.req.query(HOLD_PARAMETER));
    using lease = hub.bodies.open(whoseOf(own, context));
    const { files, isForm } = await readPictures(raw, lease);
    const added = await collection.add(keyOf(context), hold, files, raw.signal);
    const [refused] = added.refused;
    if (!isForm && refused !== undefined) throw new GradcastError(refused.code, refused.message);
    return context.json(added, 201);
  });
}

function pictureRoutes(app: Hono<{ Bindings: Peer }>, taught: Taught): void {
  app.get("/:id/pictures", async (context) => {
    const collection = await taught.open(idOf(context));
    const key = context.req.query("class");
    if (key !== undefined) collection.classOf(key);
    return context.json({ pictures: collection.list(key ?? null) });
  });
  app.patch("/:id/pictures", async (context) => {
    const { ids, class: key } = await readJson(context.req.raw, PicturesChangeSchema, MAX_JSON_BYTES);
    const collection = await taught.open(idOf(context));
    if (key === null) await collection.removePictures(ids);
    else await collection.movePictures(ids, key);
    return context.body(null, 204);
  });
  app.get("/:id/pictures/:picture", async (context) => {
    const collection = await taught.open(idOf(context));
    const picture = collection.pictureOf(pictureIdOf(context));
    const bytes = await collection.read(picture);
    // An id is never used again: what it names never changes.
    const headers = {
      "content-type": TYPES[picture.format],
      "cache-control": "private, max-age=31536000, immutable",
    };
    return new Response(bytes, { headers });
  });
  app.patch("/:id/pictures/:picture", async (context) => {
    const { class: key } = await readJson(context.req.raw, PictureChangeSchema, MAX_JSON_BYTES);
    await (await taught.open(idOf(context))).movePictures([pictureIdOf(context)], key);
    return context.body(null, 204);
  });
  app.delete("/:id/pictures/:picture", async (context) => {
    await (await taught.open(idOf(context))).removePictures([pictureIdOf(context)]);
    return context.body(null, 204);
  });
}

async function* eventLines(
  taught: Taught,
  id: string,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): AsyncGenerator<string, void, undefined> {
  try {
    for await (const state of taught.watch(id, signal)) yield ndjsonLine(state);
  } catch (error) {
    yield ndjsonLine(refusalLine(error, { logger, action: "watch the collection" }));
  }
}

async function* cluesLines(
  collection: OpenCollection,
  { logger, ...parts }: Parameters<typeof cluesOf>[1] & { readonly logger: Logger },
): AsyncGenerator<string, void, undefined> {
  try {
    for await (const line of cluesOf(collection, parts)) yield ndjsonLine(line);
  } catch (error) {
    yield ndjsonLine(refusalLine(error, { logger, action: "look for clues" }));
  }
}

/** A folder without pictures becomes a model of the server, as uploads do. */
async function importModel(
  uploads: Uploads | null,
  files: readonly ImportedFile[],
  signal: AbortSignal,
): Promise<string> {
  if (uploads === null) {
    throw new GradcastError("no-uploads", "Cannot take the model: the server was started with --models-mb 0");
  }
  if (!files.some(({ path }) => path === "gradcast.json" || path.endsWith(".gradcast.json"))) {
    throw new GradcastError(
      "archive-refused",
      "Cannot import the folder: expected one that was exported here, with taught.json or gradcast.json, got neither",
    );
  }
  const announced = files.map(({ path, bytes }) => ({ path, bytes: bytes.byteLength }));
  const id = await uploads.begin("taught", announced);
  for (const { path, bytes } of files) await uploads.receive(id, path, ReadableStream.from([bytes]));
  await uploads.complete(id, signal);
  return id;
}

/**
 * The head that a request names, or the chosen one.
 *
 * @throws GradcastError `bad-option`
 */
function kindOf(text: string | undefined, chosen: HeadKind): HeadKind {
  if (text === undefined) return chosen;
  const found = HEAD_KINDS.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw new GradcastError(
    "bad-option",
    `Cannot choose the head: expected one of ${HEAD_KINDS.join(", ")}, got '${text}'`,
  );
}

const HoldSchema = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));

function holdOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const read = v.safeParse(HoldSchema, text);
  if (read.success) return read.output;
  throw new GradcastError(
    "bad-option",
    `Cannot take the picture: expected a whole number as its hold, got '${text}'`,
  );
}

function pictureIdOf({ req }: Context): number {
  const text = req.param("picture") ?? "";
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new GradcastError(
    "not-found",
    `Cannot find the picture: expected a whole number as its id, got '${text}'`,
  );
}

function idOf({ req }: Context): string {
  return req.param("id") ?? "";
}

function keyOf({ req }: Context): string {
  return req.param("key") ?? "";
}
