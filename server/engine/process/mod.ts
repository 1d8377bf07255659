/** The engine in a process of its own, as the live server has it. */
export { hearBeats } from "./beat.ts";
export { type DoorOptions, EngineDoor, listenForEngine } from "./door.ts";
export { hostEngine } from "./host.ts";
