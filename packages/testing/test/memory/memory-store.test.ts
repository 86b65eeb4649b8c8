import { memoryStore } from "@af-tenancy/core";
import { tenantStoreContract } from "../../src/index.ts";

tenantStoreContract("memory, domains in a map", {
  create: ({ tenants, domains = [] }) => {
    const verified = domains.filter(({ verifiedAt }) => verifiedAt !== undefined);
    return memoryStore(tenants, {
      domains: new Map(verified.map(({ name, tenantId }) => [name, tenantId])),
    });
  },
});

tenantStoreContract("memory, domains from a function", {
  create: ({ tenants, domains = [] }) =>
    memoryStore(tenants, {
      domains: (domain) => {
        const found = domains.find(({ name }) => name === domain);
        return found?.verifiedAt === undefined ? undefined : found.tenantId;
      },
    }),
});
