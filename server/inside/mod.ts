export { contributions } from "./contributions.ts";
export * from "./draw_network.ts";
export * from "./look_inside.ts";
export { networkStages } from "./network_stages.ts";
export * from "./visualise.ts";
