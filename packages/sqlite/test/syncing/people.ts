import { join } from "node:path";
import type { TenantRecord } from "@af-tenancy/core";
import {
  centralSyncTables,
  type ResourceSyncing,
  resourceSyncing,
  type SyncedResource,
  type SyncStep,
  tenantSyncTable,
} from "@af-tenancy/database";
import { type Fleet, startFleet } from "../fleet.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { people, syncedPerson } from "./people-entities.ts";

/** People that are kept alike in two tenants. */
export interface PeopleFleet extends Fleet, ReturnType<typeof people> {
  readonly syncing: ResourceSyncing;
  readonly centralFile: string;
  /** Makes a person in a tenant. */
  make(tenant: TenantRecord, values: Values): Promise<void>;
  /** Changes a person in a tenant. */
  change(tenant: TenantRecord, globalId: string, values: Partial<Values>): Promise<void>;
  makeCentral(values: Values): Promise<object>;
  changeCentral(globalId: string, values: Partial<Values>): Promise<void>;
  /** What a tenant has of a person, whatever filters hide. */
  read(tenant: TenantRecord, globalId: string): Promise<Found | null>;
  readCentral(globalId: string): Promise<Found | null>;
  /** What the listeners heard since the last call: the event and whose database it names. */
  heard(): string[];
}

/** What is said of a person. */
interface Values {
  readonly globalId?: string;
  readonly name?: string;
  readonly email?: string | null;
  readonly role?: string;
  readonly hidden?: boolean;
  readonly deletedAt?: Date | null;
}

type Found = Required<Values> & { readonly badge?: string | null };

/** What a test wants otherwise. */
export interface PeopleOptions {
  readonly resource?: Partial<SyncedResource>;
  readonly queue?: (step: SyncStep) => unknown;
}

/** Starts it; `name` and `email` are synced. */
export async function startPeople({
  resource = {},
  queue,
}: PeopleOptions = {}): Promise<PeopleFleet> {
  const { Person, CentralPerson } = people();
  const syncing = resourceSyncing({
    resources: [{ ...syncedPerson(Person, CentralPerson), ...resource }],
    ...(queue && { queue }),
  });
  const centralFile = join(temporaryFolder(), "app.sqlite");
  const fleet = await startFleet({
    journalMode: "wal",
    entities: [Person, tenantSyncTable()],
    central: {
      file: centralFile,
      entities: [CentralPerson, ...centralSyncTables()],
    },
    bootstrappers: [syncing],
  });
  const { db, tenancy } = fleet;
  const events: string[] = [];
  const slugs = new Map([fleet.acme, fleet.globex].map(({ id, slug }) => [id, slug]));
  const note = (what: string, id: string | null) =>
    void events.push(`${what} ${slugs.get(id ?? "") ?? "central"}`);
  tenancy.events.on("resourceChanged", ({ change, tenantId }) => note(change, tenantId));
  tenancy.events.on("resourceSynced", ({ action, tenantId }) => note(`-> ${action}`, tenantId));
  tenancy.events.on("failure", ({ error, tenantId }) => note(`failure ${error}`, tenantId));
  const found = { filters: false } as const;

  return {
    ...{ ...fleet, Person, CentralPerson, syncing, centralFile },
    make: (tenant, values) =>
      tenancy.run(tenant, async () => {
        db.em().create(Person, { name: "new", role: tenant.slug, ...values } as never);
        await db.em().flush();
      }),
    change: (tenant, globalId, values) =>
      tenancy.run(tenant, async () => {
        const em = db.em().fork();
        em.assign(await em.findOneOrFail(Person, { globalId }, found), values as never);
        await em.flush();
      }),
    async makeCentral(values) {
      const em = db.central();
      const made = em.create(CentralPerson, { name: "new", role: "owner", ...values } as never);
      await em.flush();
      return made;
    },
    async changeCentral(globalId, values) {
      const em = db.central();
      em.assign(await em.findOneOrFail(CentralPerson, { globalId }, found), values as never);
      await em.flush();
    },
    read: (tenant, globalId) =>
      tenancy.run(
        tenant,
        () => db.em().fork().findOne(Person, { globalId }, found) as Promise<Found | null>,
      ),
    readCentral: (globalId) =>
      db.central().findOne(CentralPerson, { globalId }, found) as Promise<Found | null>,
    heard: () => events.splice(0),
  };
}
