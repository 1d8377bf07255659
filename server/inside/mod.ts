export { contributions } from "./contributions.ts";
export * from "./look_inside.ts";
export * from "./visualise.ts";
