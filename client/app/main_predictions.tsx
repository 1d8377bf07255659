import { connectionWord } from "../live/connection.ts";
import { ClassLock } from "../stage/class_lock.tsx";
import { Predictions } from "../stage/predictions.tsx";
import type { Page } from "./page.ts";

/** What the network says, with the field that finds other classes. */
export function MainPredictions({ page }: { readonly page: Page }) {
  const { live, map, names, view } = page;
  const { kind } = map.status.value;
  const welcome = live.welcome.value;
  // While there is no connection, what is listed belongs to a picture that is gone.
  const unanswered = kind === "waiting" && connectionWord(live.link.state.value) !== "live";
  return (
    <Predictions
      board={live.board.state.value}
      stale={kind === "stale" || unanswered}
      target={view}
      nameOf={names.nameOf}
      model={welcome?.model ?? null}
    >
      <ClassLock classes={names} target={view} sharedNames={welcome?.sharedNames ?? []} />
    </Predictions>
  );
}
