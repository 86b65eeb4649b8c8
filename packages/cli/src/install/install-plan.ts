import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Addition, additionsTo } from "./additions.ts";
import { configFile, entityFile } from "./config-file.ts";
import type { Driver, Framework, Project } from "./project.ts";
import { serverFile } from "./server-file.ts";

/** What will be written and added. */
export interface InstallPlan {
  /** Texts of files by their names. */
  readonly files: Readonly<Record<string, string>>;
  readonly additions: readonly Addition[];
  /** The name of the server, where the project has none and gets one. */
  readonly server: string | undefined;
}

/** Plans an installation; nothing is touched. */
export function planInstall(
  project: Project,
  chosen: { readonly framework: Framework; readonly driver: Driver; readonly version: string },
): InstallPlan {
  const { extension, hasServer, manifest } = project;
  const { framework, driver } = chosen;
  const server = hasServer ? undefined : `server.${extension}`;
  return {
    server,
    files: {
      [`note.${extension}`]: entityFile(driver),
      [`tenancy.config.${extension}`]: configFile(driver, extension),
      ...(server && { [server]: serverFile(framework, extension) }),
    },
    additions: additionsTo(manifest, { ...chosen, typed: extension.endsWith("ts") }),
  };
}

/** The file that is in the way: one of the plan's, or a configuration under any of its names. */
export function inTheWay(folder: string, { files }: InstallPlan): string | undefined {
  const config = readdirSync(folder).find((name) => /^tenancy\.config\.[cm]?[jt]s$/.test(name));
  return config ?? Object.keys(files).find((name) => existsSync(join(folder, name)));
}
