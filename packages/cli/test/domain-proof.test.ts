import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config } from "./support/application.ts";
import { dnsServer } from "./support/dns-server.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

it("S059 S061: a domain is proved by the record in DNS that was told for it, and by no other", async () => {
  const records = new Map<string, readonly string[]>();
  const server = await dnsServer(records);
  const folder = await applicationHere();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  const verify = `tenant domain verify acme shop.acme.test --dns-server ${server}`;
  await tell("tenant create acme --domain shop.acme.test");
  await tell("tenant create globex --domain globex.test");
  const registry = new DatabaseSync(join(folder, "data/registry.sqlite"));
  registry.exec("update tenant_domains set verified_at = null where name = 'shop.acme.test'");
  registry.close();

  const early = await tell(verify);
  const rehearsedToken = await tell(`${verify} --new-token --dry-run`);
  const stillEarly = await tell(verify);
  const told = await tell("tenant domain verify acme Shop.Acme.test. --new-token");
  const { record } = outputs.verify.parse(told) as {
    record: { name: string; value: string };
  };
  const absent = await tell(verify);
  records.set(record.name, ["v=spf1 -all", `${record.value}x`]);
  const other = await tell(verify);
  records.set(record.name, ["v=spf1 -all", `af-tenancy=${"stale".repeat(12)}`, record.value]);
  const rehearsed = await tell(`${verify} --dry-run`);
  const unchanged = await tell("tenant domain list acme");
  const proved = await tell(verify);
  records.clear();
  const again = await tell(verify);
  const said = await runHere(verify.split(" "), folder);

  expect([early, stillEarly]).toMatchObject([{ code: 2 }, { code: 2 }]);
  expect(outputs.verify.parse(rehearsedToken)).toMatchObject({ dryRun: true, verified: false });
  expect(record.name).toBe("_af-tenancy.shop.acme.test");
  for (const missing of [absent, other]) {
    expect(missing).toMatchObject({ code: 1, error: { error: { code: "DOMAIN_NOT_PROVED" } } });
  }
  expect(absent).toMatchObject({
    error: { error: { causes: [expect.stringContaining("ENOTFOUND")] } },
  });
  expect(outputs.verify.parse(rehearsed)).toMatchObject({ dryRun: true, verified: true });
  expect(unchanged).toMatchObject({ domains: [{ verifiedAt: null }] });
  for (const done of [proved, again]) {
    expect(outputs.verify.parse(done)).toMatchObject({
      ...{ verified: true, domain: { verifiedAt: expect.any(String) }, record: null },
    });
  }
  const { domain } = again as { domain: { verifiedAt: string } };
  expect(said.stdout).toContain(`was proved on ${domain.verifiedAt}, and DNS was not asked again`);
  for (const wrong of [
    "tenant domain verify acme globex.test",
    "tenant domain verify acme globex.test --new-token",
    "tenant domain verify acme shop.acme.test --dns-server localhost",
    "tenant domain verify acme shop.acme.test --dns-server 127.0.0.1:99999",
    "tenant domain verify acme shop.acme.test --dns-server 300.0.0.1:53",
  ]) {
    expect(await tell(wrong), wrong).toMatchObject({ code: 2 });
  }
});

it("S059: a proved domain is looked for in DNS again once a token was made since, and stays proved", async () => {
  const records = new Map<string, readonly string[]>();
  const server = await dnsServer(records);
  const folder = await applicationHere();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  const verify = `tenant domain verify acme v.acme.test --dns-server ${server}`;
  await tell("tenant create acme");
  await tell("tenant domain add acme v.acme.test");

  const unasked = await runHere(verify.split(" "), folder);
  const told = await tell(`${verify} --new-token`);
  const missing = await runHere(verify.split(" "), folder);
  const { record } = outputs.verify.parse(told) as { record: { name: string; value: string } };
  records.set(record.name, [record.value]);
  const rehearsed = await runHere([...verify.split(" "), "--dry-run"], folder);
  const found = await runHere(verify.split(" "), folder);
  const after = await runHere(verify.split(" "), folder);

  expect(unasked.stdout).toContain("DNS was not asked again");
  expect(told).toMatchObject({ verified: true, domain: { verifiedAt: expect.any(String) } });
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  expect(missing.stderr).toMatch(/DOMAIN_NOT_PROVED: .* It stays proved, as it has been since 20/);
  expect(rehearsed.stdout).toContain('"v.acme.test" would be proved');
  expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining("is proved.") });
  expect(after.stdout).toContain("DNS was not asked again");
});

it("keeps the domain that somebody else adds at the same moment", async () => {
  const plain = config("", 'import { createTenancy } from "@af-tenancy/core";');
  const folder = await applicationHere({
    "tenancy.config.ts": plain.replace("provisioning: provisioning", `${meanwhile}\n$&`),
  });
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  await tell("tenant create acme --domain acme.test");

  const said = await tell("tenant domain add acme one.test");

  expect(outputs.change.parse(said)).toMatchObject({
    changes: [{ from: ["acme.test", "other.test"], to: ["acme.test", "other.test", "one.test"] }],
  });
  const { domains } = (await tell("tenant domain list acme")) as { domains: unknown };
  expect(domains).toMatchObject(["acme.test", "other.test", "one.test"].map((name) => ({ name })));
});

/** The first change of a list meets another one, which is faster. */
const meanwhile = `hooks: {
  domainsUpdating: async ({ tenant, to }) => {
    if (!to.includes("one.test") || to.includes("other.test")) return;
    const other = createTenancy(defineTenancy({
      registry: sqliteRegistry({ file: data + "/registry.sqlite" }),
      databases: sqlite({ folder: data, entities: [Note] }),
      provisioning: provisioning({}),
    }));
    await other.start();
    await other.tenants.update(tenant, { domains: ["acme.test", "other.test"] });
    await other.close();
  },
},`;
