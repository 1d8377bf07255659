import assert from "node:assert/strict";
import { LoadingProgress } from "./loading.ts";

Deno.test("LoadingProgress puts the stages together, and never falls", () => {
  const told: number[] = [];
  const progress = new LoadingProgress((done) => told.push(Math.round(100 * done)));
  progress.at("read", 0.5);
  progress.at("read", 0.501);
  progress.at("read", 0.2);
  progress.at("read", 3);
  progress.at("build", 1);
  progress.at("upload", 0);
  progress.at("upload", 0.5);
  progress.at("compile", 1);
  progress.at("warm-up", 1);
  assert.deepEqual(told, [23, 45, 50, 55, 70, 100]);
});

Deno.test("LoadingProgress says no more than about a hundred times how far it is", () => {
  let told = 0;
  const progress = new LoadingProgress(() => told++);
  for (let step = 0; step <= 10_000; step++) progress.at("read", step / 10_000);
  for (let step = 0; step <= 10_000; step++) progress.at("upload", step / 10_000);
  assert.ok(told > 50 && told <= 100, `${told} times`);
});
