/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { checked, problemWords, Refusal } from "./http.ts";

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

Deno.test("problemWords() takes a refusal's words, and says what to do about anything else", () => {
  assert.equal(problemWords(new Refusal("Full.")), "Full.");
  assert.match(problemWords(new TypeError("Failed to fetch")), /could not be reached\. Check that it runs/);
});
