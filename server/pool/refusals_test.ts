import assert from "node:assert/strict";
import { failureOf } from "./_refusals.ts";

Deno.test("why a model cannot be loaded names files by their place in the model, not where the server keeps them", () => {
  const missing = new Error(
    "Cannot load the model: m.onnx.data cannot be read from /home/data/models/net: there is no such file",
  );
  for (const path of ["/home/data/models/net/m.onnx", "/home/data/models/net"]) {
    const { code, message } = failureOf("net", path, missing);
    assert.equal(code, "model-failed");
    assert.match(
      message,
      /^Cannot load the model 'net': m\.onnx\.data cannot be read from (net|its folder): there is no such file$/u,
    );
  }
  const inside = new Error("stat '/home/data/models/net/a/b.bin'");
  assert.equal(
    failureOf("net", "/home/data/models/net", inside).message,
    "Cannot load the model 'net': stat 'a/b.bin'",
  );
});
