import assert from "node:assert/strict";
import { resolve } from "node:path";
import { engineCommand } from "./engine_command.ts";
import { permissionFlags } from "./permissions.ts";

const SETTINGS = { host: "localhost", models: ["models/efficientnet-lite0"], data: "data", open: false };

/** The values of a flag, or null where it is not given. */
function valuesOf(flags: readonly string[], name: string): string[] | null {
  const flag = flags.find((one) => one.startsWith(`--allow-${name}=`));
  return flag === undefined ? null : flag.slice(flag.indexOf("=") + 1).split(",");
}

Deno.test("the data folder alone may be written, wherever it lies", () => {
  assert.deepEqual(valuesOf(permissionFlags(SETTINGS), "write"), [resolve("data")]);
  assert.deepEqual(valuesOf(permissionFlags({ ...SETTINGS, data: "/elsewhere/x" }), "write"), [
    "/elsewhere/x",
  ]);
});

Deno.test("program, models and data may be read, and nothing above them", () => {
  const flags = permissionFlags({
    ...SETTINGS,
    models: ["/models/mine", "/more/b.onnx"],
    data: "/elsewhere",
  });
  const read = valuesOf(flags, "read");
  assert.deepEqual(read?.slice(1), ["/models/mine", "/more/b.onnx", "/more", "/elsewhere"]);
  assert.equal(resolve(read?.[0] ?? ""), resolve("."));
});

Deno.test("the server may listen on the host of its settings alone", () => {
  assert.deepEqual(valuesOf(permissionFlags({ ...SETTINGS, host: "192.168.1.5" }), "net"), ["192.168.1.5"]);
  assert.deepEqual(valuesOf(permissionFlags({ ...SETTINGS, host: "::" }), "net"), ["[::]"]);
  assert.deepEqual(valuesOf(permissionFlags(SETTINGS), "net"), ["localhost", "127.0.0.1", "[::1]"]);
});

Deno.test("a program may be started only to open the page", () => {
  assert.equal(valuesOf(permissionFlags(SETTINGS), "run"), null);
  assert.ok(valuesOf(permissionFlags({ ...SETTINGS, open: true }), "run")?.includes("xdg-open"));
});

Deno.test("a path that Deno's flags cannot name is refused in words", () => {
  assert.throws(
    () => permissionFlags({ ...SETTINGS, data: "/a,b" }),
    /--data must have no comma, got \/a,b/,
  );
});

Deno.test("the engine's socket adds its own folder, and no other address", () => {
  const flags = permissionFlags(SETTINGS, "/tmp/gradcast.x/engine");
  assert.deepEqual(valuesOf(flags, "read")?.at(-1), "/tmp/gradcast.x");
  assert.deepEqual(valuesOf(flags, "write"), [resolve("data"), "/tmp/gradcast.x"]);
  assert.deepEqual(valuesOf(flags, "net")?.slice(3), ["unix:/tmp/gradcast.x/engine"]);
});

Deno.test("the engine reads its code and the models, those that were uploaded too, not the data, and reaches the server alone", () => {
  const flags = engineCommand(
    { models: ["/models/mine", "/more/b.onnx"], data: "data" },
    "/tmp/gradcast.x/engine",
  );
  const read = valuesOf(flags, "read") ?? [];
  for (const path of ["/models/mine", "/more", resolve("data/models"), "/tmp/gradcast.x"]) {
    assert.ok(read.includes(path), path);
  }
  for (const path of [resolve("."), resolve("data"), resolve("data/log.sqlite")]) {
    assert.ok(!read.some((allowed) => `${path}/`.startsWith(allowed.replace(/\/*$/, "/"))), path);
  }
  assert.deepEqual(valuesOf(flags, "write"), ["/tmp/gradcast.x"]);
  assert.deepEqual(valuesOf(flags, "net"), ["unix:/tmp/gradcast.x/engine"]);
  assert.equal(valuesOf(flags, "run"), null);
  assert.equal(valuesOf(flags, "env"), null);
});
