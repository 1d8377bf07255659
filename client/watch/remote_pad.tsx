import {
  Camera,
  CircleDot,
  Eye,
  EyeOff,
  Flag,
  type LucideIcon,
  Minus,
  Palette,
  Pause,
  Play,
  Plus,
  Presentation,
  Square,
  Unlock,
} from "lucide-preact";
import type { RemoteAction } from "../../shared/remote.ts";
import type { WatchModel } from "./watch_model.ts";

/** A button of the remote. */
interface PadButton {
  readonly action: RemoteAction;
  readonly words: string;
  readonly icon: LucideIcon;
  readonly pressed?: boolean;
}

/** What a presenter's phone can do. */
export function RemotePad({ model }: { readonly model: WatchModel }) {
  const stage = model.stage.value;
  const methods = model.welcome.value?.methods ?? [];
  const live = model.link.state.value.phase === "live" && !model.link.state.value.away;
  const [frozen, hidden, recording] = [
    stage?.frozen === true,
    stage?.mapHidden === true,
    stage?.recording === true,
  ];
  const buttons: readonly PadButton[] = [
    { action: "freeze", words: frozen ? "Go on" : "Freeze", icon: frozen ? Play : Pause, pressed: frozen },
    {
      action: "hide-map",
      words: hidden ? "Show map" : "Hide map",
      icon: hidden ? Eye : EyeOff,
      pressed: hidden,
    },
    { action: "present", words: "Present", icon: Presentation, pressed: stage?.presenting === true },
    { action: "opacity-down", words: "Less map", icon: Minus },
    { action: "opacity-up", words: "More map", icon: Plus },
    { action: "next-colormap", words: "Colours", icon: Palette },
    { action: "unlock", words: "Free class", icon: Unlock },
    {
      action: "record",
      words: recording ? "Stop" : "Record",
      icon: recording ? Square : CircleDot,
      pressed: recording,
    },
    recording
      ? { action: "record-mark", words: "Marker", icon: Flag }
      : { action: "snapshot", words: "Snapshot", icon: Camera },
  ];
  return (
    <section class="remote" aria-label="Remote">
      <label class="remote-method">
        Method
        <span class="select">
          <select
            value={model.view.value?.method ?? ""}
            disabled={!live}
            data-testid="remote-method"
            onChange={(event) => model.command({ kind: "method", method: event.currentTarget.value })}
          >
            {methods.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </span>
      </label>
      <div class="remote-pad">
        {buttons.map(({ action, words, icon: Icon, pressed }) => (
          <button
            type="button"
            key={action}
            class="button"
            aria-pressed={pressed}
            disabled={!live}
            data-testid={`remote-${action}`}
            onClick={() => model.command({ kind: "action", action })}
          >
            <Icon aria-hidden="true" />
            <span>{words}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
