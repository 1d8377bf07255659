/** Routes and headers of the app, without a port. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { createApp, Hub } from "../../server/app/mod.ts";
import { ModelAboutSchema } from "../../shared/model_about.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { type Ask, asker } from "../support/from_here.ts";
import { slowEngine } from "../support/slow_engine.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";

function makeApp(): Ask {
  const clock = new FakeClock();
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const hub = new Hub({ models: soleModel(slowEngine(clock, 1)), clock });
  return asker(
    createApp({ hub, origins: { host: "localhost", origins: ["https://front.example"] }, loopDelay }),
  );
}

Deno.test("every answer carries the security headers, and the policy allows no inline script", async () => {
  const ask = makeApp();
  for (const path of ["/", "/healthz", "/no-such-thing"]) {
    const { headers } = await ask(path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
  }
});

Deno.test("GET / is the page, without inline script or style", async () => {
  const answer = await makeApp()("/");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /text\/html/);
  const html = await answer.text();
  assert.match(html, /<title>[^<]*Gradcast/);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  assert.doesNotMatch(html, /https?:\/\//, "nothing from elsewhere");
});

Deno.test("GET /api/model names labels, methods and what the model is made of", async () => {
  const body = await (await makeApp()("/api/model")).json();
  assert.deepEqual(body.labels, ["one", "two", "three"]);
  assert.ok(body.methods.some(({ id }: { id: string }) => id === "occlusion"));
  assert.equal(body.methods[0].attribute, undefined);
  assert.ok(v.is(ModelAboutSchema, body.about));
});

Deno.test("an unchanged file is not sent again", async () => {
  const ask = makeApp();
  const etag = (await ask("/favicon.svg")).headers.get("etag");
  assert.ok(etag !== null);
  const again = await ask("/favicon.svg", { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
});

Deno.test("text is sent smaller to who takes gzip, and is another version by its etag", async () => {
  const ask = makeApp();
  const plain = await ask("/styles/base.css");
  const text = await plain.text();
  assert.equal(plain.headers.get("content-encoding"), null);
  for (const accepted of ["gzip", "br, gzip;q=0.5"]) {
    const packed = await ask("/styles/base.css", { headers: { "accept-encoding": accepted } });
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    assert.notEqual(packed.headers.get("etag"), plain.headers.get("etag"));
    const { body } = packed;
    assert.ok(body !== null);
    assert.equal(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text(), text);
  }
  for (
    const [path, accepted] of [["/styles/base.css", "gzip;q=0"], ["/samples/coffee.jpg", "gzip"]] as const
  ) {
    const answer = await ask(path, { headers: { "accept-encoding": accepted } });
    assert.equal(answer.headers.get("content-encoding"), null);
    await answer.body?.cancel();
  }
});

Deno.test("paths that leave their folder or name nothing are answered with 404 and a code", async () => {
  const ask = makeApp();
  for (
    const path of [
      "/samples/..%2f..%2fdeno.json",
      "/samples/.hidden.jpg",
      "/styles/none.css",
      "/deno.json",
      "/samples/LICENCES.md",
    ]
  ) {
    const answer = await ask(path);
    assert.equal(answer.status, 404, path);
    assert.equal((await answer.json()).code, "not-found");
  }
});

Deno.test("other verbs are answered with 405", async () => {
  const answer = await makeApp()("/", { method: "POST" });
  assert.equal(answer.status, 405);
});

Deno.test("N8: an address for WebSockets that is asked without an upgrade says what it is for", async () => {
  const ask = makeApp();
  for (const path of ["/ws", "/ws/watch/abcdefghjkmnpqrs", "/ws/remote/abcdefghjkmnpqrs"]) {
    const answer = await ask(path);
    assert.equal(answer.status, 426, path);
    const { code, message } = await answer.json();
    assert.equal(code, "upgrade-required", path);
    assert.match(message, /WebSockets/);
  }
});

Deno.test("H6: pages of other origins are refused, the server's own and the allowed ones are not", async () => {
  const ask = makeApp();
  const from = async (origin: string, host = "localhost:8000") =>
    (await ask("/healthz", { headers: { origin, host } })).status;
  assert.equal(await from("http://localhost:8000"), 200);
  assert.equal(await from("http://127.0.0.1:8000", "127.0.0.1:8000"), 200);
  assert.equal(await from("https://front.example"), 200);
  assert.equal(await from("https://front.example", "front.example"), 200);
  assert.equal(await from("http://front.example", "front.example"), 403, "without its TLS");
  assert.equal(await from("http://localhost:9000"), 403);
  assert.equal(await from("https://evil.example"), 403);
  assert.equal(await from("null"), 403);
});

Deno.test("H8: the page comes up for a page of an origin that the server does not know, and it says why", async () => {
  const ask = makeApp();
  const headers = { origin: "https://demo.example" };
  for (const path of ["/", "/styles/base.css", "/favicon.svg", "/samples/coffee.jpg", "/watch/abc"]) {
    const answer = await ask(path, { headers });
    assert.equal(answer.status, 200, path);
    await answer.body?.cancel();
  }
  const refused = await ask("/api/origin", { method: "POST", headers });
  assert.equal(refused.status, 403);
  const { code, message } = await refused.json();
  assert.equal(code, "origin-refused");
  assert.match(message, /--origin https:\/\/demo\.example$/);
  const own = { origin: "https://front.example" };
  assert.equal((await ask("/api/origin", { method: "POST", headers: own })).status, 204);
  for (const path of ["/api/model", "/healthz", "/ws", "/api/nothing"]) {
    assert.equal((await ask(path, { headers })).status, 403, path);
  }
});

Deno.test("H9: no address answers to a name that is not the server's, and those of --host and --origin are", async () => {
  const ask = makeApp();
  for (
    const host of ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
  ) {
    for (
      const path of ["/", "/styles/base.css", "/watch/abc", "/healthz", "/api/log", "/api/clips", "/ws", "/x"]
    ) {
      const answer = await ask(path, { headers: { host } });
      assert.equal(answer.status, 421, `${host} ${path}`);
      const { code, message } = await answer.json();
      assert.equal(code, "host-refused");
      assert.match(message, /does not answer to the name .*evil\.example\. .*--origin/);
    }
  }
  for (
    const host of ["a b", "evil.example, localhost", "localhost:99999", "<b>", "", "[::1", "localhost:8000:1"]
  ) {
    const answer = await ask("/healthz", { headers: { host } });
    assert.deepEqual([answer.status, (await answer.json()).code], [400, "bad-request"], host);
  }
  const own = [
    "localhost",
    "LOCALHOST:9000",
    "127.0.0.1:8000",
    "[::1]:8000",
    "192.168.1.5:8000",
    "front.example",
  ];
  for (const host of own) assert.equal((await ask("/healthz", { headers: { host } })).status, 200, host);
});

Deno.test("H9: a browser that opens an unknown name is shown what to do, without the app and its data", async () => {
  const answer = await makeApp()("/", {
    headers: { host: "evil.example:8000", accept: "text/html,*/*;q=0.8" },
  });
  assert.equal(answer.status, 421);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const html = await answer.text();
  assert.match(html, /--origin http:\/\/evil\.example:8000 /);
  assert.doesNotMatch(html, /<script|<link|<img/);
});
