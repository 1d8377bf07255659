/** The shelf's contract in real Chromium, on both places for files. */
import assert from "node:assert/strict";
import { scene } from "./_scene.ts";
import { serveShelfChecks, type ShelfChecks } from "./_shelf_checks.ts";

scene("a shelf in the browser holds to the contract", "/", async ({ page, url }) => {
  const path = await serveShelfChecks(page, url);
  const { faults, files } = await page.evaluate(async (path) => {
    const checks: ShelfChecks = await import(path);
    return { faults: await checks.checkBrowserShelves(), files: await checks.countPrivateFiles() };
  }, path);
  assert.deepEqual(faults, []);
  assert.ok(files > 0, "files lie in the private file system");
});
