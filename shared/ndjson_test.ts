import assert from "node:assert/strict";
import { ndjsonLine, readNdjson } from "./ndjson.ts";

Deno.test("readNdjson() reads what ndjsonLine() wrote, wherever it is cut", async () => {
  const documents = [{ text: "one\ntwo é" }, [1, 2], null];
  const bytes = new TextEncoder().encode(`${documents.map(ndjsonLine).join("")}{"cut`);
  for (const size of [1, 5, 1_000]) {
    const pieces = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, i) => bytes.slice(i * size, (i + 1) * size),
    );
    assert.deepEqual(await Array.fromAsync(readNdjson(ReadableStream.from(pieces))), documents);
  }
});

Deno.test("readNdjson() yields every whole line, wherever the chunks end, and not the rest", async () => {
  const chunks = ['{"a":1}\n{"b"', ":2}\n", '{"c":'];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  assert.deepEqual(await Array.fromAsync(readNdjson(new Response(body).body)), [{ a: 1 }, { b: 2 }]);
});
