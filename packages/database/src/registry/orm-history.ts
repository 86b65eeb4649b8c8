import type { HistoryKind, RegistryHistory } from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Makes what removes from the tables of one transaction whatever is over. */
export function ormHistory(session: RegistrySession): RegistryHistory {
  return {
    async count(what, age) {
      const { entity, where } = await due(session, what, age);
      return session.em().count(entity, where);
    },
    async remove(what, age, limit) {
      const { entity, where } = await due(session, what, age);
      const em = session.em();
      const rows = await em.find(entity, where, {
        ...{ disableIdentityMap: true, fields: ["sequence"], orderBy: { sequence: "asc" }, limit },
      });
      const sequences = rows.map(({ sequence }) => sequence);
      if (sequences.length === 0) return 0;
      return em.nativeDelete(entity, { sequence: { $in: sequences } });
    },
  };
}

/** They all are numbered in the order in which they came. */
interface Due {
  readonly entity: RegistryEntities["Change"];
  readonly where: object;
}

async function due(session: RegistrySession, what: HistoryKind, age: number): Promise<Due> {
  const { Change, Operation, Plan } = session.entities;
  const isOld = { $lt: raw<number>(`${session.now} - ?`, [age]) };
  if (what === "changes") return { entity: Change, where: { at: isOld, ...(await had(session)) } };
  const [entity, where] =
    what === "operations"
      ? [Operation, { state: { $in: ["done", "discarded"] }, updatedAt: isOld }]
      : [Plan, { createdAt: isOld, id: { $nin: openPlans(session) } }];
  return { entity: entity as unknown as Due["entity"], where };
}

/** Whoever follows them without a cursor stands at the latest one, which therefore stays. */
async function had({ entities: { Change, Cursor }, em }: RegistrySession) {
  const first = { disableIdentityMap: true, limit: 1 } as const;
  const [latest] = await em().find(Change, {}, { ...first, orderBy: { sequence: "desc" } });
  const [slowest] = await em().find(Cursor, {}, { ...first, orderBy: { sequence: "asc" } });
  const last = latest?.sequence ?? 0;
  return { sequence: { $lt: last, $lte: slowest?.sequence ?? last } };
}

function openPlans({ entities: { PlannedTenant }, em }: RegistrySession) {
  return em()
    .createQueryBuilder(PlannedTenant, "p")
    .select("p.planId")
    .where({ state: { $in: ["waiting", "quarantined"] } });
}
