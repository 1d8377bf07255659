/** The report of a run on its way to the disk. */
import type { LoadedModel } from "../engine/port.ts";
import type { Plan } from "../explain/mod.ts";
import { ComparedReport, type Explained, Report } from "../report/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { writing } from "./_writing.ts";
import type { GrowingFile } from "./_write_whole.ts";

/** What explaining pictures by one model tells the report. */
export interface ReportPart {
  add(place: number, explained: Explained): Promise<void>;
  addFailure(place: number, image: string, reason: string): Promise<void>;
}

/** A report; disposing of one that was not finished removes it. */
export interface ReportFile extends AsyncDisposable {
  /** Begins with the pictures by the next model. */
  begin(model: LoadedModel, plan: Plan): Promise<ReportPart>;
  /** Writes the end and gives the file its name, which is returned. */
  finish(): Promise<string>;
}

/**
 * The report that a command asks for, or null; its file is opened when the first model begins.
 *
 * @param several whether more than one model explains: they stand side by side then
 */
export function reportFile(
  { images, files: { report: name } }: ExplainCommand,
  several: boolean,
  io: Io,
): ReportFile | null {
  if (name === undefined) return null;
  const file = new NamedFile(name, io);
  return several ? new ComparedReportFile(file, images) : new GrowingReportFile(file, images);
}

/** A file that is written in parts; what cannot be written is an error of its name. */
class NamedFile {
  readonly name: string;
  readonly #io: Io;
  #file: GrowingFile | null = null;

  constructor(name: string, io: Io) {
    this.name = name;
    this.#io = io;
  }

  /** Opens it, once. */
  async open(): Promise<GrowingFile> {
    return this.#file ??= await writing(this.name, () => this.#io.openFile(this.name));
  }

  async write(text: string): Promise<void> {
    const file = await this.open();
    await writing(this.name, () => file.write(new TextEncoder().encode(`${text}\n`)));
  }

  async close(): Promise<void> {
    await writing(this.name, async () => await this.#file?.close());
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }
}

/** A report of one model that grows picture by picture. */
class GrowingReportFile implements ReportFile {
  readonly #file: NamedFile;
  readonly #images: readonly string[];
  #end = () => "";

  constructor(file: NamedFile, images: readonly string[]) {
    this.#file = file;
    this.#images = images;
  }

  async begin(model: LoadedModel, plan: Plan): Promise<ReportPart> {
    const maps = plan.maps.map(({ request: { method }, classText }) => ({ method: method.name, classText }));
    const report = new Report({
      images: this.#images,
      model,
      maps,
      leftOut: plan.leftOut,
      notes: plan.notes,
    });
    this.#end = () => report.end(model.about);
    await this.#file.write(report.begin());
    return {
      add: (_place, explained) => this.#file.write(report.add(explained)),
      addFailure: (_place, image, reason) => this.#file.write(report.addFailure(image, reason)),
    };
  }

  async finish(): Promise<string> {
    await this.#file.write(this.#end());
    await this.#file.close();
    return this.#file.name;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.discard();
  }
}

/** A report of several models, which is written when the last of them has explained. */
class ComparedReportFile implements ReportFile {
  readonly #file: NamedFile;
  readonly #report: ComparedReport;

  constructor(file: NamedFile, images: readonly string[]) {
    this.#file = file;
    this.#report = new ComparedReport(images);
  }

  async begin(model: LoadedModel, { leftOut, notes }: Plan): Promise<ReportPart> {
    await this.#file.open();
    this.#report.begin({ model, leftOut, notes }, model.about);
    return {
      add: (place, explained) => Promise.resolve(this.#report.add(place, explained)),
      addFailure: (place, _image, reason) => Promise.resolve(this.#report.addFailure(place, reason)),
    };
  }

  async finish(): Promise<string> {
    for (const part of this.#report.page()) await this.#file.write(part);
    await this.#file.close();
    return this.#file.name;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.discard();
  }
}
