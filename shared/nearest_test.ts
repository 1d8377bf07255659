import assert from "node:assert/strict";
import { didYouMean, nearestNames } from "./nearest.ts";

const METHODS = ["grad-cam", "cam", "grad-cam-gated", "grad-cam++", "integrated-gradients", "occlusion"];

Deno.test("nearestNames() takes a name with other hyphens, cases or blanks for that very name", () => {
  for (const text of ["gradcam", "Grad_CAM", "grad cam"]) {
    assert.deepEqual(nearestNames(METHODS, text), ["grad-cam"]);
  }
  assert.deepEqual(nearestNames(METHODS, "gradcam++"), ["grad-cam++"]);
  assert.deepEqual(nearestNames(METHODS, "IntegratedGradients"), ["integrated-gradients"]);
});

Deno.test("nearestNames() otherwise takes the few that are nearly the same, and none that is far", () => {
  assert.deepEqual(nearestNames(METHODS, "oclusion"), ["occlusion"]);
  assert.deepEqual(nearestNames(METHODS, "lime"), []);
  assert.deepEqual(nearestNames(METHODS, ""), []);
});

Deno.test("didYouMean() asks, or says nothing", () => {
  assert.equal(didYouMean(METHODS, "gradcam"), "; did you mean grad-cam?");
  assert.equal(didYouMean(METHODS, "lime"), "");
});
