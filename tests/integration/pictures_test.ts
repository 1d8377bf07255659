/** The same file on every path: the command line, HTTP and the socket give the same numbers, to the last bit. */
import assert from "node:assert/strict";
import type { ExplanationDocument } from "../../server/explain/mod.ts";
import type { Engine } from "../../server/engine/mod.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { LiveClient, serve } from "../support/live_client.ts";
import { openShipped } from "../support/shipped_engine.ts";

const FOLDER = "tests/fixtures/pictures";
const FILES = [
  "turned-clear.png",
  "turned.jpg",
  "inks.jpg",
  "photo.webp",
  "photo.gif",
  "photo.bmp",
  "photo.avif",
];

/** Largest difference of a logit where two decoders of AVIF round differently, by up to 2 of 255. */
const AVIF_LOGITS = 0.2;

Deno.test("every path sees the same pixels, and those that Pillow sees", async (t) => {
  const engine: Engine = await openShipped();
  {
    await using server = serve(engine);
    const paths = FILES.flatMap((name) => [`${FOLDER}/${name}`, `${FOLDER}/${name}.plain.png`]);
    const documents = await onTheCommandLine(paths);

    for (const [index, name] of FILES.entries()) {
      const [own, plain] = documents.slice(2 * index, 2 * index + 2).map(({ predictions }) =>
        figures(predictions)
      );
      const bytes = await Deno.readFile(`${FOLDER}/${name}`);

      await t.step(`${name}: the command line as with the pixels that Pillow shows`, () => {
        if (!name.endsWith(".avif")) return assert.deepEqual(own, plain);
        assert.equal(own?.[0]?.[0], plain?.[0]?.[0]);
        const apart = Math.abs((own?.[0]?.[1] ?? Infinity) - (plain?.[0]?.[1] ?? 0));
        assert.ok(apart < AVIF_LOGITS, `logits ${apart} apart`);
      });

      await t.step(`A4, F8: ${name} over HTTP as on the command line`, async () => {
        const answer = await fetch(`http://127.0.0.1:${server.port}/api/explain?method=cam`, {
          method: "POST",
          body: bytes,
          headers: { "content-type": "application/octet-stream" },
        });
        const { predictions }: ExplanationDocument = await answer.json();
        assert.deepEqual(figures(predictions), own);
      });

      if (name === "turned.jpg") {
        await t.step("A4: twelve million bytes of film behind a photo change nothing", async () => {
          const motion = new Uint8Array(bytes.length + 12_000_000);
          motion.set(bytes);
          const answer = await fetch(`http://127.0.0.1:${server.port}/api/explain?method=cam`, {
            method: "POST",
            body: motion,
          });
          const { predictions }: ExplanationDocument = await answer.json();
          assert.deepEqual(figures(predictions), own);
        });
      }

      const format = name.endsWith(".jpg") ? "jpeg" : name.endsWith(".png") ? "png" : null;
      if (format === null) continue;
      await t.step(`F8: ${name} over the socket as on the command line`, async () => {
        await using client = await LiveClient.greet(server.port);
        client.frame(1, bytes, { format });
        const { predictions } = await client.message("result");
        assert.deepEqual(figures(predictions), own);
      });
    }
  }
  await engine.close();
});

async function onTheCommandLine(files: readonly string[]): Promise<readonly ExplanationDocument[]> {
  const { stdout, success } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "explain", ...files, "--method", "cam", "--json"],
    stdin: "null",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function figures(predictions: readonly Prediction[]): readonly (readonly [number, number])[] {
  return predictions.map(({ index, logit }) => [index, logit]);
}
