/** Entry of the worker that holds the rows of clips. */
import { serveTable } from "./_table_server.ts";
import { openClipTable } from "./sqlite_clips.ts";

serveTable("clips", (path: string) => ({ path, calls: new Map(Object.entries(openClipTable(path))) }));
