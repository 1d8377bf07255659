/** An explanation over HTTP that says how far it is (PROTOCOL.md, A11), on a real port. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { createMemoryEngine } from "../../server/engine/testing/memory_engine.ts";
import { ExplainLineSchema } from "../../shared/trust.ts";
import { serve, type TestServer } from "../support/live_client.ts";

/** Begins like a PNG, which is all that the in-memory engine asks. */
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

interface Post {
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

function post({ port }: TestServer, query: string, { body = PNG, ...more }: Post = {}): Promise<Response> {
  const headers = { "content-type": "image/png" };
  return fetch(`http://127.0.0.1:${port}/api/explain${query}`, { method: "POST", body, headers, ...more });
}

Deno.test("A11: lines say the share that is done, then give the document", async () => {
  await using server = serve(createMemoryEngine());
  const answer = await post(server, "?method=occlusion&class=top1&trust=1&format=lines");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
  const lines = (await answer.text()).trimEnd().split("\n").map((line) =>
    v.parse(ExplainLineSchema, JSON.parse(line))
  );
  const shares = lines.flatMap((line) => "progress" in line ? [line.progress] : []);
  assert.ok(shares.length > 1 && shares.every((share, i) => share >= (shares[i - 1] ?? 0)), shares.join());
  const last = lines.at(-1);
  assert.ok(last !== undefined && "document" in last && lines.length === shares.length + 1);
  assert.ok(last.document.attribution?.trust !== undefined);
});

Deno.test("A11: what ends lines after the first one is their last line", async () => {
  await using server = serve(createMemoryEngine());
  const answer = await post(server, "?format=lines", { body: Uint8Array.of(1, 2, 3) });
  const lines = (await answer.text()).trimEnd().split("\n");
  const { code } = JSON.parse(lines.at(-1) ?? "");
  assert.equal(code, "frame-format");
});

Deno.test("A11: a client that stops reading stops the work", async () => {
  await using server = serve(createMemoryEngine());
  const stop = new AbortController();
  const answer = await post(server, "?method=occlusion&trust=1&format=lines", { signal: stop.signal });
  const reader = answer.body?.getReader();
  assert.match(new TextDecoder().decode((await reader?.read())?.value), /progress/);
  assert.equal((await server.hub.stats()).guests, 1);
  stop.abort();
  await assert.rejects(async () => await reader?.read());
  while ((await server.hub.stats()).guests > 0) await new Promise((resolve) => setTimeout(resolve, 0));
});
