import { expect, it } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { refusal, serveResolver as start } from "./serve-resolver.ts";

/** Checks how paths name tenants, and what handlers see of them. */
export function pathTests(harness: AdapterHarness): void {
  const { resolvers } = harness;
  const { firstOf } = resolvers;

  const paths = () => resolvers.pathResolver({ routes: ["/t/:tenant"] });

  it("C085 C099: name the tenant, and handlers see neither it nor a parameter", async () => {
    const { ask, seen } = await start(harness, firstOf(paths(), resolvers.domainResolver()));

    expect(await ask("localhost", "/t/acme/who?page=2")).toEqual([200, { slug: "acme" }]);
    expect(await ask("localhost", "/t/globex/notes/7")).toEqual([200, { slug: "globex" }]);
    expect(seen).toEqual([
      ["/who?page=2", {}],
      ["/notes/7", { note: "7" }],
    ]);
  });

  it("C085: with an unknown tenant reach nothing", async () => {
    const { ask, seen } = await start(harness, firstOf(paths(), resolvers.domainResolver()));

    expect(await ask("localhost", "/t/nobody/who")).toEqual(refusal(404, "TENANT_NOT_FOUND"));
    expect(await ask("localhost", "/t/__proto__/who")).toEqual(
      refusal(400, "INVALID_TENANT_REFERENCE"),
    );
    expect(seen).toEqual([]);
  });

  it("C086: without the parameter are an error of their own", async () => {
    const { ask } = await start(harness, paths());

    expect(await ask("localhost", "/who")).toEqual(refusal(400, "TENANT_NOT_IDENTIFIED"));
  });

  it("C087 C099: leave a parameter of the same name on a central route alone", async () => {
    const { ask, seen } = await start(harness, firstOf(paths(), resolvers.domainResolver()));

    expect(await ask("localhost", "/companies/acme/edit")).toEqual([200, { slug: null }]);
    expect(seen).toEqual([["/companies/acme/edit", { tenant: "acme" }]]);
  });

  it("C088: name it by what the route says", async () => {
    const resolve = resolvers.pathResolver({
      routes: ["/i/:tenant:id", "/t/:tenant"],
      attributes: ["id"],
    });
    const { ask } = await start(harness, resolve);

    expect(await ask("localhost", `/i/${acme().id}/who`)).toEqual([200, { slug: "acme" }]);
    expect(await ask("localhost", "/i/acme/who")).toEqual(refusal(404, "TENANT_NOT_FOUND"));
    expect(await ask("localhost", "/t/acme/who")).toEqual([200, { slug: "acme" }]);
  });
}
