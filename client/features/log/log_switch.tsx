import type { Page } from "../../app/page.ts";

/** Properties of the switch. */
interface LogSwitchProps {
  readonly page: Page;
  /** Why the list below cannot be read, or null: it is not said twice. */
  readonly said: string | null;
}

/** What turns the log on and off, or why this page cannot. */
export function LogSwitch({ page, said }: LogSwitchProps) {
  const right = page.session.welcome.value?.log;
  switch (right) {
    case undefined:
      return null;
    case "allowed":
      return <Switch page={page} said={said} />;
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

function Switch({ page, said }: LogSwitchProps) {
  const on = page.session.logging.value;
  const problem = page.session.logProblem.value;
  return (
    <>
      <label class="check log-switch">
        <input
          type="checkbox"
          role="switch"
          data-testid="log-switch"
          checked={on}
          onChange={(event) => page.session.setLogging(event.currentTarget.checked)}
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
