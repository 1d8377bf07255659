/** Clips over HTTP, as a client sends them. */
import assert from "node:assert/strict";
import type { NewUploadMessage } from "../../shared/clip_wire.ts";

/** What the further steps of an upload need. */
export interface Key {
  readonly id: string;
  readonly token: string;
}

/** The smallest thumbnail that is taken, in base64. */
export const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).toBase64();

/** A file that begins as WebM does. */
export function webm(length: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256);
  bytes.set([0x1a, 0x45, 0xdf, 0xa3].slice(0, length));
  return bytes;
}

/** What begins an upload. */
export function announcement(some: Partial<NewUploadMessage> = {}): NewUploadMessage {
  return {
    name: 'Cup "ü"',
    type: "video/webm",
    bytes: 100,
    sidecarBytes: 0,
    durationMs: 1_500,
    width: 640,
    height: 480,
    createdMs: 1_000,
    thumbnail: JPEG,
    ...some,
  };
}

/** Begins an upload. */
export function announce(url: string, some: Partial<NewUploadMessage> = {}): Promise<Response> {
  return fetch(`${url}/api/clips`, { method: "POST", body: JSON.stringify(announcement(some)) });
}

/** Begins an upload that has to be taken. */
export async function announceClip(url: string, some: Partial<NewUploadMessage> = {}): Promise<Key> {
  const answer = await announce(url, some);
  assert.equal(answer.status, 201, `${answer.status}`);
  return await answer.json();
}

/** Sends bytes of an upload. */
export function sendPart(url: string, { id, token }: Key, offset: number, body: BodyInit): Promise<Response> {
  const headers = { "upload-offset": String(offset), "upload-token": token };
  return fetch(`${url}/api/clips/${id}/upload`, { method: "PATCH", headers, body });
}

/** Ends an upload. */
export function completeClip(url: string, { id, token }: Key): Promise<Response> {
  return fetch(`${url}/api/clips/${id}/complete`, { method: "POST", headers: { "upload-token": token } });
}
