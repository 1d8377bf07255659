export * from "./rate.ts";
export * from "./seats.ts";
export * from "./socket.ts";
export * from "./state.ts";
export * from "./viewer.ts";
export type { ServeModel } from "./_viewer_models.ts";
export type { LogNews, SentMessage, Shared, ShowNews, ViewerObserver } from "./observer.ts";
