import { UnscopedSqlError } from "@af-tenancy/database";
import { changesSettings } from "./changes-settings.ts";
import { type SqlStatement, sqlStatements } from "./sql-statements.ts";

/**
 * For connections that tenants share and on which the server knows who asks. Throws `UnscopedSqlError` for a statement
 * that could say to be another tenant, or somebody to whom policies and missing rights do not apply, and for one that
 * ends the transaction in which the tenant was named, or changes how the server reads texts. What a text builds and runs
 * inside the server is not seen.
 */
export function checkSharedStatement(sql: string): void {
  if (ordinary.test(sql) && !suspicious.test(sql)) return;
  const statements = sqlStatements(sql);
  if (statements === undefined) throw new UnscopedSqlError("SQL with an open text or comment");
  for (const statement of statements) {
    const found = changing(statement);
    if (found !== undefined)
      throw new UnscopedSqlError(`"${found}" on a connection that tenants share`);
  }
}

/** One statement of rows, which names a setting in no way that could be hidden. */
const ordinary = /^\s*(?:select|insert|update|delete|with)\b/i;
const suspicious = /;|set_config|pg_settings|u&"/i;

/** What a statement says of tenant, role, transaction or the reading of texts; `undefined` when nothing. */
function changing(statement: SqlStatement): string | undefined {
  const hidden = statement.find((piece) => piece === "set_config" || piece === 'u&""');
  if (hidden !== undefined) return hidden;
  if (changesSettings(statement)) return "pg_settings";
  const verb = statement.find((piece) => piece !== "(") ?? "";
  const text = statement.join(" ");
  if (ofTransactions.test(text)) return verb;
  if (verb === "set" || verb === "reset") return setting.exec(text)?.[0];
  if (verb === "create" || verb === "alter") return settingInside.exec(text)?.[0];
  return undefined;
}

const ofTransactions =
  /^(?:abort|commit|discard|end|prepare transaction|rollback(?! (?:(?:work|transaction) )?to\b))\b/;

const target =
  "(?:set|reset) (?:(?:local|session) )?(?:all|app ?\\. ?tenant|role|session_authorization|session authorization|names(?! =)|client_encoding|standard_conforming_strings|backslash_quote|escape_string_warning)\\b";
const setting = new RegExp(`^${target}`);
const settingInside = new RegExp(`\\b${target}`);
