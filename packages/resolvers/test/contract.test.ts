import { centralDomains } from "@af-tenancy/core";
import { tenancyRequest, tenantResolverContract } from "@af-tenancy/testing";
import { domainResolver, firstOf, subdomainResolver } from "../src/index.ts";

const central = centralDomains(["example.com", "admin.example.com"]);
const centrals = [
  tenancyRequest({ host: "example.com:80" }),
  tenancyRequest({ host: "ADMIN.example.com." }),
];
const refused = [
  tenancyRequest({ host: undefined }),
  tenancyRequest({ host: "a@b" }),
  tenancyRequest({ host: "acme.example.com", headers: [["Host", "globex.example.com"]] }),
];
const byDomain = {
  request: tenancyRequest({ host: "Acme.Example.com:8080" }),
  candidates: [{ by: "domain", value: "acme.example.com" }],
};
const bySlug = { ...byDomain, candidates: [{ by: "slug", value: "acme" }] };

tenantResolverContract("domain", {
  create: domainResolver,
  central,
  tenants: [byDomain],
  centrals,
  silent: [tenancyRequest({ host: "127.0.0.1" })],
  refused,
});

tenantResolverContract("subdomain", {
  create: () => subdomainResolver({ domain: "example.com" }),
  central,
  tenants: [bySlug],
  centrals,
  silent: [tenancyRequest({ host: "127.0.0.1" }), tenancyRequest({ host: "localhost" })],
  refused,
});

tenantResolverContract("first of subdomain and domain", {
  create: () => firstOf(subdomainResolver({ domain: "example.com" }), domainResolver()),
  central,
  tenants: [
    bySlug,
    {
      request: tenancyRequest({ host: "notes.example.org" }),
      candidates: [{ by: "domain", value: "notes.example.org" }],
    },
  ],
  centrals,
  silent: [tenancyRequest({ host: "localhost" })],
  refused,
});
