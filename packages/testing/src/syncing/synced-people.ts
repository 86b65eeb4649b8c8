/** What the entities of the contract are declared with: `defineEntity` and `p` of a driver's MikroORM. */
export interface PeopleWords<Entity> {
  defineEntity(definition: { name: string; properties: Record<string, unknown> }): Entity;
  readonly p: {
    integer(): PersonWord;
    string(): PersonWord;
    datetime(): PersonWord;
  };
}

/** What the contract says of a property. */
export interface PersonWord {
  primary(): PersonWord;
  nullable(): PersonWord;
  unique(): PersonWord;
}

/** An entity of the tenants, and the central one that its records are kept like. */
export interface SyncedPeople<Entity = unknown> {
  readonly Person: Entity;
  readonly CentralPerson: Entity;
}

/** What of the people the contract keeps alike, as `syncedResource` describes it. */
export function peopleResource<Entity>({ Person, CentralPerson }: SyncedPeople<Entity>) {
  return {
    ...{ central: CentralPerson, tenant: Person, fields: ["name", "email"] as never[] },
    creation: { central: { role: "member" }, tenant: { role: "member" } },
    trashed: { field: "deletedAt" },
  };
}

/**
 * Declares the entities of the contract for resource syncing, anew for each application: `globalId`, `name`, `email` and
 * `born` are for syncing, `role` is not, `deletedAt` is the trash.
 *
 * @example syncedPeople<EntitySchema>({ defineEntity, p } as never)
 */
export function syncedPeople<Entity>({
  defineEntity,
  p,
}: PeopleWords<Entity>): SyncedPeople<Entity> {
  const properties = () => ({
    id: p.integer().primary(),
    globalId: p.string().unique(),
    name: p.string(),
    email: p.string().nullable(),
    born: p.datetime().nullable(),
    role: p.string(),
    deletedAt: p.datetime().nullable(),
  });
  return {
    Person: defineEntity({ name: "Person", properties: properties() }),
    CentralPerson: defineEntity({ name: "CentralPerson", properties: properties() }),
  };
}
