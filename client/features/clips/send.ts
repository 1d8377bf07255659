/** Sends a clip to the server slice by slice, and resumes where it broke off. */
import { Refusal } from "../../http/http.ts";
import type { UploadKey, UploadServer } from "./api.ts";
import type { ClipInfo, ClipUpload } from "./shelf/shelf.ts";

/** Bytes of a slice: each is acknowledged when it is on the server's disk. */
export const SLICE_BYTES = 1024 * 1024;

/** Tries of one step without any progress. */
const TRIES = 4;

/** Pause before the second try, in ms; it doubles each time. */
const PAUSE_MS = 400;

/** What is sent, and what is called meanwhile. */
export interface SendJob {
  readonly clip: ClipInfo;
  readonly media: Blob;
  readonly sidecar: Blob | undefined;
  readonly server: UploadServer;
  readonly signal: AbortSignal;
  /** Keeps where the clip lies on the server, so that a page which is opened again can resume. */
  readonly note: (upload: ClipUpload) => Promise<void>;
  /** Called with the share that is on the server's disk, 0…1. */
  readonly onProgress: (share: number) => void;
  /** Resolves after some ms. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/**
 * Sends a clip.
 *
 * @throws Refusal, TypeError where the server could not be reached several times, or the signal's reason
 */
export async function sendClip(job: SendJob): Promise<void> {
  const { clip, media, sidecar, server, signal, note, onProgress } = job;
  const whole = new Blob(sidecar === undefined ? [media] : [media, sidecar]);
  const known = clip.upload?.done === false ? clip.upload : null;
  let key = known ?? await begin(job);
  /** Null: it has to be asked for. */
  let offset = known === null ? 0 : null;
  let tries = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      offset ??= await server.offset(key);
      onProgress(offset / whole.size);
      if (offset >= whole.size) {
        await server.complete(key);
        return await note({ ...key, done: true });
      }
      offset = await server.append(key, offset, whole.slice(offset, offset + SLICE_BYTES), signal);
      tries = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error) && key === known) {
        key = await begin(job);
        offset = 0;
        continue;
      }
      if (!isPassing(error) || ++tries >= TRIES) throw error;
      offset = null;
      await job.wait(PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

async function begin({ clip, server, note }: SendJob): Promise<UploadKey> {
  const { name, type, bytes, sidecarBytes, durationMs, width, height, createdMs, thumbnail } = clip;
  const facts = { name, type, bytes, sidecarBytes, durationMs, width, height, createdMs };
  const jpeg = new Uint8Array(await thumbnail.arrayBuffer());
  const key = await server.begin({ ...facts, thumbnail: base64(jpeg) });
  await note({ ...key, done: false });
  return key;
}

/** Whether the server no longer knows an upload that was begun earlier. */
function isGone(error: unknown): boolean {
  return error instanceof Refusal && (error.code === "unknown-clip" || error.code === "clip-token");
}

/** Whether another try may go better. */
function isPassing(error: unknown): boolean {
  return !(error instanceof Refusal) || error.code === "clip-offset" || error.code === "server-closing" ||
    error.code === "server-fault";
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
