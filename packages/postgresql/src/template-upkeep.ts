import type { RunSql } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";

/** Tells whether a template is there, and has its comment say that it is used on this day of the server's. */
export async function useTemplate(run: RunSql, name: string): Promise<boolean> {
  const [found] = await run<Template>(`${listing} where datname = ${literal(name)}`);
  if (found === undefined) return false;
  if (found.comment !== usedOn(found.today)) await note(run, found);
  return true;
}

/** Gives the finished templates of a server, whoever's they are, with the day on which each was used last. */
export async function listTemplates(run: RunSql): Promise<readonly ListedTemplate[]> {
  const found = await run<Template>(`${listing} where datname ~ ${literal(finished)} order by 1`);
  return found.map(({ name, comment }) => ({ name, usedOn: dayOf(comment) }));
}

/** A template and the day on which it was used last, where that is known. */
export interface ListedTemplate {
  readonly name: string;
  readonly usedOn: string | undefined;
}

/**
 * Drops templates, and drafts of them, that no version of any application has used for a month; one of which that is
 * not known is looked at again a month later. Whoever needs one that is gone makes it anew.
 */
export async function dropUnusedTemplates(run: RunSql): Promise<void> {
  for (const template of await run<Template>(`${listing} where datname ~ ${literal(pattern)}`)) {
    const used = Date.parse(dayOf(template.comment) ?? "");
    const days = (Date.parse(template.today) - used) / 86_400_000;
    if (Number.isNaN(days)) await note(run, template);
    else if (days > kept) await attempt(run, `drop database if exists ${quoted(template.name)}`);
  }
}

interface Template {
  readonly name: string;
  readonly comment: string | null;
  /** Such as `2026-02-12`, in UTC. */
  readonly today: string;
}

const listing =
  "select datname as name, shobj_description(oid, 'pg_database') as comment, " +
  "(now() at time zone 'utc')::date::text as today from pg_database";

const pattern = "^~template_[0-9a-f]{32}_[0-9a-f]{8}(_[0-9a-f]{8})?$";
const finished = "^~template_[0-9a-f]{32}_[0-9a-f]{8}$";

/** Days for which nobody has used it. */
const kept = 30;

function note(run: RunSql, { name, today }: Template): Promise<void> {
  return attempt(run, `comment on database ${quoted(name)} is ${literal(usedOn(today))}`);
}

function dayOf(comment: string | null): string | undefined {
  return /^af-tenancy: used (\S+)$/.exec(comment ?? "")?.[1];
}

function usedOn(day: string): string {
  return `af-tenancy: used ${day}`;
}

/**
 * It may be another role's, or in somebody else's hands at this moment, and a tenant is made all the same; that the
 * connection is lost the next statement tells.
 */
async function attempt(run: RunSql, sql: string): Promise<void> {
  try {
    await run(sql);
  } catch {}
}
