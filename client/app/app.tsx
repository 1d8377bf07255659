import { PanelMenu } from "./panel_menu.tsx";
import { PanelHost } from "./panel_host.tsx";
import { HelpDialog } from "./help_dialog.tsx";
import { CompareBar } from "../features/compare/mod.ts";
import { TimelineHost } from "../features/timeline/mod.ts";
import { TourHost, TourOffer } from "../features/tour/mod.ts";
import { DisplayCard, MethodCard } from "./cards.tsx";
import { Header } from "./header.tsx";
import { Samples } from "./samples.tsx";
import { Toolbar } from "./toolbar.tsx";
import type { Page } from "./page.ts";
import { MainPredictions } from "./main_predictions.tsx";
import { Preview } from "./recorder_parts.tsx";
import { DropZone } from "../picture/drop_zone.tsx";
import { SentenceLine } from "../ui/sentence_line.tsx";
import { StageVideoBar } from "../stage/stage_video_bar.tsx";
import { MainCaption } from "./main_caption.tsx";
import { PictureArea } from "./picture_area.tsx";
import { Presenting } from "./presenting.tsx";
import { Announcer } from "./announcer.tsx";
import { ActionButton } from "../ui/action_button.tsx";
import { ToastList } from "../ui/toast_list.tsx";

/** The whole page. */
export function App({ page }: { readonly page: Page }) {
  const presenting = page.present.value;
  return (
    <div class={presenting ? "page presenting" : "page"}>
      {!presenting && <Header page={page} />}
      <main class="main">
        <section class="picture" aria-label="Picture and heatmap">
          <PictureArea page={page} />
          {presenting ? <Presenting page={page} /> : (
            <>
              <StageVideoBar source={page.source} video={page.surface.video}>
                <ActionButton
                  action={page.action("show-every-frame")}
                  class="button"
                  pressed={page.drawer.value === "every-frame"}
                  testid="video-every-frame"
                >
                  Every frame
                </ActionButton>
              </StageVideoBar>
              <CompareBar
                compare={page.compare}
                view={page.view.state}
                welcome={page.live.welcome}
                models={page.live.models.listed}
                factsOf={(id) => page.live.models.factsOf(id)}
              />
              <SentenceLine sentence={page.why.sentence.value} class="sentence" />
              <MainCaption page={page} />
              <TimelineHost timeline={page.timeline} layers={page.layers} />
              <div class="under">
                <Toolbar page={page} />
                <Samples page={page} />
              </div>
            </>
          )}
        </section>
        {!presenting && (
          <div class="side">
            <aside class="panel" aria-label="Predictions and settings">
              <MainPredictions page={page} />
              <TourOffer tour={page.tour} />
              <PanelMenu page={page} />
              <PanelHost page={page} />
              <MethodCard page={page} />
              <DisplayCard page={page} />
            </aside>
            <ToastList toasts={page.toasts} />
          </div>
        )}
      </main>
      {presenting && <ToastList toasts={page.toasts} />}
      <TourHost tour={page.tour} />
      <HelpDialog page={page} />
      <Preview page={page} />
      <DropZone field={page.fileField} onFile={page.openFile} />
      <Announcer page={page} />
    </div>
  );
}
