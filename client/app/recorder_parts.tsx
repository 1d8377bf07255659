/** The recorder's parts of the page, each with what it shows. */
import { PreviewHost, RecordHud, RecordMenu } from "../features/recorder/mod.ts";
import type { ReplayStart } from "../stage/replay_video.tsx";
import type { Page } from "./page.ts";

/** On the stage: the countdown, the recording, or the GIF that is made. */
export function Hud({ page: { recorder, gif, recorderActions } }: { readonly page: Page }) {
  return <RecordHud recorder={recorder} gif={gif} actions={recorderActions} />;
}

/** In the toolbar: how to record. */
export function RecordOptions({ page }: { readonly page: Page }) {
  return (
    <RecordMenu
      layers={page.layers}
      settings={page.settings}
      onChange={page.change}
      gif={page.recorderActions.gif}
      bareSnapshot={page.action("snapshot-bare")}
    />
  );
}

/** Over the page: the preview of a recording. */
export function Preview({ page }: { readonly page: Page }) {
  return <PreviewHost recorder={page.recorder} look={() => replayStart(page)} say={page.toasts.say} />;
}

/** How the maps of a clip look at first: as those on the stage. */
export function replayStart({ settings }: Pick<Page, "settings">): ReplayStart {
  const { colormap, opacity, recordCaption } = settings.peek();
  return { colormap, opacity, caption: recordCaption };
}
