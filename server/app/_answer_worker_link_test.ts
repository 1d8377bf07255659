import assert from "node:assert/strict";
import type { Engine, Ticks } from "../engine/mod.ts";
import { createMemoryEngine } from "../engine/testing/memory_engine.ts";
import { encodePng } from "../report/mod.ts";
import { type Answer, type AnswerJob, makeAnswer } from "./_answer.ts";
import { answerInWorker } from "./_answer_worker_link.ts";

const PICTURE = encodePng({ width: 6, height: 4, rgb: new Uint8Array(72).fill(100) });

function jobOf(some: Partial<AnswerJob> = {}): AnswerJob {
  const words = { method: "cam", class: "top1,top2", trust: false, options: new Map() };
  return {
    words,
    format: "html",
    image: "cat.png",
    picture: PICTURE,
    notes: [],
    frame: 1,
    ...some,
  };
}

async function admitted(run?: Engine["run"]): Promise<Pick<Engine, "run" | "model">> {
  const engine = createMemoryEngine();
  await engine.admit(1, "png", PICTURE);
  return { model: engine.model, run: run ?? engine.run };
}

/** The page without its times, which differ from run to run. */
function pageOf({ body }: Answer): string {
  return new TextDecoder().decode(body).replace(/<dd>[\d.]+ m?s<\/dd>/g, "");
}

Deno.test("answerInWorker() makes in a worker what makeAnswer() makes", async () => {
  const { signal } = new AbortController();
  const engine = await admitted();
  const there = await answerInWorker(jobOf(), { engine, signal });
  const here = await makeAnswer(jobOf(), { engine, signal, now: () => 0 });
  assert.deepEqual(there.headers, here.headers);
  assert.match(pageOf(here), /^<!doctype html>[\s\S]*Gradcast report/);
  assert.equal(pageOf(there), pageOf(here));
});

Deno.test("answerInWorker() ends with its signal", async () => {
  const controller = new AbortController();
  const reason = new Error("gone");
  const engine = await admitted(() => {
    controller.abort(reason);
    return new Promise(() => {});
  });
  await assert.rejects(answerInWorker(jobOf(), { engine, signal: controller.signal }), reason);
  await assert.rejects(answerInWorker(jobOf(), { engine, signal: controller.signal }), reason);
});

Deno.test("answerInWorker() throws what the engine and the worker could not do, with its code", async () => {
  const { signal } = new AbortController();
  const failure = new Error("the engine died");
  const broken = await admitted(() => Promise.reject(failure));
  await assert.rejects(answerInWorker(jobOf(), { engine: broken, signal }), failure);
  const engine = await admitted();
  const picture = PICTURE.slice(0, 40);
  await assert.rejects(answerInWorker(jobOf({ picture }), { engine, signal }), {
    code: "frame-corrupt",
    message: /Cannot decode the picture/,
  });
});

/** A worker out of a script's text. */
function scripted(script: string): Worker {
  return new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
}

Deno.test("answerInWorker() fails alone where its worker dies, falls silent or cannot be told something", async () => {
  const { signal } = new AbortController();
  const engine = await admitted();
  const failing = (script: string, engineOf = engine) =>
    answerInWorker(jobOf(), { engine: engineOf, signal }, { createWorker: () => scripted(script) });
  await assert.rejects(failing("self.onmessage = () => { throw new Error('broken'); };"), {
    code: "server-fault",
    message: /its worker died: .*broken/u,
  });
  const asks = "self.onmessage = () => self.postMessage({ kind: 'run', batch: [] });";
  const strange = { rows: [], computeMs: {}.constructor as unknown as number };
  await assert.rejects(failing(asks, await admitted(() => Promise.resolve(strange))), /could not be cloned/u);
  let look = () => {};
  const ticks: Ticks = {
    now: () => 0,
    every(_ms, fire) {
      look = fire;
      return () => {};
    },
  };
  let nowMs = 0;
  const silent = answerInWorker(jobOf(), { engine, signal }, {
    createWorker: () => scripted("self.onmessage = () => {};"),
    ticks: { ...ticks, now: () => nowMs += 200 },
  });
  for (let looks = 0; looks < 300; looks++) look();
  await assert.rejects(silent, { code: "server-fault", message: /did not answer within 60000 ms/u });
});

Deno.test("answerInWorker() ends with an error of who hears of its progress", async () => {
  const { signal } = new AbortController();
  const engine = await admitted();
  const failure = new Error("nobody hears");
  const onProgress = () => {
    throw failure;
  };
  await assert.rejects(answerInWorker(jobOf(), { engine, signal, onProgress }), failure);
});
