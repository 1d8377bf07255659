export { Shows } from "./shows.ts";
export type { Watcher, WatcherKind } from "./watcher.ts";
