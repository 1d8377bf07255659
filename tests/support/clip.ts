/** A clip that a real server keeps. */
import assert from "node:assert/strict";
import type { NewUploadMessage } from "../../shared/clip_wire.ts";

const WEBM = new Uint8Array([0x1a, 0x45, 0xdf, 0xa3]);
const NEW_CLIP: NewUploadMessage = {
  name: "Cup",
  type: "video/webm",
  bytes: WEBM.length,
  sidecarBytes: 0,
  durationMs: 1_500,
  width: 640,
  height: 480,
  createdMs: 1_000,
  thumbnail: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).toBase64(),
};

/** Lets the server at `url` keep a clip, called Cup; returns its id. */
export async function keepClip(url: string): Promise<string> {
  const begun = await fetch(`${url}/api/clips`, { method: "POST", body: JSON.stringify(NEW_CLIP) });
  const { id, token } = await begun.json();
  const headers = { "upload-token": token, "upload-offset": "0" };
  const sent = await fetch(`${url}/api/clips/${id}/upload`, { method: "PATCH", headers, body: WEBM });
  await sent.body?.cancel();
  const ended = await fetch(`${url}/api/clips/${id}/complete`, { method: "POST", headers });
  assert.equal(ended.status, 200);
  await ended.body?.cancel();
  return id;
}
