import { type Action, action } from "../../ui/action.ts";
import type { Timeline } from "./timeline.ts";

/** What can be done with the timeline by key. */
export function timelineActions({ ports }: Timeline): readonly Action[] {
  return [
    action("timeline", "z", "Show or hide the timeline", () => {
      ports.resize(ports.size() === "closed" ? "compact" : "closed");
    }),
  ];
}
