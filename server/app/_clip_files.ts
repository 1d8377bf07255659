/** The files of a clip: media in parts as players ask for it, sidecar, thumbnail. */
import type { Context, Handler } from "hono";
import { clipFileName } from "../../shared/clips.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { ClipStore, StoredClip } from "../store/mod.ts";
import { readRange } from "./_range.ts";

/** Media never changes, so its id tells one version from another; whether it is still there is asked each time. */
const CACHE = "private, no-cache";

/** Serves a clip's media (C8). */
export function serveMedia(store: ClipStore): Handler {
  return async function serveMediaHandler(context) {
    const clip = await store.get(idOf(context));
    const { id, type, bytes } = clip;
    const etag = `"${id}"`;
    const headers: Record<string, string> = {
      "content-type": type,
      "accept-ranges": "bytes",
      "cache-control": CACHE,
      etag,
      ...download(context, clip, type),
    };
    if (context.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
    const condition = context.req.header("if-range");
    // A part of another version would not fit to what the client has.
    const range = condition === undefined || condition === etag
      ? readRange(context.req.header("range"), bytes)
      : readRange(undefined, bytes);
    const part = async (first: number, length: number, status: number, more: Record<string, string> = {}) =>
      new Response(await store.read(id, "media", first, length), {
        status,
        headers: { ...headers, ...more, "content-length": String(length) },
      });
    switch (range.kind) {
      case "whole":
        return await part(0, bytes, 200);
      case "part": {
        const { first, last } = range;
        return await part(first, last - first + 1, 206, {
          "content-range": `bytes ${first}-${last}/${bytes}`,
        });
      }
      case "beyond":
        context.header("content-range", `bytes */${bytes}`);
        throw new GradcastError(
          "clip-range",
          `Cannot send the part: the clip has ${bytes} bytes, got ${context.req.header("range")}`,
        );
      default: {
        const never: never = range;
        throw new TypeError(
          `Cannot send the clip: the range's kind ${never} is unknown`,
        );
      }
    }
  };
}

/** Serves a clip's sidecar (C9). */
export function serveSidecar(store: ClipStore): Handler {
  return async function serveSidecarHandler(context) {
    const clip = await store.get(idOf(context));
    if (clip.sidecarBytes === 0) {
      throw new GradcastError("not-found", `Cannot find the sidecar: clip ${clip.id} has none`);
    }
    return new Response(await store.read(clip.id, "sidecar", 0, clip.sidecarBytes), {
      headers: {
        "content-type": "application/json",
        "content-length": String(clip.sidecarBytes),
        "cache-control": CACHE,
        ...download(context, clip, "application/json"),
      },
    });
  };
}

/** Serves a clip's thumbnail (C9). */
export function serveThumbnail(store: ClipStore): Handler {
  return async function serveThumbnailHandler(context) {
    return new Response(await store.thumbnail(idOf(context)), {
      headers: { "content-type": "image/jpeg", "cache-control": "private, max-age=3600" },
    });
  };
}

function idOf(context: Context): string {
  return context.req.param("id") ?? "";
}

/** With `?download=1` a file is saved under the clip's name. */
function download(
  context: Context,
  { name }: StoredClip,
  type: Parameters<typeof clipFileName>[1],
): Record<string, string> {
  if (context.req.query("download") === undefined) return {};
  const file = clipFileName(name, type);
  const plain = file.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const whole = encodeURIComponent(file).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return { "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${whole}` };
}
