import { createRequire } from "node:module";

/** Gives the version of this package; its manifest is a folder above the sources as well as above what is built. */
export async function packageVersion(): Promise<string> {
  const manifest = createRequire(import.meta.url)("../package.json") as {
    readonly version: string;
  };
  return manifest.version;
}
