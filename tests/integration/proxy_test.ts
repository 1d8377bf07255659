/** A real server behind real proxies: nobody beyond one counts as the server's own machine (PROTOCOL.md, H9 and H10). */
import assert from "node:assert/strict";
import { ERRORS } from "../../shared/errors.ts";
import { keepClip } from "../support/clip.ts";
import { connectRaw } from "../support/raw_client.ts";
import { startRelay } from "../support/relay.ts";
import { SMALL_MODEL, startServer } from "../support/server.ts";

const OUTER = "https://demo.example";

/** Everything that only the server's own machine may do, asked at a port of this machine. */
async function outcomes(port: number, clip: string): Promise<Set<string>> {
  const asked = [
    ["GET", "/api/log"],
    ["GET", "/api/log/export.csv"],
    ["GET", "/api/log/export.jsonl"],
    ["DELETE", "/api/log"],
    ["GET", "/api/clips"],
    ["GET", `/api/clips/${clip}/media`],
    ["DELETE", `/api/clips/${clip}`],
    ["POST", "/api/clips"],
  ] as const;
  const seen = new Set<string>();
  for (const [method, path] of asked) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    const text = await answer.text();
    seen.add(answer.ok ? "answered" : JSON.parse(text).code);
  }
  return seen;
}

Deno.test("H10: a proxy in front of the server opens neither log nor clips", async (t) => {
  const data = `data/test-${crypto.randomUUID()}`;
  try {
    await using server = await startServer(0, [...SMALL_MODEL, "--data", data, "--origin", OUTER]);
    const clip = await keepClip(server.url);
    const names = async () => {
      const { clips } = await (await fetch(`${server.url}/api/clips`)).json();
      return clips.map(({ name }: { name: string }) => name);
    };

    await t.step("one that says for whom it asks", async () => {
      for (const added of ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "Via: 1.1 proxy"]) {
        await using proxy = startRelay(server.port, { rewritesHost: true, adds: [added] });
        assert.deepEqual(
          await outcomes(proxy.port, clip),
          new Set(["own-machine-only"]),
          added,
        );
      }
    });

    await t.step("one that says nothing and keeps the name that it was asked for", async () => {
      await using proxy = startRelay(server.port, { host: "demo.example" });
      assert.deepEqual(await outcomes(proxy.port, clip), new Set(["own-machine-only"]));
    });

    await t.step("one that says nothing, writes a name of its own and speaks HTTP/1.0", async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      const request = `GET /api/log HTTP/1.0\r\nHost: localhost:${server.port}\r\n\r\n`;
      await connection.write(new TextEncoder().encode(request));
      assert.match(await new Response(connection.readable).text(), /^HTTP\/1\.1 403 [^]*own-machine-only/);
    });

    await t.step("one that keeps a name which the server does not answer to", async () => {
      await using proxy = startRelay(server.port, { host: "other.example" });
      assert.deepEqual(await outcomes(proxy.port, clip), new Set(["host-refused"]));
      using socket = await connectRaw(proxy.port);
      assert.equal(socket.status, ERRORS["host-refused"].status, "before the upgrade");
    });

    await t.step("the server's own machine still reads them", async () => {
      assert.deepEqual(await names(), ["Cup"]);
    });

    await t.step("one that hides, from the first page of the outer address on", async () => {
      await using proxy = startRelay(server.port, { rewritesHost: true });
      const headers = { origin: OUTER };
      const page = await fetch(`http://127.0.0.1:${proxy.port}/api/origin`, { method: "POST", headers });
      assert.equal(page.status, 204);
      assert.deepEqual(await outcomes(proxy.port, clip), new Set(["own-machine-only"]));
    });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
