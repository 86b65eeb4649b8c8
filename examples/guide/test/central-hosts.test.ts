import { createTenancy, memoryRegistry, registryCentral } from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { expect, it, onTestFinished } from "vitest";

it("S005: keeps central hosts in the registry", async () => {
  const registry = memoryRegistry();

  // #region compose
  const central = registryCentral({ names: ["example.com"] });
  const tenancy = createTenancy({ registry, central, resolve: domainResolver() });
  await tenancy.start();
  await central.add("*.ops.example.com"); // true: it was not there
  await central.remove("*.ops.example.com"); // what the configuration says stays
  // #endregion
  onTestFinished(() => tenancy.close());

  await central.add("admin.example.org");
  expect(central.names).toEqual(["example.com", "admin.example.org"]);
});
