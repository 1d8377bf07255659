/** The timeline below the picture: a strip that opens. */
import { ChevronDown, ChevronUp, X } from "lucide-preact";
import { useLayer } from "../../ui/use_layer.ts";
import { BandTable } from "./band_table.tsx";
import { ExportMenu } from "./export_menu.tsx";
import { Legend } from "./legend.tsx";
import type { StripProps } from "./parts.ts";
import { Plot } from "./plot.tsx";

/** The strip, or what it opens to. */
export function Strip({ model, ports, layers }: StripProps) {
  useLayer(layers, {
    isOpen: () => model.isBack.value || model.chosen.value !== null,
    close: () => model.escape(),
    escape: "page",
    back: false,
  });
  const open = ports.size() === "open";
  return (
    <>
      <Plot model={model} kind={open ? "open" : "compact"} />
      <button
        type="button"
        class="icon-button timeline-toggle"
        aria-expanded={open}
        aria-label="Large timeline"
        title={open ? "Make the timeline small" : "Open the timeline: names, pictures, exports"}
        data-testid="timeline-toggle"
        onClick={() => ports.resize(open ? "compact" : "open")}
      >
        {open ? <ChevronDown aria-hidden="true" /> : <ChevronUp aria-hidden="true" />}
      </button>
      {open && (
        <div class="timeline-bar">
          <Legend model={model} />
          <ExportMenu model={model} ports={ports} layers={layers} />
          <button
            type="button"
            class="icon-button"
            aria-label="Close the timeline"
            title="Close the timeline: nothing is remembered while it is closed"
            data-testid="timeline-close"
            onClick={() => ports.resize("closed")}
          >
            <X aria-hidden="true" />
          </button>
        </div>
      )}
      <BandTable model={model} />
    </>
  );
}
