/** Keeps one head after the other in the folder that it is given, and says so of each, until it is killed. */
import { openTaughtStore } from "../../server/store/mod.ts";

/** Large enough that a kill comes while one is written. */
const HEAD_BYTES = 4_000_000;

const [folder = ""] = Deno.args;
const store = await openTaughtStore(folder);
await store.change("mugs", { document: "{}" });
for (let number = 1;; number++) {
  const bytes = new Uint8Array(HEAD_BYTES).fill(number);
  await store.keepHead("mugs", { kind: "linear", lesson: `${number}`, document: "{}", bytes });
  await Deno.stdout.write(new TextEncoder().encode(`${number}\n`));
}
