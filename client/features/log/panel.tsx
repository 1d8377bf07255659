/** The panel "Log": what was seen when, if its writing was turned on. */
import type { ReadonlySignal } from "@preact/signals";
import { RotateCw } from "lucide-preact";
import { useEffect, useMemo } from "preact/hooks";
import type { ListedModel, Welcome } from "../../../shared/protocol.ts";
import type { ColormapName } from "../../../shared/colormaps.ts";
import type { Layers } from "../../ui/layers.ts";
import type { Toasts } from "../../ui/toasts.ts";
import type { NameOf } from "../../view/labels.ts";
import { EntryDialog } from "./entry_dialog.tsx";
import { EntryLines } from "./entry_lines.tsx";
import { EntryList, type ListProblem } from "./entry_list.ts";
import { LogSwitch } from "./log_switch.tsx";
import type { Log } from "./model.ts";
import { SearchFields } from "./search_fields.tsx";
import { TrashFold } from "./trash_fold.tsx";

/** What the panel needs. */
export interface LogPanelPorts {
  readonly log: Log;
  readonly toasts: Pick<Toasts, "say" | "dismiss">;
  readonly layers: Layers;
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly nameOf: NameOf;
  /** All models of the server. */
  readonly models: ReadonlySignal<readonly ListedModel[]>;
  readonly settings: ReadonlySignal<{ readonly colormap: ColormapName }>;
  /** Whether the picture is frozen, so that nothing new is seen. */
  readonly frozen: ReadonlySignal<boolean>;
}

/** The panel's content. */
export function Panel(ports: LogPanelPorts) {
  const { log, toasts, layers, welcome, nameOf, settings, frozen } = ports;
  const list = useMemo(() => new EntryList({ log, toasts }), [log]);
  useEffect(() => () => list.dispose(), [list]);
  const { problem } = list.state.value;
  const right = welcome.value?.log;
  const names = { welcome: welcome.value, nameOf };
  const { colormap } = settings.value;
  const models = ports.models.value;
  return (
    <div class="log" data-testid="log">
      <LogSwitch log={log} right={right} said={problem?.words ?? null} />
      {problem !== null
        ? right !== "none" && <Unreadable problem={problem} onRetry={() => list.retry()} />
        : (
          <>
            <SearchFields list={list} />
            <EntryLines
              list={list}
              names={names}
              models={models}
              colormap={colormap}
              firstStep={firstStep(log.writing.value, frozen.value)}
            />
            <TrashFold trash={list.trash.value} removals={list.removals} />
            <EntryDialog {...{ layers, list, names, models, colormap }} />
          </>
        )}
    </div>
  );
}

/** What stands in place of the list where it could not be read; a server without a log says so above. */
function Unreadable(
  { problem: { words, elsewhere }, onRetry }: { readonly problem: ListProblem; readonly onRetry: () => void },
) {
  if (elsewhere) {
    return (
      <p class="muted small" data-testid="log-elsewhere">
        What is written down can be read on the server's own machine alone: open the address there that the
        server printed.
      </p>
    );
  }
  return (
    <>
      <p role="alert" data-testid="log-problem">{words}</p>
      <button type="button" class="button log-retry" data-testid="log-retry" onClick={onRetry}>
        <RotateCw aria-hidden="true" /> Try again
      </button>
    </>
  );
}

/** What has to be done so that something is written down. */
function firstStep(writing: boolean, frozen: boolean): string {
  if (!writing) return "Turn it on, and point the camera at something.";
  return frozen
    ? "The picture is frozen: resume it, and point the camera at something."
    : "Point the camera at something, and hold it there for a moment.";
}
