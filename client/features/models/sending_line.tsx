import { fileSize } from "../../ui/format.ts";
import type { OpeningState } from "./opening_state.ts";

/** Properties of the line. */
export interface SendingLineProps {
  readonly state: Extract<OpeningState, { kind: "sending" | "reading" }>;
  readonly onCancel: () => void;
}

/** How much of a model is sent, and that the server reads it then. */
export function SendingLine({ state, onCancel }: SendingLineProps) {
  return (
    <div class="model-sending" data-testid="model-sending">
      <p role="status">
        {state.kind === "sending"
          ? `Sending ${state.name}: ${fileSize(state.sentBytes)} of ${fileSize(state.totalBytes)}`
          : `The server reads ${state.name}…`}
      </p>
      <progress
        aria-label={`Sending ${state.name}`}
        {...(state.kind === "sending" && { max: Math.max(1, state.totalBytes), value: state.sentBytes })}
      />
      <button type="button" class="button" data-testid="model-stop" onClick={onCancel}>Cancel</button>
    </div>
  );
}
