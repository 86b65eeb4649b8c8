import { syncedResource } from "@af-tenancy/database";
import { defineEntity, type Opt, p } from "@mikro-orm/sqlite";

/** Who has an account, once for the whole application. */
export const CentralUser = defineEntity({
  name: "CentralUser",
  properties: {
    id: p.integer().primary(),
    globalId: p.string().unique().$type<Opt<string>>(),
    name: p.string(),
    email: p.string(),
    plan: p.string().default("free"),
    deletedAt: p.datetime().nullable(),
  },
});

/** A user as a tenant has it. */
export const User = defineEntity({
  name: "User",
  properties: {
    id: p.integer().primary(),
    globalId: p.string().unique().$type<Opt<string>>(),
    name: p.string(),
    email: p.string(),
    role: p.string(),
    deletedAt: p.datetime().nullable(),
  },
});

/** Name and mail address are the same everywhere; plan and role are not. */
export const users = syncedResource({
  name: "user",
  central: CentralUser,
  tenant: User,
  fields: ["name", "email"],
  creation: { tenant: { role: "member" }, central: ({ role }) => ({ plan: `of a ${role}` }) },
  trashed: { field: "deletedAt" },
});
