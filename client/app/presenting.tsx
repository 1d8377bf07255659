import { partsOffered, partsWith, PresentBar } from "../features/present/mod.ts";
import { LazyCodeCard } from "../features/share/mod.ts";
import { PRESENT_PARTS, type PresentPart } from "../view/settings.ts";
import type { Page } from "./page.ts";

/** The bar below the picture while somebody presents: its words and its buttons. */
export function Presenting({ page }: { readonly page: Page }) {
  const { live, view, share, toasts } = page;
  const { presentParts: parts } = page.settings.value;
  const onPart = (part: PresentPart, on: boolean) => {
    page.change({ presentParts: partsWith(parts, part, on) });
    if (part === "code" && on && !share.on.value) share.start();
  };
  return (
    <PresentBar
      board={live.board.state}
      nameOf={page.names.nameOf}
      view={view.state}
      welcome={live.welcome}
      connection={live.link.state}
      figures={live.figures}
      sentence={page.why.sentence}
      parts={parts}
      offered={partsOffered(PRESENT_PARTS, share.reachable.value)}
      onPart={onPart}
      code={<LazyCodeCard share={share} say={toasts.say} />}
      layers={page.layers}
      mapHidden={page.stage.mapHidden}
      mirror={{
        on: page.stage.mirrored.value,
        onChange: page.source.kind.value.kind === "camera" ? page.setMirror : null,
      }}
      fullscreen={page.action("fullscreen")}
      onLeave={() => page.present.value = false}
    />
  );
}
