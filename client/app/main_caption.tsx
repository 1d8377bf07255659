import { MeterBadge } from "../features/why/mod.ts";
import { Caption, EnlargedCaption } from "../stage/caption.tsx";
import type { LegendFacts } from "../stage/legend.tsx";
import { statusWords } from "../map/map_status.ts";
import { methodOf, natureOfView, unitOf } from "../view/view_state.ts";
import type { Page } from "./page.ts";

/** Under the stage: what the colours mean in numbers, and how the map stands. */
export function MainCaption({ page }: { readonly page: Page }) {
  const { live, view, map, stage } = page;
  const enlarged = stage.enlarged.value;
  if (enlarged !== null) {
    const close = () => stage.enlarged.value = null;
    return <EnlargedCaption enlarged={enlarged} colormap={page.settings.value.colormap} onClose={close} />;
  }
  const status = map.status.value;
  const { target } = live.board.state.value;
  const blind = page.blindView.value === view.state.value.current.revision;
  const label = target === null ? "the class" : page.names.nameOf(target.index, target.label);
  return (
    <Caption
      legend={map.inColours.value ? null : legendOf(page)}
      status={status}
      words={statusWords(status, label, page.made.value)}
      dimmed={stage.mapDimmed.value}
      meter={stage.network.value || blind ? null : <MeterBadge meter={page.why.meter.value} />}
      blind={blind}
    />
  );
}

function legendOf({ live, view, map, settings }: Page): LegendFacts {
  const { current } = view.state.value;
  const methods = live.welcome.value?.methods ?? [];
  const unit = unitOf(current, methods);
  const meaning = methodOf(current, methods)?.values.meaning ?? "What the colours mean";
  return {
    signed: natureOfView(current, methods).signed,
    colormap: settings.value.colormap,
    scale: map.scale.value,
    unit,
    title: `${meaning}, in ${unit}`,
  };
}
