export * from "./app.ts";
export * from "./hub.ts";
export * from "./loop_delay.ts";
export * from "./origin.ts";
