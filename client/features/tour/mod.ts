/** A tour of a minute: what is seen, why, what falls when it is hidden; unattended it runs a booth. */
export { tourActions } from "./actions.ts";
export type { Booth, DemoPorts } from "./demo.ts";
export type { Fall, TourFacts } from "./facts.ts";
export { TourHost, TourOffer } from "./host.tsx";
export type { TourPorts, TourStart } from "./ports.ts";
export { createTour, type Tour } from "./tour.ts";

/** Loads what runs the tour unattended. */
export const loadDemo = () => import("./demo.ts");
