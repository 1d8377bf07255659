export * from "./baselines.ts";
export * from "./drive_trust.ts";
export * from "./measurable.ts";
export * from "./reason.ts";
export * from "./report.ts";
export * from "./trust.ts";
