import assert from "node:assert/strict";
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import type { DataFolder } from "./data_folder.ts";
import { reopening } from "./reopening.ts";

/** A folder that is there, or says why not. */
class FakeFolder implements DataFolder {
  readonly path = "data";
  generation = 1;
  refusal: ErrorCode | null = null;

  ensure(): Promise<number> {
    return this.refusal === null
      ? Promise.resolve(this.generation)
      : Promise.reject(new GradcastError(this.refusal, "Cannot use the folder"));
  }

  announce(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function make() {
  const folder = new FakeFolder();
  const news: (string | null)[] = [];
  const made = { folder, news, opened: 0, closed: 0, nowMs: 0 };
  const store = reopening({
    name: "clips",
    folder,
    open: () => {
      const number = ++made.opened;
      return Promise.resolve({ number, close: () => Promise.resolve(void made.closed++) });
    },
    onFailure: (failure) => news.push(failure?.code ?? null),
    monotonicMs: () => made.nowMs,
  });
  return { ...store, made };
}

const numberOf = ({ number }: { number: number }) => Promise.resolve(number);

const fail = (code: ErrorCode) => () => Promise.reject(new GradcastError(code, "Cannot"));

Deno.test("a store is opened once, by whoever uses it first", async () => {
  const { use, close, made } = make();
  assert.deepEqual(await Promise.all([use(numberOf), use(numberOf)]), [1, 1]);
  assert.equal(await use(numberOf), 1);
  await close();
  assert.deepEqual([made.opened, made.closed], [1, 1]);
  await assert.rejects(use(numberOf), { code: "server-closing" });
});

Deno.test("a store that cannot be had is tried again after a second, and says both once", async () => {
  const { use, failure, made } = make();
  made.folder.refusal = "data-in-use";
  for (let tries = 0; tries < 3; tries++) await assert.rejects(use(numberOf), { code: "data-in-use" });
  assert.equal(failure()?.code, "data-in-use");
  made.folder.refusal = null;
  await assert.rejects(use(numberOf), { code: "data-in-use" }, "too soon");
  made.nowMs += 1_000;
  assert.equal(await use(numberOf), 1);
  assert.equal(failure(), null);
  assert.deepEqual(made.news, ["data-in-use", null]);
});

Deno.test("a store whose folder is another one says that it is gone once, then is opened there", async () => {
  const { use, made } = make();
  await use(numberOf);
  made.folder.generation = 2;
  await assert.rejects(use(numberOf), { code: "data-gone" });
  assert.equal(made.closed, 1);
  assert.equal(await use(numberOf), 2);
  assert.deepEqual(made.news, ["data-gone", null]);
});

Deno.test("a store that finds its files gone is opened again; other failures leave it open", async () => {
  const { use, failure } = make();
  await assert.rejects(use(fail("disk-full")), { code: "disk-full" });
  assert.equal(failure()?.code, "disk-full");
  assert.equal(await use(numberOf), 1);
  await assert.rejects(use(fail("unknown-clip")), { code: "unknown-clip" });
  assert.equal(failure(), null, "an answer is no failure");
  await assert.rejects(use(fail("data-gone")), { code: "data-gone" });
  assert.equal(await use(numberOf), 2);
  await assert.rejects(use(fail("data-unusable")), { code: "data-unusable" });
  assert.equal(await use(numberOf), 3, "its worker may have died");
});

Deno.test("two uses that find the same files gone give up one store, not the one that was opened meanwhile", async () => {
  const { use, made } = make();
  const late = Promise.withResolvers<never>();
  await use(numberOf);
  const slow = use(() => late.promise);
  await assert.rejects(use(fail("data-gone")), { code: "data-gone" });
  assert.equal(await use(numberOf), 2);
  late.reject(new GradcastError("data-gone", "Cannot"));
  await assert.rejects(slow, { code: "data-gone" });
  assert.equal(await use(numberOf), 2);
  assert.deepEqual([made.opened, made.closed], [2, 1]);
});
