/** The checks of the shelf, for the page. */
import type { Page } from "playwright-core";
import { serveBundle } from "./_bundled.ts";

/** The checks' module, for `import()` in the page. */
export type ShelfChecks = typeof import("../../client/features/clips/testing/shelf_checks.ts");

/** Serves the checks to a page and returns under which path. */
export async function serveShelfChecks(page: Page, url: string): Promise<string> {
  return await serveBundle(page, url, "client/features/clips/testing/shelf_checks.ts");
}
