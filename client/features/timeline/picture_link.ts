/** The page's end of the worker that makes JPEGs. */
import type { PictureAnswer, PictureRequest } from "./picture_messages.ts";

/** Where the worker's script lies. */
const SCRIPT = "/picture_worker.js";

/** Pictures that wait at most: a worker that does not keep up leaves later ones out. */
const MAX_WAITING = 8;

/** Makes JPEGs of frames. */
export interface PictureEncoder {
  /** Begins one; its bytes are handed over and cannot be read afterwards. */
  encode(request: PictureRequest): void;
  dispose(): void;
}

/** Starts the worker; `onPicture` gets each JPEG. Null where the browser has no canvas for workers. */
export function startPictureWorker(onPicture: (id: number, picture: Blob) => void): PictureEncoder | null {
  if (!("OffscreenCanvas" in globalThis) || !("Worker" in globalThis)) return null;
  const worker = new Worker(SCRIPT, { type: "module", name: "pictures of the timeline" });
  let waiting = 0;
  worker.addEventListener("message", ({ data: { id, picture } }: MessageEvent<PictureAnswer>) => {
    waiting--;
    if (picture !== null) onPicture(id, picture);
  });
  return {
    encode(request) {
      if (waiting >= MAX_WAITING) return;
      waiting++;
      worker.postMessage(request, [request.bytes.buffer]);
    },
    dispose: () => worker.terminate(),
  };
}
