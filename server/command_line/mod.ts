export * from "./flag.ts";
