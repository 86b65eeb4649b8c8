import type { TenantRecord } from "@af-tenancy/core";
import type { IsolationOutput } from "../outputs/isolation-output.ts";

/** What is known of one way in which tenants could see each other. */
export type Surface = IsolationOutput["surfaces"][number];

/** One of two tenants, and texts that stand nowhere but in what is its own. */
export interface Probe {
  readonly tenant: TenantRecord;
  readonly host: string | undefined;
  readonly database: string;
  readonly cache: string;
  readonly route: string;
}

/** The two, each other's opposite. */
export type Pair = readonly [first: Probe, second: Probe];

/** What is said of surfaces. */
export interface SurfaceTexts {
  readonly isolated: string;
  readonly noDatabase: string;
  readonly noEntity: string;
  readonly noCache: string;
  readonly lost: (slug: string) => string;
  readonly seen: (slug: string, other: string) => string;
  readonly failed: (reason: string) => string;
  readonly noRoute: string;
  readonly routes: (answers: number) => string;
  readonly noCookie: string;
  readonly noSession: string;
  readonly session: string;
}

/** What is wrong with what a tenant saw. */
export interface Fault {
  readonly what: "seen" | "lost";
  readonly message: string;
}

/** Tells what a tenant saw: its own has to be there, and nothing of the other. */
export function judged(
  { own, other, found }: { readonly own: Probe; readonly other: Probe; readonly found: unknown },
  canary: "database" | "cache",
  texts: SurfaceTexts,
): Fault | undefined {
  const text = JSON.stringify(found) ?? "";
  const { slug } = own.tenant;
  if (text.includes(other[canary])) {
    return { what: "seen", message: texts.seen(slug, other.tenant.slug) };
  }
  return text.includes(own[canary]) ? undefined : { what: "lost", message: texts.lost(slug) };
}
