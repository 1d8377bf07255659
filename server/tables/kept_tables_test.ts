import assert from "node:assert/strict";
import { MAX_TABLES, TABLE_IDLE_MS } from "../../shared/table_wire.ts";
import { FakeClock } from "../clock/testing/fake_clock.ts";
import { describeTable } from "./describe.ts";
import { KeptTables } from "./kept_tables.ts";
import { readTable } from "./read_table.ts";
import type { Table } from "./table.ts";

const TABLE = readTable(new TextEncoder().encode("a,b\n1,x\n2,y\n"), "t.csv");

function keptOf(clock: FakeClock) {
  const tables = new KeptTables(clock);
  const add = (table: Table = TABLE) => {
    return tables.add(table, { name: "t.csv", source: null, ...describeTable(TABLE) }).info.id;
  };
  return { tables, add };
}

Deno.test("Q2: a table that nobody uses for ten minutes is forgotten, one that is used or fitted stays", async () => {
  const clock = new FakeClock();
  const { tables, add } = keptOf(clock);
  const [idle, used, fitted] = [add(), add(), add()];
  tables.get(fitted).stop = new AbortController();
  await clock.advance(TABLE_IDLE_MS / 2);
  tables.get(used);
  await clock.advance(TABLE_IDLE_MS / 2);
  assert.throws(() => tables.get(idle), { code: "unknown-table" });
  assert.equal(tables.count, 2);
  tables.get(fitted).stop = null;
  await clock.advance(2 * TABLE_IDLE_MS);
  assert.deepEqual([tables.count, clock.pending], [0, 0]);
});

Deno.test("Q2: of too many tables, or too large ones, the one used longest ago gives way and its fit ends", async () => {
  const clock = new FakeClock();
  const { tables, add } = keptOf(clock);
  const ids: string[] = [];
  for (let at = 0; at < MAX_TABLES; at++) {
    ids.push(add());
    await clock.advance(1);
  }
  const [first = "", second = ""] = ids;
  tables.get(first);
  const stop = new AbortController();
  tables.get(second).stop = stop;
  await clock.advance(1);
  tables.get(first);
  for (const id of ids.slice(2)) tables.get(id);
  add();
  assert.equal(tables.count, MAX_TABLES);
  assert.throws(() => tables.get(second), { code: "unknown-table" });
  assert.ok(stop.signal.aborted);
  const large = { ...TABLE, rows: 2_000_000 };
  const [a, b] = [add(large), add(large)];
  assert.deepEqual([tables.count, tables.get(a).info.id, tables.get(b).info.id], [2, a, b]);
  tables.close();
  assert.deepEqual([tables.count, clock.pending], [0, 0]);
});
