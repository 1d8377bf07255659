/** The page as a booth: the tour unattended, on the samples. */
import { loadDemo } from "../features/tour/mod.ts";
import { SAMPLES } from "../picture/samples.ts";
import type { Page } from "./page.ts";
import { everyMs } from "./tour_ports.ts";

/** Begins it; without its code the page is as without it, and says so. */
export async function runDemo(page: Page): Promise<void> {
  const { source, recorder, toasts } = page;
  const showSample = (round: number) =>
    void source.openSample(SAMPLES[round % SAMPLES.length]?.id ?? SAMPLES[0].id);
  try {
    const { startDemo } = await loadDemo();
    startDemo({
      tour: page.tour,
      showSample,
      tidy() {
        page.drawer.value = null;
        page.helpOpen.value = false;
        page.present.value = false;
        source.setFrozen(false);
        // Nobody asked for the booth's own pictures to be written down.
        if (page.log.writing.peek()) page.log.setWriting(false);
        page.view.setCover(null);
        page.view.unlock();
      },
      isBusy: () => recorder.state.peek().kind !== "rest" || page.drawer.peek() === "every-frame",
      setLook(playing) {
        if (playing) document.documentElement.dataset["demo"] = "";
        else delete document.documentElement.dataset["demo"];
      },
      now: () => performance.now(),
      every: everyMs,
      events: globalThis,
    });
  } catch {
    toasts.say("The demonstration could not be loaded. Check that the server runs, then reload the page.");
    showSample(0);
  }
}
