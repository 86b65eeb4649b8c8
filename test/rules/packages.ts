/** The package whose folder a path lies in, or undefined outside `packages/`. */
export function packageOf(path: string): string | undefined {
  const [root, name] = path.split("/");
  return root === "packages" ? name : undefined;
}

/** The package of the scope that a specifier names: `core` for `@af-tenancy/core/x`. */
export function scopedPackageOf(specifier: string): string | undefined {
  const [scope, name] = specifier.split("/");
  return scope === "@af-tenancy" ? name : undefined;
}

/** The packages of the scope that a package other than core may import. */
export function mayImport(name: string): readonly string[] {
  return drivers.includes(name) ? ["core", "database"] : ["core"];
}

const drivers: readonly string[] = ["sqlite", "postgresql", "mysql"];
