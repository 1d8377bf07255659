/** The timeline's code that is loaded when the first result is there. */
export { TimelineModel } from "./model.ts";
export { MomentLayer, MomentNote } from "./on_stage.tsx";
export { Strip } from "./strip.tsx";
