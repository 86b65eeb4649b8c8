/** What the rules read of a `package.json`. */
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly description?: string;
  readonly files?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A `package.json` with the place it was read from. */
export interface Manifest {
  /** The package's folder, relative to the repository. */
  readonly folder: string;
  readonly text: string;
  readonly json: PackageJson;
}

/** Takes the text of a `package.json` for the manifest of a folder. */
export function manifestOf(folder: string, text: string): Manifest {
  return { folder, text, json: JSON.parse(text) as PackageJson };
}

/** The source files that a package exports. */
export function entriesOf({ folder, json }: Manifest): string[] {
  return Object.values(json.exports ?? {})
    .filter((path) => typeof path === "string" && path.endsWith(".ts"))
    .map((path) => `${folder}/${String(path).slice(2)}`);
}

/** Says what is wrong with an entry of a manifest and where. */
export function reportManifest(manifest: Manifest, entry: string, message: string): string {
  const before = manifest.text.split(`"${entry}"`)[0] ?? "";
  const line = before === manifest.text ? 1 : before.split("\n").length;
  return `${manifest.folder}/package.json:${line} ${message}`;
}
