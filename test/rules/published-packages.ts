import { type Manifest, type PackageJson, reportManifest } from "../support/manifest.ts";

/** Finds what a published package lacks in its manifest or folder; `exists` answers for paths in the repository. */
export function packageViolations(manifest: Manifest, exists: (path: string) => boolean): string[] {
  const { folder, json } = manifest;
  const complaints = [
    ...(json.name === `@af-tenancy/${folder.split("/").at(-1)}` ? [] : ["name"]),
    ...(json.type === "module" ? [] : ["type"]),
    ...(json.license === "MIT" ? [] : ["license"]),
    ...(json.description ? [] : ["description"]),
    ...(JSON.stringify(json.files) === `["dist"]` ? [] : ["files"]),
    ...(json.engines?.node === ">=22.19.0" ? [] : ["engines"]),
  ];
  return [
    ...complaints.map((entry) => reportManifest(manifest, entry, `has a wrong "${entry}"`)),
    ...exportsWrong(json, (path) => exists(`${folder}/${path}`)).map((subpath) =>
      reportManifest(
        manifest,
        "exports",
        `exports "${subpath}" other than src here and dist there`,
      ),
    ),
    ...(exists(`${folder}/README.md`) ? [] : [`${folder}/README.md is missing`]),
  ];
}

function exportsWrong(json: PackageJson, exists: (path: string) => boolean): string[] {
  const here = json.exports ?? {};
  const there = json.publishConfig?.exports ?? {};
  const named = [...Object.keys(here), ...Object.keys(there)];
  // A package of several entries needs none that has them all.
  const isEmpty = named.every((subpath) => subpath === "./package.json");
  const subpaths = new Set([...(isEmpty ? ["."] : []), ...named]);
  return [...subpaths].filter((subpath) => {
    const source = here[subpath];
    if (subpath === "./package.json") return source !== there[subpath] || source !== subpath;
    if (typeof source !== "string" || !/^\.\/src\/.+\.ts$/.test(source)) return true;
    const built = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
    const expected = { types: `${built}.d.ts`, default: `${built}.js` };
    return !exists(source) || JSON.stringify(there[subpath]) !== JSON.stringify(expected);
  });
}
