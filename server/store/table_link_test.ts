import assert from "node:assert/strict";
import { join } from "node:path";
import { type Linked, linkTable } from "./table_link.ts";

interface Pets {
  add(one: number, other: unknown): number;
  fail(message: string): void;
  die(): void;
  close(): void;
}

function open(options: { path: string; fault?: string }): Promise<Linked<Pets>> {
  const entry = new URL("./testing/pets_worker.ts", import.meta.url);
  return linkTable<Pets>({ entry, name: "pets", options, calls: ["add", "fail", "die"] });
}

Deno.test("a call that cannot be posted fails alone", async () => {
  const pets = await open({ path: ":memory:" });
  const good = pets.add(1, 2);
  await assert.rejects(pets.add(1, () => 2), { name: "DataCloneError" });
  assert.equal(await good, 3);
  assert.equal(await pets.add(3, 4), 7);
  await pets.close();
  await assert.rejects(pets.add(1, 2), { code: "server-closing" });
});

Deno.test("what the disk says comes back as the wire's code, anything else as it is", async () => {
  const pets = await open({ path: ":memory:" });
  for (
    const [message, code] of [
      ["database is locked", "data-locked"],
      ["database or disk is full", "disk-full"],
      ["disk I/O error", "data-unusable"],
    ] as const
  ) {
    await assert.rejects(pets.fail(message), { code, message: `Cannot use the pets: ${message}` });
  }
  await assert.rejects(pets.fail("two cats"), { name: "RangeError", message: "two cats" });
  await pets.close();
  await assert.rejects(open({ path: ":memory:", fault: "database or disk is full" }), { code: "disk-full" });
});

Deno.test("a worker that dies fails what waits for it and what comes later, and nothing else", async () => {
  const pets = await open({ path: ":memory:" });
  await pets.die();
  await assert.rejects(async () => {
    for (;;) await pets.add(1, 2);
  }, { code: "data-unusable", message: /its worker died: .*out of memory/ });
  await assert.rejects(pets.add(1, 2), { code: "data-unusable" });
  await pets.close();
});

Deno.test("a table whose file is deleted acknowledges nothing more", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "pets.sqlite");
  await Deno.writeTextFile(path, "");
  const pets = await open({ path });
  assert.equal(await pets.add(1, 2), 3);
  await Deno.remove(folder, { recursive: true });
  await assert.rejects(pets.add(1, 2), { code: "data-gone" });
  await pets.close();
});
