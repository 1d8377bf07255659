/** The tour's code that is loaded when it begins. */
export { Callout } from "./callout.tsx";
export { Guide } from "./guide.ts";
