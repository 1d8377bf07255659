/** What tests of clips share. */
import type { NewUpload } from "../clip_store.ts";

/** A file that begins as WebM does; the rest is of no account. */
export function webm(length = 64): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + 7) % 256);
  bytes.set([0x1a, 0x45, 0xdf, 0xa3]);
  return bytes;
}

/** A sidecar of no frames. */
export const SIDECAR = new TextEncoder().encode(JSON.stringify({
  gradcast: 2,
  created: "2026-11-26T18:00:00.000Z",
  model: { id: "m", name: "Model" },
  sharedNames: [],
  views: [],
  width: 640,
  height: 480,
  drawn: true,
  durationS: 1.5,
  labels: {},
  frames: [],
  markers: [],
}));

/** A clip to be sent. */
export function uploadOf(some: Partial<NewUpload> = {}): NewUpload {
  return {
    name: "Cup",
    type: "video/webm",
    bytes: 64,
    sidecarBytes: 0,
    durationMs: 1_500,
    width: 640,
    height: 480,
    createdMs: 1_000,
    thumbnail: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]),
    ...some,
  };
}

/** Bytes in pieces of `size`. */
export async function* pieces(bytes: Uint8Array, size = 10): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}
