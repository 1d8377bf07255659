/** The learning loop by a clock that stands still, with a worker that answers when it is told to. */
import assert from "node:assert/strict";
import { GradcastError } from "../../shared/errors.ts";
import type { HeadKind, HeadModel, LinearHead } from "../../shared/head_model.ts";
import { FakeClock, settle } from "../clock/testing/fake_clock.ts";
import { type HeadWorker, packHead, type Steps, type Validation } from "../heads/mod.ts";
import type { Fitted } from "./fitted.ts";
import { Learner } from "./learner.ts";
import type { LessonOrReason } from "./lesson.ts";

const HEAD: LinearHead = {
  ...{ kind: "linear", classes: ["a", "b"], features: [], width: 1, seed: 0 },
  ...{ mean: [0], deviation: [1], weights: [[-1], [1]], bias: [0, 0] },
};

const VALIDATION: Validation = {
  ...{ accuracy: 0.75, deviation: 0.1, folds: [0.5, 1], confusion: [[1, 1], [0, 2]] },
  ...{ predicted: Int32Array.of(0, 1, 1, 1), probability: Float64Array.of(0.9, 0.6, 0.8, 0.7) },
};

/** A job that the worker was asked for. */
interface Asked {
  readonly does: "fit" | "validate";
  readonly kind: HeadKind;
  readonly rows: number;
  readonly steps: Steps;
  readonly answer: PromiseWithResolvers<HeadModel | Validation>;
}

/** A learner with `rows` pictures at first. */
function bench(rows = 4) {
  const clock = new FakeClock();
  const jobs: Asked[] = [];
  const learned: Fitted[] = [];
  const faults: unknown[] = [];
  let [workers, closed] = [0, 0];
  const pictures = { rows };
  const ask = async <T extends HeadModel | Validation>(
    does: Asked["does"],
    kind: HeadKind,
    count: number,
    steps: Steps = {},
  ): Promise<T> => {
    const answer = Promise.withResolvers<HeadModel | Validation>();
    jobs.push({ does, kind, rows: count, steps, answer });
    const stop = () => answer.reject(steps.signal?.reason);
    steps.signal?.addEventListener("abort", stop, { once: true });
    return await answer.promise as T;
  };
  const unused = () => Promise.reject(new Error("not asked for"));
  const openWorker = (): HeadWorker => {
    workers++;
    return {
      fitPacked: (kind, from, _, steps) =>
        ask<HeadModel>("fit", kind, from.labels.length, steps).then((head) => packHead(head)),
      ...{ fit: unused, check: unused, pack: unused },
      crossValidate: (kind, from, _, steps) => ask<Validation>("validate", kind, from.labels.length, steps),
      importance: unused,
      score: unused,
      close: () => void closed++,
    };
  };
  const lesson = (): LessonOrReason => {
    const ids = Array.from({ length: pictures.rows }, (_, place) => place + 1);
    if (ids.length < 2) return { reason: "Too few pictures" };
    return {
      lesson: {
        ...{ keys: ["c1", "c2"], ids },
        from: {
          rows: { values: new Float32Array(ids.length), width: 1 },
          labels: Int32Array.from(ids, (id) => id % 2),
          classes: ["a", "b"],
        },
      },
    };
  };
  const learner = new Learner("linear", {
    ...{ clock, openWorker, lesson, onChange: () => {} },
    onLearned: (fitted) => learned.push(fitted),
    onFault: (error) => faults.push(error),
  });
  const job = () => jobs.at(-1) ?? assert.fail("the worker was asked for nothing");
  return {
    ...{ clock, jobs, learned, faults, learner, pictures, job },
    counts: () => ({ workers, closed }),
    asked: () => jobs.map(({ does, kind, rows }) => `${does} ${kind} ${rows}`),
    async answer(result: HeadModel | Validation) {
      job().answer.resolve(result);
      await settle();
    },
  };
}

Deno.test("a fit begins when pictures have paused, at the latest 600 ms after the first", async () => {
  const { clock, learner, asked } = bench();
  for (let ms = 0; ms < 500; ms += 100) {
    learner.changed(false);
    await clock.advance(100);
    assert.deepEqual(asked(), []);
  }
  learner.changed(false);
  await clock.advance(99);
  assert.deepEqual(asked(), []);
  await clock.advance(1);
  assert.deepEqual(asked(), ["fit linear 4"]);
  learner.close();
});

Deno.test("pictures that came while it was fitted are learned next, and only the last fit is of now", async () => {
  const { clock, learner, learned, pictures, asked, answer } = bench();
  learner.changed(false);
  await clock.advance(150);
  pictures.rows = 6;
  learner.changed(false);
  await answer(HEAD);
  assert.deepEqual([learned.length, learner.isNew("linear"), learner.state.state], [1, false, "learning"]);
  await clock.advance(150);
  await answer(HEAD);
  assert.deepEqual([learned.length, learner.isNew("linear"), learner.state.state], [2, true, "learned"]);
  assert.deepEqual(asked(), ["fit linear 4", "fit linear 6"]);
  learner.close();
});

Deno.test("a removal ends the fit that it makes useless, and nobody is told of that", async () => {
  const { clock, learner, learned, faults, pictures, job, asked } = bench(6);
  learner.changed(true);
  await clock.advance(150);
  const { steps: { signal } } = job();
  pictures.rows = 4;
  learner.changed(true);
  assert.equal(signal?.aborted, true);
  await clock.advance(150);
  assert.deepEqual(asked(), ["fit linear 6", "fit linear 4"]);
  assert.deepEqual([learned, faults], [[], []]);
  learner.close();
});

Deno.test("another chosen head comes before the one that is being fitted", async () => {
  const { clock, learner, job, asked } = bench();
  learner.changed(true);
  await clock.advance(150);
  const { steps: { signal } } = job();
  learner.choose("tree");
  assert.equal(signal?.aborted, true);
  await clock.advance(0);
  assert.deepEqual(asked(), ["fit linear 4", "fit tree 4"]);
  assert.deepEqual([learner.chosen, learner.state.kind], ["tree", "tree"]);
  learner.close();
});

Deno.test("cross-validation begins after a second without a change, and ends with one", async () => {
  const { clock, learner, job, asked, answer } = bench();
  learner.changed(true);
  await clock.advance(150);
  await answer(HEAD);
  await clock.advance(849);
  assert.deepEqual(asked(), ["fit linear 4"]);
  await clock.advance(1);
  const { steps: { signal } } = job();
  learner.changed(false);
  assert.equal(signal?.aborted, true);
  await clock.advance(150);
  await answer(HEAD);
  await clock.advance(1_000);
  await answer(VALIDATION);
  assert.deepEqual(asked(), ["fit linear 4", "validate linear 4", "fit linear 4", "validate linear 4"]);
  const validated = learner.fitted("linear")?.validated;
  assert.deepEqual([validated?.accuracy, validated?.said.get(2)], [0.75, { key: "c2", probability: 0.6 }]);
  learner.close();
});

Deno.test("who waits for a head gets it; too few pictures are answered at once", async () => {
  const { clock, learner, pictures, asked, answer } = bench();
  learner.changed(true);
  const forest = learner.take("forest");
  await clock.advance(150);
  await answer(HEAD);
  assert.deepEqual(asked(), ["fit linear 4", "fit forest 4"]);
  await answer(HEAD);
  assert.equal((await forest).kind, "forest");
  const left = learner.take("tree");
  pictures.rows = 1;
  learner.changed(true);
  await assert.rejects(left, { code: "not-learned", message: /Too few pictures$/ });
  await assert.rejects(learner.take("tree"), { code: "not-learned" });
  assert.deepEqual([learner.fitted("linear"), learner.state.state], [null, "waiting"]);
  learner.close();
});

Deno.test("a fit that fails is said until pictures change, and is nobody's endless loop", async () => {
  const { clock, learner, faults, job, asked, answer } = bench();
  learner.changed(true);
  await clock.advance(150);
  job().answer.reject(new Error("no memory"));
  await settle();
  assert.deepEqual([learner.state.state, learner.state.reason, faults.length], ["cannot", "no memory", 1]);
  await clock.advance(60_000);
  assert.deepEqual(asked(), ["fit linear 4"]);
  learner.changed(false);
  await clock.advance(150);
  await answer(HEAD);
  assert.equal(learner.state.state, "learned");
  learner.close();
});

Deno.test("whoever waits for a head that fails is answered why, then and later, and the other heads are fitted", async () => {
  const { clock, learner, job, answer, asked } = bench();
  learner.changed(true);
  await clock.advance(150);
  await answer(HEAD);
  const waited = [learner.take("tree"), learner.take("forest")] as const;
  await clock.advance(0);
  const failed = assert.rejects(waited[0], {
    code: "fit-failed",
    message: "Cannot learn with the head “Decision tree”: it has more than 200000 nodes",
  });
  const reason = "Cannot grow the tree: it has more than 200000 nodes";
  job().answer.reject(new GradcastError("head-refused", reason));
  await failed;
  await assert.rejects(learner.take("tree"), { code: "fit-failed" });
  await settle();
  job().answer.reject(new Error("/secret"));
  await assert.rejects(
    waited[1],
    ({ code, message }: GradcastError) => code === "fit-failed" && !message.includes("secret"),
  );
  assert.equal(learner.state.state, "learned");
  assert.deepEqual(asked(), ["fit linear 4", "fit tree 4", "fit forest 4"]);
  learner.close();
});

Deno.test("a worker without work for ten seconds is ended, and the next job gets a new one", async () => {
  const { clock, learner, learned, answer, counts } = bench();
  learner.changed(true);
  await clock.advance(150);
  await answer(HEAD);
  await clock.advance(1_000);
  await answer(VALIDATION);
  await clock.advance(9_999);
  assert.deepEqual(counts(), { workers: 1, closed: 0 });
  await clock.advance(1);
  assert.deepEqual(counts(), { workers: 1, closed: 1 });
  learner.changed(true);
  await clock.advance(150);
  assert.deepEqual(counts(), { workers: 2, closed: 1 });
  learner.close();
  await settle();
  assert.deepEqual([counts().closed, clock.pending], [2, 0]);
  // Whoever comes too late is refused: a worker opened for them would stay.
  const renamed = { ...HEAD, classes: ["my cup", "b"] };
  await assert.rejects(learner.hashOf(learned[0] ?? assert.fail(), renamed), { code: "server-closing" });
  await assert.rejects(learner.take("tree"), { code: "server-closing" });
  assert.equal(counts().workers, 2);
});
