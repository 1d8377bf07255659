/** The last two minutes below the picture: confidence, changes of class, and every moment to be seen again. */
export { timelineActions } from "./actions.ts";
export { TimelineHost, TimelineMoment, TimelineNote } from "./host.tsx";
export { createTimeline, type Timeline } from "./timeline.ts";
