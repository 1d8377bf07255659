/** The shelf's contract in a browser; an entry that the end-to-end test bundles. */
import { openBrowserShelf } from "./browser_shelf.ts";
import { SHELF_CASES } from "./shelf_contract.ts";

/** Runs the contract on both places for files and tells what failed. */
export async function checkBrowserShelves(): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const privateFiles of [true, false]) {
    for (const { name, run } of SHELF_CASES) {
      const place = crypto.randomUUID();
      try {
        await run({ open: (now) => openBrowserShelf({ name: place, privateFiles, now }) });
      } catch (error) {
        faults.push(`${privateFiles ? "private files" : "database"}, ${name}: ${error}`);
      }
    }
  }
  return faults;
}

/** How many files lie in the private file system, over all folders. */
export async function countPrivateFiles(): Promise<number> {
  let count = 0;
  for await (const folder of (await navigator.storage.getDirectory()).values()) {
    if (!(folder instanceof FileSystemDirectoryHandle)) continue;
    for await (const _ of folder.values()) count++;
  }
  return count;
}
