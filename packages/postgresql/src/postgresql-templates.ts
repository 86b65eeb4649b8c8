import type { DatabaseTemplate, DatabaseTemplates } from "@af-tenancy/core";
import type { RunSql } from "@af-tenancy/database";
import type { ServerAddress } from "./connection-options.ts";
import type { ManagerContext } from "./manager-context.ts";
import { driverName } from "./placement-names.ts";
import { listTemplates } from "./template-upkeep.ts";

/** Looks after the templates on the servers that the options name. */
export function postgresqlTemplates({
  servers,
  sessions,
  template,
}: Pick<ManagerContext, "servers" | "sessions" | "template">): DatabaseTemplates {
  const onEach = async <R>(
    work: (run: RunSql, address: ServerAddress, server: string) => Promise<readonly R[]>,
  ): Promise<readonly R[]> => {
    const results: R[] = [];
    for (const server of servers.names) {
      const address = servers.address(server);
      results.push(...(await sessions.use(address, ({ run }) => work(run, address, server))));
    }
    return results;
  };
  return {
    build: () =>
      onEach(async (run, address) => {
        const name = await template.nameOn(address);
        const isThere = (await listTemplates(run)).some((one) => one.name === name);
        if (name === undefined || isThere) return [];
        return (await template.build(run, address)) ? [name] : [];
      }),
    list: () =>
      onEach<DatabaseTemplate>(async (run, address, server) => {
        const current = await template.nameOn(address);
        const found = await listTemplates(run);
        const listed = found.map(({ name, usedOn }) => ({
          ...{
            driver: driverName,
            server,
            name,
            usedOn,
            isCurrent: name === current,
            exists: true,
          },
        }));
        if (current === undefined || listed.some(({ isCurrent }) => isCurrent)) return listed;
        const missing = { name: current, usedOn: undefined, isCurrent: true, exists: false };
        return [...listed, { driver: driverName, server, ...missing }];
      }),
  };
}
