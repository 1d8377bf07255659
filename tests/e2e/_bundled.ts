/** A module of checks, bundled and served beside the page's own scripts. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What was bundled for an earlier test of the file. */
const bundles = new Map<string, Promise<string>>();

/** Bundles a module, serves it to a page and returns under which path, for `import()` there. */
export async function serveBundle(page: Page, url: string, source: string): Promise<string> {
  const path = `/${source.replaceAll(/[^a-z]+/g, "-")}.js`;
  const known = bundles.get(source) ?? bundle(source);
  bundles.set(source, known);
  const body = await known;
  await page.route(`${url}${path}`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  return path;
}

async function bundle(source: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--platform=browser", source],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert.ok(success);
  return new TextDecoder().decode(stdout);
}
