/** The browser's clock. */
import { pause } from "../../http/pause.ts";
import type { TeachTime } from "./model.ts";

export const PAGE_TIME: TeachTime = {
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  pause,
};
