/** The cards beside the picture, with what they get of the page. */
import { DisplayPanel } from "../features/display/mod.ts";
import { MethodPanel } from "../features/method/mod.ts";
import { natureOfView } from "../view/view_state.ts";
import type { Page } from "./page.ts";

/** Which method explains. */
export function MethodCard({ page }: { readonly page: Page }) {
  const { live: { welcome, board }, view, layers } = page;
  return (
    <MethodPanel
      welcome={welcome}
      view={view.state}
      board={board.state}
      layers={layers}
      setMethod={(method) => view.setMethod(method)}
      setLayer={(layer) => view.setLayer(layer)}
      setOption={(name, value) => view.setOption(name, value)}
    />
  );
}

/** How the heatmap looks. */
export function DisplayCard({ page }: { readonly page: Page }) {
  const { colormap, opacity, boxes, boxThreshold } = page.settings.value;
  const { signed } = natureOfView(page.view.state.value.current, page.live.welcome.value?.methods ?? []);
  return (
    <DisplayPanel
      {...{ colormap, opacity, signed, boxes, boxThreshold }}
      mirrored={page.source.kind.value.kind === "camera" ? page.stage.mirrored.value : null}
      tools={[
        { action: page.action("copy-link"), words: "Copy a link" },
        { action: page.action("present"), words: "Present" },
        { action: page.action("theme"), words: "Light or dark" },
      ]}
      setColormap={(chosen) => page.change({ colormap: chosen })}
      setOpacity={page.setOpacity}
      setMirror={page.setMirror}
      setBoxes={(on) => page.change({ boxes: on })}
      setBoxThreshold={(share) => page.change({ boxThreshold: share })}
    />
  );
}
