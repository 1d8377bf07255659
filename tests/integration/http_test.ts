/** Routes and headers of the app, without a port. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { createApp, Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/mod.ts";
import { slowEngine } from "../support/slow_engine.ts";

function makeApp(): Hono {
  const clock = new FakeClock();
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const hub = new Hub({ engine: slowEngine(clock, 1), clock });
  return createApp({ hub, origins: { host: "localhost", origins: ["https://front.example"] }, loopDelay });
}

Deno.test("every answer carries the security headers, and the policy allows no inline script", async () => {
  const app = makeApp();
  for (const path of ["/", "/healthz", "/no-such-thing"]) {
    const { headers } = await app.request(path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
  }
});

Deno.test("GET / is the page, without inline script or style", async () => {
  const answer = await makeApp().request("/");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
  const html = await answer.text();
  assert.match(html, /<title>[^<]*Gradcast/);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  assert.doesNotMatch(html, /https?:\/\//, "nothing from elsewhere");
});

Deno.test("GET /healthz tells of viewers, watchers, engine and event loop", async () => {
  const body = await (await makeApp().request("/healthz")).json();
  assert.equal(body.status, "ok");
  assert.deepEqual(Object.keys(body).sort(), [
    "engine",
    "guests",
    "loopDelayMs",
    "reasons",
    "scheduler",
    "status",
    "viewers",
    "watchers",
  ]);
});

Deno.test("GET /api/model names labels and methods", async () => {
  const body = await (await makeApp().request("/api/model")).json();
  assert.deepEqual(body.labels, ["one", "two", "three"]);
  assert.ok(body.methods.some(({ id }: { id: string }) => id === "occlusion"));
  assert.equal(body.methods[0].attribute, undefined);
});

Deno.test("an unchanged file is not sent again", async () => {
  const app = makeApp();
  const etag = (await app.request("/favicon.svg")).headers.get("etag");
  assert.ok(etag !== null);
  const again = await app.request("/favicon.svg", { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
});

Deno.test("paths that leave their folder or name nothing are answered with 404 and a code", async () => {
  const app = makeApp();
  for (
    const path of [
      "/samples/..%2f..%2fdeno.json",
      "/samples/.hidden.jpg",
      "/styles/none.css",
      "/deno.json",
      "/samples/LICENCES.md",
    ]
  ) {
    const answer = await app.request(path);
    assert.equal(answer.status, 404, path);
    assert.equal((await answer.json()).code, "not-found");
  }
});

Deno.test("other verbs are answered with 405", async () => {
  const answer = await makeApp().request("/", { method: "POST" });
  assert.equal(answer.status, 405);
});

Deno.test("H6: pages of other origins are refused, the server's own and the allowed ones are not", async () => {
  const app = makeApp();
  const ask = async (origin: string, host = "localhost:8000") =>
    (await app.request("/healthz", { headers: { origin, host } })).status;
  assert.equal(await ask("http://localhost:8000"), 200);
  assert.equal(await ask("http://127.0.0.1:8000", "127.0.0.1:8000"), 200);
  assert.equal(await ask("https://front.example"), 200);
  assert.equal(await ask("http://localhost:9000"), 403);
  assert.equal(await ask("https://evil.example"), 403);
  assert.equal(await ask("null"), 403);
  assert.equal(
    await ask("http://evil.example:8000", "evil.example:8000"),
    403,
    "a name pointed at this machine",
  );
});

Deno.test("H8: the page and its files come up at any address, and the server says which --origin to give", async () => {
  const app = makeApp();
  const headers = { origin: "https://demo.example", host: "demo.example" };
  for (const path of ["/", "/styles/base.css", "/favicon.svg", "/samples/coffee.jpg", "/watch/abc"]) {
    const answer = await app.request(path, { headers });
    assert.equal(answer.status, 200, path);
    await answer.body?.cancel();
  }
  const refused = await app.request("/api/origin", { method: "POST", headers });
  assert.equal(refused.status, 403);
  const { code, message } = await refused.json();
  assert.equal(code, "origin-refused");
  assert.match(message, /--origin https:\/\/demo\.example$/);
  const own = { origin: "https://front.example", host: "localhost:8000" };
  assert.equal((await app.request("/api/origin", { method: "POST", headers: own })).status, 204);
  for (const path of ["/api/model", "/healthz", "/ws", "/api/nothing"]) {
    assert.equal((await app.request(path, { headers })).status, 403, path);
  }
});
