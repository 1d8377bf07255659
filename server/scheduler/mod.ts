export type { ComputingEngine } from "./_station.ts";
export * from "./job.ts";
export * from "./scheduler.ts";
export type { ShareStats } from "./shares.ts";
