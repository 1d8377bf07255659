/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import type { Inside } from "../../../shared/inside.ts";
import type { InsideQuestion } from "./api.ts";
import { feed, type FeedOptions } from "./feed.ts";

const QUESTION: InsideQuestion = { model: "tiny", layer: "head", page: 1, channel: null, target: "top1" };

const ANSWER: Inside = {
  head: {
    ...{
      layer: "head",
      height: 1,
      width: 1,
      tileHeight: 1,
      tileWidth: 1,
      channels: 1,
      page: 1,
      pages: 1,
      first: 0,
      shown: 1,
    },
    channel: null,
    contributions: null,
  },
  raw: null,
  tiles: new Uint8Array(1),
};

/** Runs a feed through so many pauses of a clock that stands still between them. */
async function run(
  pauses: number,
  given: Partial<FeedOptions<InsideQuestion, Inside>> & { readonly tookMs?: number },
) {
  const end = new AbortController();
  const asked: InsideQuestion[] = [];
  const waited: number[] = [];
  const problems: unknown[] = [];
  let nowMs = 0;
  await feed({
    question: () => QUESTION,
    lighter: (question) => ({ ...question, target: null }),
    about: ({ layer, target }) => `${layer} ${target}`,
    fullMs: 1_000,
    picture: () => new Uint8Array(1),
    stillness: () => null,
    ask: (question) => {
      asked.push(question);
      nowMs += given.tookMs ?? 0;
      return Promise.resolve(ANSWER);
    },
    onAnswer: () => {},
    onProblem: (error) => problems.push(error),
    time: {
      now: () => nowMs,
      pause: (ms) => {
        waited.push(ms);
        nowMs += ms;
        if (waited.length === pauses) end.abort();
        return Promise.resolve();
      },
    },
    ...given,
  }, end.signal);
  return { asked, waited, problems };
}

Deno.test("feed() asks five times a second, for contributions once a second", async () => {
  const { asked, waited } = await run(11, {});
  assert.deepEqual([...new Set(waited)], [200]);
  assert.deepEqual(asked.flatMap(({ target }, at) => target === null ? [] : [at]), [0, 5, 10]);
});

Deno.test("feed() pauses at least as long as an answer took", async () => {
  assert.deepEqual((await run(1, { tookMs: 60 })).waited, [140]);
  assert.deepEqual((await run(1, { tookMs: 300 })).waited, [300]);
});

Deno.test("feed() asks about a still picture once, and again for another picture or question", async () => {
  const still = { picture: "held" };
  assert.equal((await run(5, { stillness: () => still })).asked.length, 1);
  let page = 0;
  const turned = await run(5, { stillness: () => still, question: () => ({ ...QUESTION, page: ++page }) });
  assert.deepEqual(turned.asked.map((question) => question.page), [1, 2, 3, 4, 5]);
  assert.ok(
    turned.asked.every(({ target }) => target === "top1"),
    "a still picture has time for contributions",
  );
});

Deno.test("feed() asks nothing without a picture, and pauses longer after a refusal", async () => {
  assert.equal((await run(3, { picture: () => null })).asked.length, 0);
  const { problems, waited } = await run(3, { ask: () => Promise.reject(new TypeError("offline")) });
  assert.deepEqual([problems.length, waited], [3, [2000, 2000, 2000]]);
});
