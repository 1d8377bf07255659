/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { HEAD_KINDS } from "../../../shared/head_model.ts";
import { WARNING_KINDS } from "../../../shared/teach_wire.ts";
import { taughtState } from "./testing/taught_state.ts";
import {
  accuracyWords,
  addedWords,
  classCount,
  freeName,
  HEAD_SENTENCES,
  learningWords,
  lostWords,
  pictureCount,
  remedy,
  sayingWords,
} from "./words.ts";

Deno.test("what learning waits for is said by class, until two have enough", () => {
  const waiting = (counts: Readonly<Record<string, number>>) =>
    learningWords(taughtState({ counts, state: "waiting", reason: "it waits" }));
  assert.equal(
    waiting({ mug: 0, phone: 0 }),
    "Hold an object up and keep its button pressed.",
  );
  assert.equal(
    waiting({ mug: 3, phone: 0, key: 9 }),
    "Two classes need five pictures each: mug has 3, key has 9.",
  );
  assert.equal(waiting({ mug: 5, phone: 5 }), "it waits.");
});

Deno.test("learning is said with how long it took and how well it does", () => {
  const counts = { mug: 20, phone: 22 };
  assert.equal(learningWords(taughtState({ counts, state: "learning" })), "Learning…");
  assert.equal(
    learningWords(taughtState({ counts, state: "learning", headRevision: 1 })),
    "Learning the newest pictures…",
  );
  assert.equal(
    learningWords(taughtState({ counts, state: "learned", headRevision: 1, ms: 320, accuracy: 0.96 })),
    "Learned from 42 pictures in 0.3 s: 96 % right on pictures it has not seen.",
  );
  assert.equal(
    learningWords(taughtState({ counts, state: "learned", headRevision: 1, ms: 0.4 })),
    "Learned from 42 pictures in 1 ms.",
  );
  assert.equal(learningWords(taughtState({ counts, state: "cannot", reason: "No room." })), "No room.");
});

Deno.test("accuracy is said beside that of guessing, or not at all", () => {
  const taught = taughtState({ counts: { mug: 5 }, state: "learned", accuracy: 0.96 });
  assert.equal(
    accuracyWords({ ...taught, chance: 0.5 }, "linear"),
    "It gets 96 % ± 3 % of pictures right that it has not seen; always naming the largest class gets 50 %.",
  );
  assert.equal(accuracyWords(taught, "tree"), "");
});

Deno.test("a picture's two most probable classes are said", () => {
  const one = (name: string, probability: number) => ({ key: name, name, probability });
  assert.equal(
    sayingWords({ classes: [one("mug", 0.08), one("phone", 0.9), one("key", 0.02)] }),
    "It says phone 90 %, mug 8 %.",
  );
  assert.equal(sayingWords({ classes: [] }), "");
});

Deno.test("counts are said in words", () => {
  assert.deepEqual([0, 1, 1_200].map(pictureCount), ["no pictures", "1 picture", "1,200 pictures"]);
  assert.deepEqual([0, 1, 4, 5].map(classCount), [
    "no pictures",
    "1 of 5 pictures",
    "4 of 5 pictures",
    "5 pictures",
  ]);
  assert.deepEqual([1, 7].map(lostWords), ["1 picture was not kept.", "7 pictures were not kept."]);
  assert.equal(addedWords(3, []), "3 pictures added.");
  assert.equal(
    addedWords(0, ["a.txt", "b.pdf"]),
    "No picture was added. 2 files are no pictures that the browser can read: a.txt, b.pdf.",
  );
  assert.equal(
    addedWords(1, ["a", "b", "c", "d", "e"]),
    "1 picture added. 5 files are no pictures that the browser can read: a, b, c, 2 more.",
  );
});

Deno.test("a free name is the wanted one, or has the first free number", () => {
  assert.equal(freeName("thing", []), "thing");
  assert.equal(freeName("Thing", ["thing", "thing (2)"]), "Thing (3)");
});

Deno.test("every head has a sentence of its own, and every warning something to do about it", () => {
  assert.equal(new Set(HEAD_KINDS.map((kind) => HEAD_SENTENCES[kind])).size, HEAD_KINDS.length);
  assert.equal(new Set(WARNING_KINDS.map(remedy)).size, WARNING_KINDS.length);
});
