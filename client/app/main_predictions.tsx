import { connectionWord } from "../live/connection.ts";
import { ClassLock } from "../stage/class_lock.tsx";
import { Predictions } from "../stage/predictions.tsx";
import type { Page } from "./page.ts";

/** What the network says, with the field that finds other classes. */
export function MainPredictions({ page }: { readonly page: Page }) {
  const { session, classes, target } = page;
  const { kind } = session.status.value;
  const welcome = session.welcome.value;
  // While there is no connection, what is listed belongs to a picture that is gone.
  const unanswered = kind === "waiting" && connectionWord(session.link.state.value) !== "live";
  return (
    <Predictions
      board={session.board.state.value}
      stale={kind === "stale" || unanswered}
      target={target}
      nameOf={classes.nameOf}
      model={welcome?.model ?? null}
    >
      <ClassLock classes={classes} target={target} sharedNames={welcome?.sharedNames ?? []} />
    </Predictions>
  );
}
