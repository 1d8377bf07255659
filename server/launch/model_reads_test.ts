import assert from "node:assert/strict";
import { modelReads } from "./model_reads.ts";

Deno.test("modelReads() adds the folder of a model's file, and nothing to a folder", () => {
  assert.deepEqual(modelReads("/models/vgg16"), ["/models/vgg16"]);
  assert.deepEqual(modelReads("/models/cats.keras"), ["/models/cats.keras", "/models"]);
  assert.deepEqual(modelReads("/models/NET.ONNX"), ["/models/NET.ONNX", "/models"]);
});
