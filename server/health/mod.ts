/** How the server is: what its parts say of themselves. */
export * from "./source.ts";
export { UnhandledErrors, type UnhandledParts } from "./unhandled.ts";
export { type DiskOptions, type DiskRoom, type DiskWatch, watchDisk } from "./disk.ts";
