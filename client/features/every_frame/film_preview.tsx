import { useEffect, useMemo } from "preact/hooks";
import { shortLabel } from "../../../shared/labels.ts";
import { percent, playTime } from "../../ui/format.ts";
import type { FinishedFilm } from "./finish.ts";

/** Spans of classes that are listed. */
const LISTED = 12;

/** The film, and its classes by time. */
export function FilmPreview({ film: { media, contents } }: { readonly film: FinishedFilm }) {
  const url = useMemo(() => URL.createObjectURL(media), [media]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const spans = contents.spans.slice(0, LISTED);
  return (
    <>
      <video class="every-frame-video" src={url} controls playsInline aria-label="The film" />
      {spans.length > 0 && (
        <table class="every-frame-spans">
          <caption class="small muted">Classes by time</caption>
          <tbody>
            {spans.map(({ fromS, toS, label, mean }) => (
              <tr key={fromS}>
                <td class="number">{playTime(fromS * 1_000)}–{playTime(toS * 1_000)}</td>
                <td>{shortLabel(label)}</td>
                <td class="number">{percent(mean)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {contents.spans.length > LISTED && (
        <span class="small muted">and {contents.spans.length - LISTED} more, in the numbers</span>
      )}
    </>
  );
}
