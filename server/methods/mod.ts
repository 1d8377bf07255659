export * from "./drive.ts";
export * from "./explain.ts";
export * from "./method.ts";
export * from "./options.ts";
export * from "./ranking.ts";
export * from "./registry.ts";
export * from "./trust/mod.ts";
