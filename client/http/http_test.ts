/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { checked, jsonLines, problemWords, Refusal } from "./http.ts";

Deno.test("checked() lets a good answer through, and rejects with the server's words and code", async () => {
  const good = new Response("ok");
  assert.equal(await checked(good), good);
  const body = { code: "log-busy", message: "Cannot…", words: "The log is busy. Try again." };
  await assert.rejects(
    () => checked(Response.json(body, { status: 503 })),
    (error) => error instanceof Refusal && error.code === "log-busy" && error.message === body.words,
  );
});

Deno.test("checked() names the status of an answer that has no words", async () => {
  await assert.rejects(
    () => checked(Response.json({}, { status: 502 })),
    /^Refusal: .*status 502\. Try again/,
  );
});

Deno.test("jsonLines() yields every whole line, wherever the chunks end, and not the rest", async () => {
  const chunks = ['{"a":1}\n{"b"', ":2}\n", '{"c":'];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  assert.deepEqual(await Array.fromAsync(jsonLines(new Response(body))), [{ a: 1 }, { b: 2 }]);
});

Deno.test("problemWords() takes a refusal's words, and says what to do about anything else", () => {
  assert.equal(problemWords(new Refusal("Full.")), "Full.");
  assert.match(problemWords(new TypeError("Failed to fetch")), /could not be reached\. Check that it runs/);
});
