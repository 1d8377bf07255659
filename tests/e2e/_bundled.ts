/** A module of checks, bundled and served beside the page's own scripts. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Bundles a module, serves it to a page and returns under which path, for `import()` there. */
export async function serveBundle(page: Page, url: string, source: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", source],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert.ok(success);
  const path = `/${source.replaceAll(/[^a-z]+/g, "-")}.js`;
  const body = new TextDecoder().decode(stdout);
  await page.route(`${url}${path}`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  return path;
}
