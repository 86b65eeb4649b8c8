import { centralDomains } from "@af-tenancy/core";
import { tenancyRequest, tenantResolverContract } from "../../src/index.ts";
import { firstOf } from "./first-of.ts";
import { headerResolver } from "./header-resolver.ts";
import { hostResolver } from "./host-resolver.ts";
import { trusting } from "./trusting.ts";

const central = centralDomains(["example.com", "admin.example.com"]);
const byHost = {
  request: tenancyRequest({ host: "Acme.Example.com:8080" }),
  candidates: [
    { by: "domain", value: "acme.example.com" },
    { by: "slug", value: "acme" },
  ],
};
const fromProxy = { remoteAddress: "10.0.0.1", headers: [["x-tenant", "globex"]] } as const;
const byHeader = {
  request: tenancyRequest({ ...fromProxy, host: "acme.example.com" }),
  candidates: [{ by: "slug", value: "globex" }],
};

tenantResolverContract("host", {
  create: () => hostResolver("example.com"),
  central,
  tenants: [byHost],
  centrals: [
    tenancyRequest({ host: "example.com:80" }),
    tenancyRequest({ host: "ADMIN.example.com" }),
  ],
  silent: [tenancyRequest({ host: "localhost" })],
  refused: [
    tenancyRequest({ host: undefined }),
    tenancyRequest({ host: "a@b" }),
    tenancyRequest({ host: "acme.example.com", headers: [["Host", "globex.example.com"]] }),
  ],
});

tenantResolverContract("trusted header", {
  create: () => trusting(["10.0.0.1"], headerResolver("X-Tenant")),
  tenants: [byHeader],
  silent: [
    tenancyRequest({ remoteAddress: "10.0.0.1" }),
    tenancyRequest({ ...fromProxy, remoteAddress: "10.0.0.2" }),
    tenancyRequest({ ...fromProxy, remoteAddress: undefined }),
  ],
  refused: [
    tenancyRequest({ ...fromProxy, headers: [["X-Tenant", "acme, globex"]] }),
    tenancyRequest({
      ...fromProxy,
      headers: [
        ["X-Tenant", "acme"],
        ["x-tenant", "acme"],
      ],
    }),
  ],
});

tenantResolverContract("first of header and host", {
  create: () =>
    firstOf(trusting(["10.0.0.1"], headerResolver("X-Tenant")), hostResolver("example.com")),
  central,
  tenants: [byHeader, byHost],
  centrals: [tenancyRequest({ host: "example.com" })],
  silent: [tenancyRequest({ host: "localhost" })],
});
