import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is known of the project that is installed into. */
export interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The manifest as it is written. */
  readonly text: string;
  /** What its own modules are called after the dot. */
  readonly extension: "ts" | "js" | "mts" | "mjs";
  readonly framework: Framework | undefined;
  readonly driver: Driver | undefined;
  readonly packageManager: PackageManager | undefined;
  /** Something that serves is there already, by its looks. */
  readonly hasServer: boolean;
}

/** What of a package.json is of interest. */
export interface Manifest {
  readonly type?: string;
  readonly main?: string;
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export const frameworks = Object.freeze(["express", "koa", "fastify"] as const);
export const drivers = Object.freeze(["sqlite", "postgresql", "mysql"] as const);
export const packageManagers = Object.freeze(["npm", "pnpm"] as const);
export const languages = Object.freeze(["ts", "js"] as const);
export type Framework = (typeof frameworks)[number];
export type Driver = (typeof drivers)[number];
export type PackageManager = (typeof packageManagers)[number];
export type Language = (typeof languages)[number];

/** Reads a project; `undefined` where there is no manifest that can be read. */
export function readProject(folder: string, wanted: Language | undefined): Project | undefined {
  const text = readText(join(folder, "package.json"));
  const manifest = text === undefined ? undefined : manifestOf(text);
  if (text === undefined || manifest === undefined) return undefined;
  const needs = { ...manifest.dependencies, ...manifest.devDependencies };
  const has = (name: string) => Object.hasOwn(needs, name);
  const language = wanted ?? languageOf(folder, needs);
  // The packages are modules: in a project of CommonJS so are these files, by their names.
  const extension = manifest.type === "module" ? language : (`m${language}` as const);
  return {
    ...{ folder, manifest, text, extension },
    framework: frameworks.find(has),
    driver: drivers.find((driver) => marksOf[driver].some(has)),
    packageManager: packageManagerOf(folder, manifest),
    hasServer: hasServer(folder, manifest),
  };
}

const marksOf: Readonly<Record<Driver, readonly string[]>> = Object.freeze({
  postgresql: ["@mikro-orm/postgresql", "pg"],
  mysql: ["@mikro-orm/mysql", "@mikro-orm/mariadb", "mysql2"],
  sqlite: ["@mikro-orm/sqlite", "better-sqlite3"],
});

/** TypeScript where it is used, and where nothing is there yet: Node runs it as it is. */
function languageOf(folder: string, needs: Readonly<Record<string, string>>): Language {
  if (Object.hasOwn(needs, "typescript") || existsSync(join(folder, "tsconfig.json"))) return "ts";
  return readdirSync(folder).some((name) => /\.[cm]?js$/.test(name)) ? "js" : "ts";
}

/** Who made the nearest lockfile, or is named; `undefined` where it is none that this command can drive. */
function packageManagerOf(folder: string, manifest: Manifest): PackageManager | undefined {
  const [named] = manifest.packageManager?.split("@") ?? [];
  if (named !== undefined) return packageManagers.find((one) => one === named);
  for (const [file, manager] of lockfiles) {
    if (existsSync(join(folder, file))) return manager;
  }
  const above = dirname(folder);
  return above === folder ? "npm" : packageManagerOf(above, {});
}

const lockfiles = Object.freeze([
  ["pnpm-lock.yaml", "pnpm"],
  ["package-lock.json", "npm"],
  ["yarn.lock", undefined],
  ["bun.lock", undefined],
  ["bun.lockb", undefined],
] as const);

function hasServer(folder: string, { scripts, main }: Manifest): boolean {
  if (scripts?.start !== undefined || scripts?.dev !== undefined) return true;
  if (main !== undefined && existsSync(join(folder, main))) return true;
  return readdirSync(folder).some(
    (name) => name === "src" || /^(app|server|index|main)\.[cm]?[jt]s$/.test(name),
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function manifestOf(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value : undefined;
  } catch {
    return undefined;
  }
}
