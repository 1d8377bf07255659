export * from "./clock.ts";
export * from "./fake_clock.ts";
