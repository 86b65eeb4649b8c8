import {
  ConfigurationError,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
} from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { type ProvisioningOptions, provisioning } from "../src/index.ts";
import { thrownBy } from "./support/thrown-by.ts";

const run = async () => undefined;
const steps = [{ name: "one", run }];

describe("the options", () => {
  it.each([
    [undefined],
    [{}],
    [{ leaseMs: 100, retryMs: 0, owner: "web-1@host.example:80/a_b", generateId: () => "x" }],
    [{ leaseMs: undefined, operations: undefined } as unknown as ProvisioningOptions],
    [{ operations: [] }],
    [{ pending: {} }],
    [{ pending: { keep: 3, everyMs: 100, include: true, attributes: () => ({}), steps: {} } }],
    [{ pending: { steps: { migrate: true, database: false, tenant: true } } }],
    [
      {
        operations: [
          { kind: "backup", steps },
          { kind: "move-2", steps },
        ],
      },
    ],
  ])("are accepted: %j", (options) => {
    expect(provisioning(options).name).toBe("provisioning");
  });

  it.each([
    ["provisioning", null],
    ["provisioning", "fast"],
    ["provisioning.lease", { lease: 1 }],
    ["provisioning.toString", { toString: 1 }],
    ["provisioning.leaseMs", { leaseMs: 99 }],
    ["provisioning.leaseMs", { leaseMs: 3_600_001 }],
    ["provisioning.leaseMs", { leaseMs: 1_000.5 }],
    ["provisioning.leaseMs", { leaseMs: "10000" }],
    ["provisioning.leaseMs", { leaseMs: Number.NaN }],
    ["provisioning.retryMs", { retryMs: -1 }],
    ["provisioning.retryMs", { retryMs: 3_600_001 }],
    ["provisioning.retryMs", { retryMs: 0.5 }],
    ["provisioning.generateId", { generateId: "uuid" }],
    ["provisioning.owner", { owner: "" }],
    ["provisioning.pending", { pending: 3 }],
    ["provisioning.pending.size", { pending: { size: 3 } }],
    ["provisioning.pending.keep", { pending: { keep: 0 } }],
    ["provisioning.pending.keep", { pending: { keep: 10_001 } }],
    ["provisioning.pending.everyMs", { pending: { everyMs: 99 } }],
    ["provisioning.pending.include", { pending: { include: "no" } }],
    ["provisioning.pending.attributes", { pending: { attributes: {} } }],
    ["provisioning.pending.steps", { pending: { steps: true } }],
    ["provisioning.pending.steps.seed", { pending: { steps: { seed: true } } }],
    ["provisioning.pending.steps.migrate", { pending: { steps: { migrate: "no" } } }],
    ["provisioning.pending.steps.tenant", { pending: { steps: { tenant: 1 } } }],
    [
      "provisioning.pending.steps.database",
      { pending: { steps: { migrate: false, database: true } } },
    ],
    ["provisioning.owner", { owner: "two words" }],
    ["provisioning.owner", { owner: "x".repeat(65) }],
    ["provisioning.operations", { operations: {} }],
    ["provisioning.operations[0].kind", { operations: [null] }],
    ["provisioning.operations[0].kind", { operations: [{ kind: "Back up", steps }] }],
    ["provisioning.operations[0].kind", { operations: [{ kind: "create", steps }] }],
    [
      "provisioning.operations[1].kind",
      {
        operations: [
          { kind: "a", steps },
          { kind: "a", steps },
        ],
      },
    ],
    ["provisioning.operations[0].steps", { operations: [{ kind: "a" }] }],
    ["provisioning.operations[0].steps", { operations: [{ kind: "a", steps: [] }] }],
    ["provisioning.operations[0].steps[0].name", { operations: [{ kind: "a", steps: [{ run }] }] }],
    [
      "provisioning.operations[0].steps[0].run",
      { operations: [{ kind: "a", steps: [{ name: "one" }] }] },
    ],
    [
      "provisioning.operations[0].steps[1].name",
      { operations: [{ kind: "a", steps: [...steps, ...steps] }] },
    ],
  ])("are refused at %s: %j", async (key, options) => {
    const thrown = await thrownBy(() => provisioning(options as ProvisioningOptions));

    expect(thrown).toBeInstanceOf(ConfigurationError);
    expect(thrown).toMatchObject({ key });
  });

  it("are copied, so that nobody changes them later", async () => {
    const options = { generateId: () => "first" };
    const operations = provisioning(options);
    options.generateId = () => "second";
    const tenancy = createTenancy({
      registry: memoryRegistry(),
      databases: memoryDatabases(),
      provisioning: operations,
    });
    await tenancy.start();

    const acme = await operations.create({ slug: "acme" });

    expect(acme.id).toBe("first");
  });
});
