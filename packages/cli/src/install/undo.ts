import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Remembers how a project was, and takes back what was done to it. */
export class Undo {
  readonly #folder: string;
  readonly #before = new Map<string, Buffer | undefined>();
  readonly #hadModules: boolean;

  constructor(folder: string) {
    this.#folder = folder;
    this.#hadModules = existsSync(join(folder, "node_modules"));
    const root = lockedFolder(folder);
    this.#remember(join(folder, "package.json"));
    for (const name of installed) this.#remember(join(root, name));
  }

  /** Writes a file that is not there yet. */
  write(path: string, text: string): void {
    this.#remember(path);
    writeFileSync(path, text, { flag: "wx" });
  }

  /** Changes a file. */
  replace(path: string, text: string): void {
    this.#remember(path);
    writeFileSync(path, text);
  }

  /** Puts all files back, as often as it is called; tells whether there were packages before, which it leaves alone. */
  takeBack(): boolean {
    for (const [path, content] of this.#before) {
      if (content === undefined) rmSync(path, { force: true });
      else writeFileSync(path, content);
    }
    if (!this.#hadModules) {
      rmSync(join(this.#folder, "node_modules"), { recursive: true, force: true });
    }
    return this.#hadModules;
  }

  #remember(path: string): void {
    if (this.#before.has(path)) return;
    this.#before.set(path, existsSync(path) ? readFileSync(path) : undefined);
  }
}

/** What package managers write beside a manifest. */
const installed = Object.freeze(["package-lock.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]);

/** The folder of the lockfile that counts: in a workspace it is above. */
function lockedFolder(folder: string): string {
  if (["package-lock.json", "pnpm-lock.yaml"].some((name) => existsSync(join(folder, name)))) {
    return folder;
  }
  const above = dirname(folder);
  if (above === folder) return folder;
  const found = lockedFolder(above);
  return existsSync(join(found, "package-lock.json")) || existsSync(join(found, "pnpm-lock.yaml"))
    ? found
    : folder;
}
