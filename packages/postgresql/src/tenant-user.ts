import { randomBytes } from "node:crypto";
import { type DatabaseOwner, InvalidInputError } from "@af-tenancy/core";
import { type Credentials, DatabaseUserTakenError, type RunSql } from "@af-tenancy/database";
import { ownerComment } from "./owner-comment.ts";
import { checkName } from "./placement-names.ts";
import { literal, quoted } from "./quoted.ts";
import { scramVerifier } from "./scram-verifier.ts";

/** Makes the credentials of a tenant that was not given any. */
export function newCredentials(user: string): Credentials {
  return { user, password: randomBytes(24).toString("base64url") };
}

/** Throws `InvalidInputError` for a user name or password that is none, or that some tool would misread. */
export function checkCredentials({ user, password }: Credentials): void {
  checkName("user", user);
  if (typeof password === "string" && password !== "" && !forbidden.test(password)) return;
  throw new InvalidInputError(
    "password",
    "(not shown)",
    "use a text without quotes, backslashes and control characters",
  );
}

const forbidden = /['"`\\\p{Cc}]/u;

/** SQL that makes a tenant's user, or gives the one it has its password; the manager's own user may act as it. */
export async function userSql(
  run: RunSql,
  { user, password }: Credentials,
  owner: DatabaseOwner,
  login: boolean,
): Promise<string> {
  const comment = await commentOf(run, user);
  const mark = ownerComment(owner);
  if (comment !== undefined && comment !== mark) throw new DatabaseUserTakenError(user);
  const role = quoted(user);
  const able = login
    ? `login password ${literal(scramVerifier(password))}`
    : "nologin password null";
  return [
    `${comment === undefined ? "create" : "alter"} role ${role} ${able} noinherit nosuperuser nocreatedb nocreaterole`,
    `comment on role ${role} is ${literal(mark)}`,
    `grant ${role} to current_user`,
  ].join(";");
}

/** Tells whether the user is there and this owner's. */
export async function isOwnUser(run: RunSql, user: string, owner: DatabaseOwner): Promise<boolean> {
  return (await commentOf(run, user)) === ownerComment(owner);
}

/** SQL that lets a user work in a schema, also with tables that others make there later, and with nothing else. */
export function grantsSql(user: string, schema: string): string {
  const role = quoted(user);
  const place = quoted(schema);
  const later = `alter default privileges in schema ${place} grant`;
  return [
    `revoke all on schema ${place} from public`,
    `grant usage, create on schema ${place} to ${role}`,
    `${later} select, insert, update, delete on tables to ${role}`,
    `${later} usage, select, update on sequences to ${role}`,
    `grant select, update (canary) on ${place}._tenancy_owner to ${role}`,
  ].join(";");
}

/** `undefined` when there is no such user, empty when it has no comment. */
async function commentOf(run: RunSql, user: string): Promise<string | undefined> {
  const [row] = await run<{ readonly comment: string | null }>(
    `select shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = ${literal(user)}`,
  );
  return row === undefined ? undefined : (row.comment ?? "");
}
