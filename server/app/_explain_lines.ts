/** An explanation that says how far it is: lines with the share that is done, then the document. */
import { ndjsonLine } from "../../shared/ndjson.ts";
import type { AnswerJob } from "./_answer.ts";
import { answerInWorker } from "./_answer_worker_link.ts";
import { refusalLine } from "./_ndjson.ts";
import type { Guest } from "./guest.ts";

/** The lines of one picture. */
export async function* explainLines(
  sent: Omit<AnswerJob, "notes">,
  guest: Guest,
): AsyncGenerator<string, void, undefined> {
  let share = 0;
  let wake = () => {};
  let ended = false;
  try {
    const answer = guest.with(
      sent.picture,
      ({ bytes, notes }) =>
        answerInWorker({ ...sent, picture: bytes, notes }, {
          engine: guest,
          signal: guest.signal,
          onProgress(done) {
            share = done;
            wake();
          },
        }),
    ).finally(() => {
      ended = true;
      wake();
    });
    // Awaited below; a client that leaves meanwhile ends the generator before.
    answer.catch(() => {});
    let reported = -1;
    while (!ended) {
      // Shares that come while a line waits to be read are reported once.
      if (share > reported) {
        reported = share;
        yield ndjsonLine({ progress: share });
      } else await new Promise<void>((resolve) => wake = resolve);
    }
    yield new TextDecoder().decode((await answer).body);
  } catch (error) {
    yield ndjsonLine(refusalLine(error, { logger: guest.logger, action: "explain the picture" }));
  }
}
