/** Entry of a worker with a table for tests of the link. */
import { serveTable } from "../_table_server.ts";

serveTable("pets", ({ path, fault }: { readonly path: string; readonly fault?: string }) => {
  if (fault !== undefined) throw new Error(fault);
  const calls = new Map<string, (...values: never[]) => unknown>(Object.entries({
    add: (one: number, other: number) => one + other,
    fail: (message: string) => {
      throw new Error(message);
    },
    die: () => {
      setTimeout(() => {
        throw new Error("out of memory");
      });
    },
    close: () => null,
  }));
  return { path, calls };
});
