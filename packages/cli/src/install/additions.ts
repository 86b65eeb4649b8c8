import type { Driver, Framework, Manifest } from "./project.ts";

/** A package that the project gets. */
export interface Addition {
  readonly name: string;
  readonly range: string;
  readonly kind: "dependencies" | "devDependencies";
}

/** What an application needs beside what its project has already. */
export function additionsTo(
  manifest: Manifest,
  { framework, driver, typed, version }: Needs,
): readonly Addition[] {
  const own = ["core", "database", "provisioning", "resolvers", driver, framework];
  const needs: readonly Addition[] = [
    ...own.map((name) => addition(`@af-tenancy/${name}`, `^${version}`)),
    // Parts of MikroORM want each other's very version, and this is the one that was tested.
    ...["core", "sql", ...ormDrivers[driver]].map((name) =>
      addition(`@mikro-orm/${name}`, mikroOrmVersion),
    ),
    addition(framework, frameworkRanges[framework]),
    addition("@af-tenancy/cli", `^${version}`, "devDependencies"),
    ...(typed ? typesOf(framework) : []),
  ];
  const has = { ...manifest.dependencies, ...manifest.devDependencies };
  return needs.filter(({ name }) => !Object.hasOwn(has, name));
}

/** For whom packages are needed. */
interface Needs {
  readonly framework: Framework;
  readonly driver: Driver;
  readonly typed: boolean;
  /** Of all packages of this family. */
  readonly version: string;
}

/** Gives the text of a manifest with packages added, each list in order of names, indented as it was. */
export function withAdditions(text: string, additions: readonly Addition[]): string {
  const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
  for (const { name, range, kind } of additions)
    manifest[kind] = { ...manifest[kind], [name]: range };
  for (const kind of ["dependencies", "devDependencies"]) {
    const list = Object.entries(manifest[kind] ?? {});
    if (list.length > 0)
      manifest[kind] = Object.fromEntries(list.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  const [, indent = "  "] = /^([ \t]+)"/m.exec(text) ?? [];
  return `${JSON.stringify(manifest, null, indent)}\n`;
}

/** What was tested together. */
export const mikroOrmVersion = "7.2.1";

export const frameworkRanges: Readonly<Record<Framework, string>> = Object.freeze({
  express: "^5.2.0",
  koa: "^3.3.0",
  fastify: "^5.12.0",
});

const ormDrivers: Readonly<Record<Driver, readonly string[]>> = Object.freeze({
  sqlite: ["sqlite"],
  postgresql: ["postgresql"],
  mysql: ["mysql", "mariadb"],
});

function typesOf(framework: Framework): readonly Addition[] {
  const types = { express: "^5.0.0", koa: "^3.0.3", fastify: undefined }[framework];
  return [
    addition("@types/node", "^24.0.0", "devDependencies"),
    ...(types === undefined ? [] : [addition(`@types/${framework}`, types, "devDependencies")]),
  ];
}

function addition(name: string, range: string, kind: Addition["kind"] = "dependencies"): Addition {
  return { name, range, kind };
}
