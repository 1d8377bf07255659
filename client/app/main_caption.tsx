import { Caption, EnlargedCaption } from "../stage/caption.tsx";
import type { LegendFacts } from "../stage/legend.tsx";
import { statusWords } from "../map/map_status.ts";
import { methodOf, natureOfView, unitOf } from "../view/view_state.ts";
import type { Page } from "./page.ts";

/** Under the stage: what the colours mean in numbers, and how the map stands. */
export function MainCaption({ page }: { readonly page: Page }) {
  const { session, stage } = page;
  const enlarged = stage.enlarged.value;
  if (enlarged !== null) {
    const close = () => stage.enlarged.value = null;
    return <EnlargedCaption enlarged={enlarged} colormap={page.settings.value.colormap} onClose={close} />;
  }
  const status = session.status.value;
  const { target } = session.board.state.value;
  const label = target === null ? "the class" : page.nameOf(target.index, target.label);
  return (
    <Caption
      legend={session.inColours.value ? null : legendOf(page)}
      status={status}
      words={statusWords(status, label, session.made.value)}
      dimmed={stage.mapDimmed.value}
      blind={page.blindView.value === session.view.value.current.revision}
    />
  );
}

function legendOf({ session, settings }: Page): LegendFacts {
  const { current } = session.view.value;
  const methods = session.welcome.value?.methods ?? [];
  const unit = unitOf(current, methods);
  const meaning = methodOf(current, methods)?.values.meaning ?? "What the colours mean";
  return {
    signed: natureOfView(current, methods).signed,
    colormap: settings.value.colormap,
    scale: session.scale.value,
    unit,
    title: `${meaning}, in ${unit}`,
  };
}
