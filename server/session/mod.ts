export * from "./rate.ts";
export * from "./seats.ts";
export * from "./socket.ts";
export * from "./state.ts";
export * from "./viewer.ts";
export type { Audience, AudienceNews, Shared } from "./audience.ts";
export type { Witness, WitnessNews } from "./witness.ts";
