import type { TenantRecord } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { isOnePerTenant, type LinkState, linkOf, type TenantLink } from "../files/tenant-links.ts";
import { visitFleet } from "./visit-fleet.ts";

/** What a command does with the link of each tenant. */
export interface VisitingLinks {
  /** The patterns of both paths, as they were given. */
  readonly folder: string | undefined;
  readonly link: string | undefined;
  readonly processes: number | undefined;
  readonly skipFailing: boolean | undefined;
  /** Gives `undefined` where something else has the link's name. */
  act(paths: TenantLink): Promise<LinkState | undefined>;
  /** Says that something else has the link's name. */
  taken(path: string): string;
}

/** Does something with the link of each tenant; refuses patterns that would have tenants share one. */
export async function visitLinks(
  session: Session,
  tenants: readonly TenantRecord[],
  { folder, link, processes, skipFailing, act, taken }: VisitingLinks,
): Promise<Outcome> {
  const { refuse, terminal, catalogue } = session;
  const { linkPattern, linkName, notWritten } = catalogue.refusals;
  const { FileNotWrittenError } = await import("../errors.ts");
  const pattern = (flag: string, given = "") =>
    isOnePerTenant(given) ? given : refuse(linkPattern(flag));
  const patterns = { folder: pattern("--folder", folder), link: pattern("--link", link) };
  const pathsOf = (tenant: TenantRecord) =>
    linkOf(terminal.folder, patterns, tenant) ?? refuse(linkName(tenant.id));
  const paths = new Map(tenants.map((tenant) => [tenant.id, pathsOf(tenant)]));
  return visitFleet(session, tenants, {
    ...{ processes, skipFailing },
    rehearse: ({ id }) => paths.get(id),
    tell: (result) => `${(result as TenantLink).link} -> ${(result as TenantLink).folder}`,
    async visit({ id }) {
      const path = paths.get(id) as TenantLink;
      const state = await act(path).catch((cause: unknown) => {
        throw new FileNotWrittenError(notWritten(path.link), { cause });
      });
      if (state === undefined) throw new FileNotWrittenError(taken(path.link));
      return { ...path, state };
    },
  });
}
