/** The shelf's contract in real Chromium, on both places for files. */
import assert from "node:assert/strict";
import { scene } from "./_scene.ts";

/** Under which the checks are served, beside the page's own scripts. */
const CHECKS = "/shelf-checks.js";

scene("a shelf in the browser holds to the contract", "/", async ({ page, url }) => {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", "client/clips/shelf_checks.ts"],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert.ok(success);
  await page.route(
    `${url}${CHECKS}`,
    (route) => route.fulfill({ contentType: "text/javascript", body: new TextDecoder().decode(stdout) }),
  );
  const { faults, files } = await page.evaluate(async (path) => {
    const checks: typeof import("../../client/clips/shelf_checks.ts") = await import(path);
    return { faults: await checks.checkBrowserShelves(), files: await checks.countPrivateFiles() };
  }, CHECKS);
  assert.deepEqual(faults, []);
  assert.ok(files > 0, "files lie in the private file system");
});
