export * from "./listener.ts";
export * from "./port.ts";
export * from "./room.ts";
