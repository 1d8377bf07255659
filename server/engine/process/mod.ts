/** The engine in a process of its own, as the live server has it. */
export { type BeatingProcess, killWhenSilent } from "./beat.ts";
export { type DoorOptions, EngineDoor, listenForEngine } from "./door.ts";
export { hostEngine } from "./host.ts";
