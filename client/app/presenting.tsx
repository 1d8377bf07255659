import { partsWith, PresentBar } from "../features/present/mod.ts";
import { LazyCodeCard } from "../features/share/mod.ts";
import type { PresentPart } from "../view/settings.ts";
import type { Page } from "./page.ts";

/** The words below the picture while somebody presents. */
export function Presenting({ page }: { readonly page: Page }) {
  const { session, share, toasts } = page;
  const { presentParts: parts } = page.settings.value;
  const onPart = (part: PresentPart, on: boolean) => {
    page.change({ presentParts: partsWith(parts, part, on) });
    if (part === "code" && on && !share.on.value) share.start();
  };
  return (
    <PresentBar
      board={session.board.state}
      nameOf={page.nameOf}
      view={session.view}
      welcome={session.welcome}
      connection={session.link.state}
      figures={session.figures}
      parts={parts}
      onPart={onPart}
      code={<LazyCodeCard share={share} say={toasts.say} />}
      layers={page.layers}
      mapHidden={page.mapHidden}
      mirror={{
        on: page.mirrored.value,
        onChange: page.source.kind.value.kind === "camera" ? page.setMirror : null,
      }}
      fullscreen={page.action("fullscreen")}
      onLeave={() => page.present.value = false}
    />
  );
}
