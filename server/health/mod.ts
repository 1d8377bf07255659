/** How the server is: what its parts say of themselves. */
export * from "./source.ts";
