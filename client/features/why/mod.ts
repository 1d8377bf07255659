export * from "./meter_badge.tsx";
export * from "./model.ts";
