import assert from "node:assert/strict";
import { type Listed, outermostRunner, parseProc } from "./ancestor.ts";

function table(rows: Record<number, [parent: number, line: string]>) {
  return (pid: number): Promise<Listed | null> => {
    const row = rows[pid];
    return Promise.resolve(row === undefined ? null : { parent: row[0], words: row[1].split(" ") });
  };
}

Deno.test("of npx, its shell, the package's script and the task, npx is the outermost", async () => {
  const list = table({
    50: [40, "/cache/deno task start --port 8199"],
    40: [30, "node /cache/.bin/deno task start --port 8199"],
    30: [20, "sh -c 'deno' task start --port 8199"],
    20: [10, "npm exec deno@2.9.6 task start --port 8199"],
    10: [1, "bash"],
  });
  assert.equal(await outermostRunner(50, list), 20);
});

Deno.test("a shell or a program that started the task is not waited for", async () => {
  const list = table({
    50: [30, "deno task start"],
    30: [20, "bash -c deno task start & sleep 1"],
    20: [1, "sshd"],
  });
  assert.equal(await outermostRunner(50, list), 50);
  const wrapped = table({ 50: [30, "deno task start"], 30: [1, "timeout 60 deno task start"] });
  assert.equal(await outermostRunner(50, wrapped), 50);
});

Deno.test("a launcher that no task started has nobody to wait for", async () => {
  assert.equal(await outermostRunner(50, table({ 50: [1, "zsh"] })), null);
  assert.equal(await outermostRunner(50, table({})), null);
});

Deno.test("the system's listing of a process is read, whatever its name", () => {
  assert.deepEqual(parseProc("29413 (npm (exec) x) S 29412 29394 0\nnpm exec deno\0task\0start\0"), {
    parent: 29412,
    words: ["npm", "exec", "deno", "task", "start"],
  });
  assert.equal(parseProc("nothing"), null);
});
