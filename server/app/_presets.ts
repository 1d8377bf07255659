/** What a model says of the sample photos under each normalisation, so that people see which one it was trained with. */
import { GradcastError } from "../../shared/errors.ts";
import { NORMALISATION_NAMES, type NormalisationName, type PresetRow } from "../../shared/model_wire.ts";
import { decodePicture, fitInput, normalise, type Picture, PRESETS } from "../engine/mod.ts";
import type { LoadedModel, Probe } from "../engine/port.ts";
import { topPredictions } from "../methods/mod.ts";
import { encodePng } from "../report/mod.ts";
import type { Guest } from "./guest.ts";

/** A photo with its name. */
export interface SamplePhoto {
  readonly name: string;
  readonly picture: Picture;
}

/** Reads the photos of a folder, by their names. */
export async function readSamples(folder: URL): Promise<readonly SamplePhoto[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const photos = names.filter((name) => name.endsWith(".jpg")).toSorted();
  return await Promise.all(
    photos.map(async (name) => ({
      name: name.slice(0, -".jpg".length),
      picture: await decodePicture(await Deno.readFile(new URL(name, folder))),
    })),
  );
}

/** Classifies every photo under every normalisation, one row at a time, as a guest. */
export async function tryPresets(
  guest: Guest,
  photos: readonly SamplePhoto[],
): Promise<readonly PresetRow[]> {
  const { model } = guest;
  const fitted = photos.map(({ name, picture }) => ({
    name,
    picture: fitInput(picture, model.width, model.height),
  }));
  await guest.admit(
    "png",
    encodePng({ ...sizeOf(model), rgb: new Uint8Array(3 * model.width * model.height) }),
  );
  const rows: PresetRow[] = [];
  for (const normalisation of NORMALISATION_NAMES) {
    const tops: PresetRow["tops"] = [];
    for (const { name, picture } of fitted) {
      tops.push({ sample: name, ...await topOf(guest, picture, normalisation) });
    }
    const confidence = tops.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, tops.length);
    rows.push({ normalisation, tops, confidence });
  }
  return rows;
}

async function topOf(guest: Guest, picture: Picture, name: NormalisationName) {
  const probe: Probe = {
    frame: guest.frame,
    variation: { kind: "input", values: normalise(picture, PRESETS[name]) },
    want: { kind: "logits" },
  };
  const { rows: [row] } = await guest.run([probe]);
  if (row === undefined || !row.ok) {
    throw new GradcastError(
      "engine-failed",
      row?.reason ?? "Cannot classify the photo: the engine gave no row",
    );
  }
  const [top] = topPredictions(row.logits, guest.model);
  return { index: top?.index ?? 0, label: top?.label ?? "", probability: top?.probability ?? 0 };
}

function sizeOf({ width, height }: LoadedModel) {
  return { width, height };
}
