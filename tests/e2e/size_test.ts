/** How much script the page loads before anything is opened. */
import assert from "node:assert/strict";
import { scene, until } from "./_scene.ts";

/** Largest size of the script that a first visit loads, compressed as servers do, in bytes. */
const MAX_SCRIPT_BYTES = 150_000;

async function compressedSize(script: string): Promise<number> {
  const stream = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

scene(
  "a first visit loads little script, and views only when they are opened",
  "/",
  async ({ page, url }) => {
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name }) => name).filter((name) =>
          name.endsWith(".js")
        )
      );
    await page.getByTestId("connection").getByText("live").waitFor();
    const scripts = await loaded();
    const sizes = await Promise.all(
      scripts.map(async (script) => compressedSize(await (await fetch(script)).text())),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(scripts.some((script) => script === `${url}/main.js`));
    assert.ok(total > 20_000 && total <= MAX_SCRIPT_BYTES, `${total} bytes`);
    await page.keyboard.press("i");
    await page.getByTestId("network-picture").waitFor();
    await until(page, loaded, ({ length }) => length > scripts.length, "the view's own script");
  },
);
