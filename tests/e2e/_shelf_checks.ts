/** The checks of the shelf, bundled and served beside the page's own scripts. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** The checks' module, for `import()` in the page. */
export type ShelfChecks = typeof import("../../client/clips/shelf_checks.ts");

/** Under which they are served. */
const PATH = "/shelf-checks.js";

/** Serves the checks to a page and tells under which address. */
export async function serveShelfChecks(page: Page, url: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", "client/clips/shelf_checks.ts"],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const body = new TextDecoder().decode(stdout);
  await page.route(`${url}${PATH}`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  return PATH;
}
