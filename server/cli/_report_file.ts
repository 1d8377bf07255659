/** The report of a run on its way to the disk. */
import type { Engine } from "../engine/port.ts";
import type { Plan } from "../explain/mod.ts";
import { type Explained, readModelFacts, Report } from "../report/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { modelFolder } from "./_model.ts";
import { writing } from "./_outputs.ts";
import type { GrowingFile } from "./_write_whole.ts";

/** A report that grows picture by picture; disposing of one that was not finished removes it. */
export class ReportFile {
  readonly #name: string;
  readonly #file: GrowingFile;
  readonly #report: Report;

  private constructor(name: string, file: GrowingFile, report: Report) {
    this.#name = name;
    this.#file = file;
    this.#report = report;
  }

  /**
   * Opens the report that a command asks for, or gives null.
   *
   * @throws UsageError where it cannot be written
   */
  static async open(
    { images, files: { report: name } }: ExplainCommand,
    plan: Plan,
    model: Engine["model"],
    io: Io,
  ): Promise<ReportFile | null> {
    if (name === undefined) return null;
    const maps = plan.maps.map(({ request: { method }, classText }) => ({ method: method.name, classText }));
    const report = new Report({ images, model, maps, leftOut: plan.leftOut, notes: plan.notes });
    const opened = new ReportFile(name, await writing(name, () => io.openFile(name)), report);
    await opened.#write(report.begin());
    return opened;
  }

  async add(explained: Explained): Promise<void> {
    await this.#write(this.#report.add(explained));
  }

  async addFailure(image: string, reason: string): Promise<void> {
    await this.#write(this.#report.addFailure(image, reason));
  }

  /** Writes the end and gives the file its name, which is returned. */
  async finish({ engine }: Pick<ExplainCommand, "engine">, io: Io): Promise<string> {
    await this.#write(this.#report.end(await readModelFacts(modelFolder(engine), io.readFile)));
    await writing(this.#name, () => this.#file.close());
    return this.#name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.discard();
  }

  #write(text: string): Promise<void> {
    return writing(this.#name, () => this.#file.write(new TextEncoder().encode(`${text}\n`)));
  }
}
