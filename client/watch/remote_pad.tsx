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
import type { MethodInfo } from "../../shared/protocol.ts";
import { MethodSelect } from "../methods/method_select.tsx";
import type { RemoteAction, RemoteCommand, StageState } from "../../shared/remote.ts";

/** Properties of the pad. */
export interface RemotePadProps {
  /** How the presenter's stage looks; null before it is known. */
  readonly stage: StageState | null;
  readonly methods: readonly MethodInfo[];
  /** The method's id; empty before it is known. */
  readonly method: string;
  /** Whether the presenter's page is there. */
  readonly live: boolean;
  readonly onCommand: (command: RemoteCommand) => void;
}

/** What a presenter's phone can do. */
export function RemotePad({ stage, methods, method, live, onCommand }: RemotePadProps) {
  return (
    <section class="remote" aria-label="Remote">
      <label class="remote-method">
        Method
        <span class="select">
          <MethodSelect
            methods={methods}
            value={method}
            testid="remote-method"
            disabled={!live}
            onChange={(chosen) => onCommand({ kind: "method", method: chosen })}
          />
        </span>
      </label>
      <div class="remote-pad">
        {padButtons(stage).map(({ action, words, icon: Icon, pressed }) => (
          <button
            type="button"
            key={action}
            class="button"
            aria-pressed={pressed}
            disabled={!live}
            data-testid={`remote-${action}`}
            onClick={() => onCommand({ kind: "action", action })}
          >
            <Icon aria-hidden="true" />
            <span>{words}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** A button of the remote. */
interface PadButton {
  readonly action: RemoteAction;
  readonly words: string;
  readonly icon: LucideIcon;
  readonly pressed?: boolean;
}

/** What the buttons do as the stage looks now. */
function padButtons(stage: StageState | null): readonly PadButton[] {
  const [frozen, hidden, recording] = [
    stage?.frozen === true,
    stage?.mapHidden === true,
    stage?.recording === true,
  ];
  return [
    { action: "freeze", words: frozen ? "Resume" : "Freeze", icon: frozen ? Play : Pause, pressed: frozen },
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
    { action: "unlock", words: "Unlock", icon: Unlock },
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
}
