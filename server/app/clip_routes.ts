/** `/api/clips`: clips are sent, listed, changed and deleted (PROTOCOL.md, C). */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ClipChangeSchema, NewUploadSchema, UPLOAD_OFFSET, UPLOAD_TOKEN } from "../../shared/clip_wire.ts";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_CLIP_BYTES, MAX_CLIP_JSON_BYTES, MAX_CLIP_SIDECAR_BYTES } from "../../shared/limits.ts";
import type { ClipStore, UploadKey } from "../store/mod.ts";
import { serveMedia, serveSidecar, serveThumbnail } from "./_clip_files.ts";
import { readJson } from "./_json_body.ts";

/** First bytes of a JPEG. */
const JPEG = [0xff, 0xd8, 0xff];

const OffsetSchema = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));

/** The routes below `/api/clips`; null: the server keeps no clips. */
export function clipRoutes(store: ClipStore | null): Hono {
  const app = new Hono();
  if (store === null) {
    app.all("*", () => {
      throw new GradcastError("no-clips", "Cannot keep clips: the server was started with --clips-mb 0");
    });
    return app;
  }
  app.get("/", async (context) => context.json({ clips: await store.list(context.req.query("q") ?? "") }));
  app.post("/", async (context) => {
    const { thumbnail, ...facts } = await readJson(context.req.raw, NewUploadSchema, MAX_CLIP_JSON_BYTES);
    checkSize("media", facts.bytes, MAX_CLIP_BYTES);
    checkSize("sidecar", facts.sidecarBytes, MAX_CLIP_SIDECAR_BYTES);
    const key = await store.create({ ...facts, thumbnail: jpegOf(thumbnail) });
    return context.json(key, 201);
  });
  app.get("/trash", async (context) => context.json({ clips: await store.trash() }));
  app.delete("/trash", async (context) => {
    await store.emptyTrash();
    return context.body(null, 204);
  });
  app.get("/:id/upload", async (context) => {
    context.header(UPLOAD_OFFSET, String(await store.offset(keyOf(context))));
    context.header("cache-control", "no-store");
    return context.body(null, 204);
  });
  app.patch("/:id/upload", async (context) => {
    const offset = v.safeParse(OffsetSchema, context.req.header(UPLOAD_OFFSET));
    if (!offset.success) {
      throw new GradcastError(
        "message-shape",
        `Cannot continue the upload: the header ${UPLOAD_OFFSET} must be a whole number, ` +
          `got '${context.req.header(UPLOAD_OFFSET)}'`,
      );
    }
    const received = await store.append(keyOf(context), offset.output, context.req.raw.body ?? nothing());
    context.header(UPLOAD_OFFSET, String(received));
    return context.body(null, 204);
  });
  app.delete("/:id/upload", async (context) => {
    await store.abandon(keyOf(context));
    return context.body(null, 204);
  });
  app.post("/:id/complete", async (context) => context.json(await store.complete(keyOf(context))));
  app.get("/:id", async (context) => context.json(await store.get(context.req.param("id"))));
  app.patch("/:id", async (context) => {
    const id = context.req.param("id");
    const { name, pinned } = await readJson(context.req.raw, ClipChangeSchema, MAX_CLIP_JSON_BYTES);
    const edit = {
      ...(name === undefined ? {} : { name }),
      ...(pinned === undefined ? {} : { pinned }),
    };
    return context.json(await store.change(id, edit));
  });
  app.delete("/:id", async (context) => {
    await store.remove(context.req.param("id"));
    return context.body(null, 204);
  });
  app.post("/:id/restore", async (context) => context.json(await store.restore(context.req.param("id"))));
  app.get("/:id/media", serveMedia(store));
  app.get("/:id/sidecar", serveSidecar(store));
  app.get("/:id/thumbnail", serveThumbnail(store));
  return app;
}

function keyOf({ req }: Context): UploadKey {
  return { id: req.param("id") ?? "", token: req.header(UPLOAD_TOKEN) ?? "" };
}

function checkSize(part: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new GradcastError(
    "clip-bytes",
    `Cannot keep the clip: expected at most ${limit} bytes of ${part}, got ${bytes}`,
  );
}

function jpegOf(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.fromBase64(base64);
  if (JPEG.every((byte, index) => bytes[index] === byte)) return bytes;
  throw new GradcastError(
    "message-shape",
    `Cannot keep the clip: 'thumbnail' must be a JPEG, got a file that begins with [${bytes.subarray(0, 3)}]`,
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
