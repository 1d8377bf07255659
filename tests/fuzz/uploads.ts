/** Clips: uploads with damaged facts, in wrong order, and with sidecars that nearly fit. */
import { EMPTY_SIDECAR } from "../support/sidecar.ts";
import { announcement, webm } from "../support/clips.ts";
import { ask, type Kind, type Target } from "./target.ts";
import type { Json, Random } from "../support/random.ts";

const FRAME: Json = {
  t: 0.5,
  view: 0,
  frame: 3,
  target: 7,
  predictions: [[7, 0.5], [8, 0.25]],
  scale: { low: 0, high: 1 },
  map: null,
};

export const uploads: Kind = { name: "uploads", step };

async function step(target: Target, random: Random): Promise<void> {
  const { server } = target;
  const sidecar = sidecarBytes(random);
  const media = random.chance(0.8) ? webm(100) : random.bytes(100);
  const facts: Json = { ...announcement({ bytes: media.length, sidecarBytes: sidecar.length }) };
  const body = JSON.stringify(random.chance(0.2) ? random.damage(facts) : facts);
  const answer = await fetch(`${server.url}/api/clips`, { method: "POST", body });
  const { id, token } = await answer.json();
  if (answer.status !== 201) {
    if (answer.status === 500) target.found(`POST /api/clips: 500 for ${body.slice(0, 300)}`);
    return;
  }
  const whole = new Uint8Array([...media, ...sidecar]);
  const cut = random.below(whole.length + 1);
  const parts: readonly (readonly [number, Uint8Array<ArrayBuffer>])[] = random.chance(0.8)
    ? [[0, whole.slice(0, cut)], [cut, whole.slice(cut)]]
    : [[random.below(300), random.bytes(random.below(200))]];
  for (const [offset, part] of parts) {
    const headers = { "upload-offset": String(offset), "upload-token": token };
    await ask(target, `/api/clips/${id}/upload`, { method: "PATCH", headers, body: part });
  }
  await ask(target, `/api/clips/${id}/complete`, { method: "POST", headers: { "upload-token": token } });
  await ask(target, `/api/clips/${id}/${random.pick(["media", "sidecar", "thumbnail", ""])}`);
  await ask(target, `/api/clips/${id}/upload`, { method: "DELETE", headers: { "upload-token": token } });
  await ask(target, `/api/clips/${id}`, { method: "DELETE" });
}

function sidecarBytes(random: Random): Uint8Array<ArrayBuffer> {
  const frames = Array.from({ length: random.below(20) }, () => FRAME);
  const sidecar: Json = { ...(EMPTY_SIDECAR as unknown as Record<string, Json>), frames };
  const text = JSON.stringify(random.chance(0.9) ? random.damage(sidecar) : sidecar);
  const nested = random.chance(0.1) ? `${"[".repeat(1 + random.below(50_000))}${text}` : text;
  const bytes = new TextEncoder().encode(nested);
  return random.chance(0.3) ? random.damageBytes(bytes) : bytes;
}
