import type { RunSql } from "@af-tenancy/database";

/** What a user is granted on databases. */
export interface Grant {
  readonly rights: readonly string[];
  /** It may be passed on. */
  readonly passes: boolean;
  /** As the server writes it: `*`, or a pattern in which `_` and `%` stand for others unless `\` is before them. */
  readonly database: string;
  /** On everything in it, and not on one table or routine only. */
  readonly whole: boolean;
}

/** Reads what the user of a connection is granted; roles have to be taken up to count. */
export async function readGrants(run: RunSql): Promise<readonly Grant[]> {
  return (await showGrants(run)).flatMap((line) => grantIn(line) ?? []);
}

/** Reads it together with what its roles give it, which it takes up for that; its session is not to be used on. */
export async function readGrantsOfRoles(run: RunSql): Promise<readonly Grant[]> {
  const lines = await showGrants(run);
  for (const roles of lines.flatMap((line) => rolesIn(line) ?? [])) {
    await run(`set role ${roles}`);
    lines.push(...(await showGrants(run)));
  }
  return lines.flatMap((line) => grantIn(line) ?? []);
}

/** Tells whether a grant holds in a database of that name. */
export function coversDatabase({ database, whole }: Grant, name: string): boolean {
  if (database === "*") return true;
  if (!whole) return database === name;
  const pattern = database.replace(/\\([\s\S])|_|%|[.*+?^${}()|[\]]/g, (found, literal) => {
    if (literal !== undefined) return literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return found === "_" ? "." : found === "%" ? ".*" : `\\${found}`;
  });
  return new RegExp(`^${pattern}$`, "is").test(name);
}

/** Tells whether a grant gives a right. */
export function givesRight({ rights }: Grant, right: string): boolean {
  return rights.includes(right) || rights.includes("ALL PRIVILEGES");
}

async function showGrants(run: RunSql): Promise<string[]> {
  const rows = await run<Readonly<Record<string, string>>>("show grants");
  return rows.map((row) => Object.values(row)[0] ?? "");
}

/** As SQL names them: MariaDB gives each a line of its own, MySQL one to all of them. */
function rolesIn(line: string): string | undefined {
  return /^GRANT ((?:`(?:[^`]|``)+`(?:@`[^`]*`)?(?:, ?)?)+) TO /.exec(line)?.[1];
}

function grantIn(line: string): Grant | undefined {
  const found =
    /^GRANT (.+?) ON (?:TABLE |FUNCTION |PROCEDURE |PACKAGE |PACKAGE BODY )?(\*|`(?:[^`]|``)+`)\.(\*|`(?:[^`]|``)+`) TO /i.exec(
      line,
    );
  if (found === null) return undefined;
  const [, rights = "", database = "", object = ""] = found;
  const plain = rights.replace(/\s*\([^)]*\)/g, "").toUpperCase();
  return {
    rights: plain.split(", ").filter((right) => right !== "USAGE"),
    passes: / WITH .*GRANT OPTION/i.test(line),
    database: database.replace(/^`|`$/g, "").replaceAll("``", "`"),
    whole: object === "*",
  };
}
