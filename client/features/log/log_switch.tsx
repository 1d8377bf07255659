import type { Welcome } from "../../../shared/protocol.ts";
import type { Log } from "./model.ts";

/** Properties of the switch. */
export interface LogSwitchProps {
  readonly log: Log;
  /** Whether this page may write; undefined before the server has said so. */
  readonly right: Welcome["log"] | undefined;
  /** Why the list below cannot be read, or null: it is not said twice. */
  readonly said: string | null;
}

/** What turns the log on and off, or why this page cannot. */
export function LogSwitch({ log, right, said }: LogSwitchProps) {
  switch (right) {
    case undefined:
      return null;
    case "allowed":
      return <Switch log={log} said={said} />;
    case "own-machine":
      return (
        <p class="muted small" data-testid="log-not-here">
          Only pages on the server's own machine may write into its log. Whoever runs the server can let this
          page do so too: it is started with <code>--log-who all</code> then.
        </p>
      );
    case "none":
      return (
        <p class="muted small" data-testid="log-none">
          This server keeps no log. Whoever runs it can have one: it is started without{" "}
          <code>--log-days 0</code> then.
        </p>
      );
    default: {
      const never: never = right;
      return never;
    }
  }
}

function Switch({ log, said }: Omit<LogSwitchProps, "right">) {
  const on = log.writing.value;
  const problem = log.problem.value;
  return (
    <>
      <label class="check log-switch">
        <input
          type="checkbox"
          role="switch"
          data-testid="log-switch"
          checked={on}
          onChange={(event) => log.setWriting(event.currentTarget.checked)}
        />
        Write down what is seen
      </label>
      {problem !== null && problem !== said && <p role="alert" data-testid="log-failed">{problem}</p>}
      <p class="muted small">
        {on
          ? "Each thing that stays in view for a moment is kept on the server: its name, when, and one picture with its map."
          : "Off: nothing is kept. Turned on, the server keeps a picture of each thing that stays in view for a moment. It is off again when the page is left."}
      </p>
    </>
  );
}
