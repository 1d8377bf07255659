/** Entry of the worker that holds the rows of collections. */
import { serveTable } from "./_table_server.ts";
import { SqliteTaught } from "./sqlite_taught.ts";
import { TAUGHT_CALLS } from "./taught_store.ts";

serveTable("collections", ({ path }: { readonly path: string }) => {
  const table = new SqliteTaught(path);
  const callOf = (name: typeof TAUGHT_CALLS[number] | "close") => {
    const method = table[name] as (...values: unknown[]) => unknown;
    return [name, (...values: unknown[]) => method.apply(table, values)] as const;
  };
  return { path, calls: new Map([...TAUGHT_CALLS.map(callOf), callOf("close")]) };
});
