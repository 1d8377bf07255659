/** What axe finds wrong with a page. */
import axe from "axe-core";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What is looked at. */
export interface AxeScope {
  /** Tags of the rules; absent: axe's own choice, its best practices among them. */
  readonly tags?: readonly string[];
  /** Selector of the part of the page; absent: all of it. */
  readonly within?: string;
}

/**
 * Returns the rules that are broken, with the places. It runs in the page itself: `@axe-core/playwright` opens a page of its
 * own each time, to put together what it found in frames, and there are none here.
 */
export async function axeFaults(page: Page, scope: AxeScope = {}): Promise<readonly string[]> {
  assert.equal(page.frames().length, 1, "a page without frames");
  await page.evaluate(axe.source);
  return await page.evaluate(async ({ tags, within }) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run(within ?? document, {
      // Nobody reads what passed.
      resultTypes: ["violations"],
      ...(tags !== undefined && { runOnly: { type: "tag", values: [...tags] } }),
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(" ")}`));
  }, scope);
}
