import { PanelMenu } from "./panel_menu.tsx";
import { PanelHost } from "./panel_host.tsx";
import { HelpDialog } from "./help_dialog.tsx";
import { CompareBar, CompareGrid } from "../features/compare/compare_grid.tsx";
import { DisplayPanel } from "../features/display/display_panel.tsx";
import { Header } from "./header.tsx";
import { MethodPanel } from "../features/method/method_panel.tsx";
import { Samples } from "./samples.tsx";
import { Toolbar } from "./toolbar.tsx";
import type { Page } from "./page.ts";
import { Predictions } from "../stage/predictions.tsx";
import { PreviewHost } from "../features/recorder/preview_host.tsx";
import { DropZone } from "../picture/drop_zone.tsx";
import { StageVideoBar } from "../stage/stage_video_bar.tsx";
import { Caption } from "../stage/caption.tsx";
import { PresentBar } from "../features/present/present_bar.tsx";
import { Announcer } from "./announcer.tsx";
import { ToastList } from "../ui/toast_list.tsx";

/** The whole page. */
export function App({ page }: { readonly page: Page }) {
  const presenting = page.present.value;
  return (
    <div class={presenting ? "page presenting" : "page"}>
      {!presenting && <Header page={page} />}
      <main class="main">
        <section class="picture" aria-label="Picture and heatmap">
          <CompareGrid page={page} />
          {presenting ? <PresentBar page={page} /> : (
            <>
              <StageVideoBar page={page} />
              <CompareBar page={page} />
              <Caption page={page} />
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
              <Predictions page={page} />
              <PanelMenu page={page} />
              <PanelHost page={page} />
              <MethodPanel page={page} />
              <DisplayPanel page={page} />
            </aside>
            <ToastList toasts={page.toasts} />
          </div>
        )}
      </main>
      {presenting && <ToastList toasts={page.toasts} />}
      <HelpDialog page={page} />
      <PreviewHost page={page} />
      <DropZone field={page.fileField} onFile={page.openFile} />
      <Announcer page={page} />
    </div>
  );
}
