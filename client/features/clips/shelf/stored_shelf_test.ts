/// <reference lib="deno.ns" />
import { StoredShelf } from "./stored_shelf.ts";
import { memoryFiles, memoryRows } from "./memory_shelf.ts";
import { checkFull, fullAtSidecar, SHELF_CASES } from "../testing/shelf_contract.ts";

for (const { name, run } of SHELF_CASES) {
  Deno.test(`a shelf in memory ${name}`, async () => {
    const parts = { rows: memoryRows(), files: memoryFiles(), lasting: false };
    await run({ open: (now) => Promise.resolve(new StoredShelf({ ...parts, now })) });
  });
}

Deno.test("a clip that does not fit on the shelf leaves nothing behind", async () => {
  const files = memoryFiles();
  const written: string[] = [];
  const noting = {
    ...files,
    write: (name: string, content: Blob) => (written.push(name), files.write(name, content)),
  };
  const parts = { rows: memoryRows(), files: fullAtSidecar(noting), lasting: false };
  await checkFull(new StoredShelf({ ...parts, now: Date.now }), files, written);
});
