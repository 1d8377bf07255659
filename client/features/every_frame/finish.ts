/** Joins what was kept of a film, with its sound, its chapters and its sidecar. */
import { type Sidecar, SIDECAR_VERSION } from "../../../shared/sidecar.ts";
import { centreCrop } from "../../../shared/resample.ts";
import { chaptersOf } from "../../../shared/video_chapters.ts";
import { endsEarly } from "../../../shared/video_limits.ts";
import { type VideoContents, VideoSpans } from "../../../shared/video_spans.ts";
import { withChapters } from "../../film/chapters.ts";
import { joinFilm, type SoundOutcome } from "../../film/joined_film.ts";
import type { PacketEncoding, PacketRow } from "../../film/picture_packets.ts";
import { SidecarWriter } from "../../film/sidecar_writer.ts";
import type { Job } from "./job.ts";
import { filmSides } from "./painter.ts";
import type { JobStore } from "./store.ts";
import type { OpenVideo } from "./video_file.ts";

/** A film that is whole. */
export interface FinishedFilm {
  readonly media: Blob;
  readonly sidecar: Blob;
  readonly frames: number;
  /** Whether the video ends earlier than it says: it is damaged, or was cut off. */
  readonly endsEarly: boolean;
  readonly sound: SoundOutcome;
  readonly contents: VideoContents;
  /** Removes the files that it lies in. */
  readonly remove: () => Promise<void>;
}

/**
 * Finishes a film.
 *
 * @param onShare called with the share that is written, 0…1
 * @throws Error where it cannot be written
 */
export async function finishFilm(
  { store, video, encoding }: {
    readonly store: JobStore;
    readonly video: OpenVideo;
    readonly encoding: PacketEncoding;
  },
  onShare: (share: number) => void,
): Promise<FinishedFilm> {
  const { job } = store;
  const spans = new VideoSpans();
  const entries = new SidecarWriter();
  const labels = new Map<number, string>();
  let last: PacketRow["packets"][number] | null = null;
  async function* rows(): AsyncGenerator<PacketRow> {
    const count = await store.count();
    for (let place = 0; place < count; place++) {
      const chunk = await store.read(place);
      for (const [index, label] of chunk.labels) labels.set(index, label);
      for (const entry of chunk.entries) {
        entries.add(entry);
        const [[index, probability] = [0, 0]] = entry.predictions;
        spans.take(
          { index, label: labels.get(index) ?? "", logit: 0, probability },
          entry.unsure === true,
          entry.t,
        );
      }
      last = chunk.row.packets.at(-1) ?? last;
      yield chunk.row;
    }
  }
  const { endS: durationS, sound } = video;
  const joined = await joinFilm({
    video: encoding.video,
    rows: rows(),
    sound,
    durationS,
    onShare,
    onFull: () => {},
  });
  const endS = endOf(last, durationS);
  const contents = spans.contents(endS);
  const chapters = job.choices.chapters ? chaptersOf(contents, durationS) : [];
  const { pictures: frames, sound: outcome, remove } = joined;
  const head = sidecarHead(job, video);
  const sidecar = await entries.finish({
    ...head,
    durationS,
    labels: Object.fromEntries(labels),
    sharedNames: job.sharedNames.filter((index) => labels.has(index)),
    markers: chapters.map(({ fromS, words }) => ({ t: fromS, name: words.slice(0, 200) })),
  });
  return {
    media: await withChapters(joined.media, chapters),
    sidecar: new Blob([sidecar], { type: "application/json" }),
    ...{ frames, sound: outcome, contents, remove },
    endsEarly: endsEarly(endS, durationS),
  };
}

function endOf(last: PacketRow["packets"][number] | null, durationS: number): number {
  return last === null ? durationS : last.seconds + last.durationS;
}

function sidecarHead(
  job: Job,
  video: OpenVideo,
): Omit<Sidecar, "frames" | "durationS" | "labels" | "sharedNames" | "markers"> {
  const { view, methodName: name, signed, network, unit, aspect } = job;
  const { method, target, layer, options, cover } = view;
  const picture = job.choices.portrait ? centreCrop(video, job.input) : video;
  return {
    gradcast: SIDECAR_VERSION,
    created: job.created,
    model: job.model ?? { id: "unknown", name: job.modelName },
    ...filmSides(video, job),
    drawn: true,
    views: [{
      ...{ method, name, target, layer: layer ?? null, options, signed, network, unit, mirrored: false },
      ...(cover === undefined ? {} : { cover }),
      picture: [picture.width, picture.height],
      ...(aspect !== 1 && { aspect }),
    }],
  };
}
