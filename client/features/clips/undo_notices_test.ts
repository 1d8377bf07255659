/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { UndoNotices } from "./undo_notices.ts";

Deno.test("UndoNotices takes away the notice of a clip that was restored, once", () => {
  const dismissed: number[] = [];
  const notices = new UndoNotices((notice) => dismissed.push(notice));
  notices.add("a", 1);
  notices.add("b", 2);
  notices.withdraw("b");
  notices.withdraw("b");
  notices.withdraw("unknown");
  assert.deepEqual(dismissed, [2]);
});

Deno.test("UndoNotices takes every notice away when the trash is emptied", () => {
  const dismissed: number[] = [];
  const notices = new UndoNotices((notice) => dismissed.push(notice));
  notices.add("a", 1);
  notices.add("b", 2);
  notices.withdrawAll();
  notices.withdrawAll();
  assert.deepEqual(dismissed, [1, 2]);
});
