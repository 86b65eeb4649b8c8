import { UnsupportedOrmError } from "../errors.ts";
import { ormVersion } from "./mikro-orm-internals.ts";

/** The versions of MikroORM that this package was proven with; the same as its peer range. */
const supported = { range: ">=7.2.1 <7.3", minor: "7.2.", firstPatch: 1 };

/** Throws `UnsupportedOrmError` unless MikroORM is of a supported version. */
export function checkOrmVersion(version: string = ormVersion()): void {
  const patch = version.startsWith(supported.minor)
    ? Number(version.slice(supported.minor.length))
    : Number.NaN;
  if (patch >= supported.firstPatch) return;
  throw new UnsupportedOrmError(version, supported.range);
}
