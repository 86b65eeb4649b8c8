import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { writeNewFile } from "../files/write-new-file.ts";
import { type Project, readProject } from "../install/project.ts";
import type { FileOutput } from "../outputs/migration-output.ts";
import { type ModuleShape, moduleText } from "./module-text.ts";
import { type Names, namesOf } from "./names.ts";

/** What is to be made. */
export interface Making {
  readonly kind: "middleware" | "bootstrapper" | "resolver" | "seeder";
  readonly name: string;
  readonly folder: string | undefined;
  shape(names: Names, project: Project): ModuleShape | Promise<ModuleShape>;
}

/** Writes a module into the application, in the language and with the kind of modules that its project has. */
export async function makeModule(
  session: Session,
  { kind, name, folder: given = ".", shape }: Making,
): Promise<Outcome> {
  const { settings, terminal, catalogue, refuse } = session;
  const { makes: texts, words } = catalogue;
  const names = namesOf(name) ?? refuse(texts.badName(name));
  const folder = resolve(terminal.folder, given);
  const project = projectAbove(folder) ?? refuse(texts.noProject(folder));
  const { extension } = project;
  const path = join(folder, `${name}-${kind}.${extension}`);
  if (existsSync(path)) refuse(texts.there(path));
  const text = moduleText(await shape(names, project), extension.endsWith("ts"));
  const value: FileOutput = { dryRun: settings.dryRun, path, text };
  if (!settings.dryRun) await writeNewFile(path, text, catalogue);
  return {
    value,
    quiet: [path],
    show(print) {
      if (!settings.dryRun) return print.line(texts.done(path), "green");
      print.line(path);
      print.line(text);
      print.line(words.nothingChanged, "yellow");
    },
  };
}

/** The project that a folder belongs to, which may not be there yet. */
function projectAbove(folder: string): Project | undefined {
  if (existsSync(join(folder, "package.json"))) return readProject(folder, undefined);
  const above = dirname(folder);
  return above === folder ? undefined : projectAbove(above);
}
