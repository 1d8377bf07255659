/** The keys of the page, as its help lists them. */
import assert from "node:assert/strict";
import { scene } from "./_scene.ts";

/** Keys of the guide's table; digits from first to last stand for all between. */
async function documentedKeys(): Promise<string[]> {
  const guide = await Deno.readTextFile("docs/guide.md");
  const table = /## Keys\n[^]*?\n(\|[^]*?)\n\n/u.exec(guide)?.[1] ?? "";
  const digits = table.replace(
    "<kbd>1</kbd>…<kbd>5</kbd>",
    [1, 2, 3, 4, 5].map((d) => `<kbd>${d}</kbd>`).join(""),
  );
  return [...digits.matchAll(/<kbd>(.+?)<\/kbd>/gu)].map((match) => (match[1] ?? "").toLowerCase());
}

scene("no two actions share a key, and the guide lists every key", "/", async ({ page }) => {
  await page.keyboard.press("?");
  await page.locator("dialog.help[open]").waitFor();
  const keys = (await page.locator(".keys kbd").allInnerTexts()).map((key) => key.toLowerCase());
  assert.ok(keys.length > 20);
  assert.deepEqual(keys.filter((key, place) => keys.indexOf(key) !== place), []);
  assert.deepEqual((await documentedKeys()).sort(), keys.filter((key) => key !== "?").sort());
});
