import { describe } from "vitest";
import { byteEqualityTests } from "../store/byte-equality-tests.ts";
import { listTests } from "../store/list-tests.ts";
import { referenceTests } from "../store/reference-tests.ts";
import type { MakeStore } from "../store/tenant-store-harness.ts";
import { elapse } from "../suite/elapse.ts";
import { forThisTest } from "../suite/for-this-test.ts";
import { group } from "../suite/group.ts";
import { accessTests } from "./access-tests.ts";
import { auditTests } from "./audit-tests.ts";
import { centralDomainTests } from "./central-domain-tests.ts";
import type { CentralRegistryHarness, MakeRegistry } from "./central-registry-harness.ts";
import { changeTests } from "./change-tests.ts";
import { concurrencyTests } from "./concurrency-tests.ts";
import { domainDirectoryTests } from "./domain-directory-tests.ts";
import { domainTests } from "./domain-tests.ts";
import { historyTests } from "./history-tests.ts";
import { insertTests } from "./insert-tests.ts";
import { leaseTests } from "./lease-tests.ts";
import { ledgerTests } from "./ledger-tests.ts";
import { migrationPlanTests } from "./migration-plan-tests.ts";
import { namedLeaseTests } from "./named-lease-tests.ts";
import { operationTests } from "./operation-tests.ts";
import { outboxTests } from "./outbox-tests.ts";
import { removalTests } from "./removal-tests.ts";
import { schemaTests } from "./schema-tests.ts";
import { secrecyTests } from "./secrecy-tests.ts";
import { sequenceTests } from "./sequence-tests.ts";
import { serverTests } from "./server-tests.ts";
import { severalProcessesTests } from "./several-processes-tests.ts";
import { transactionTests } from "./transaction-tests.ts";
import { updateTests } from "./update-tests.ts";

/**
 * Checks that a registry keeps tenants, domains, operations, changes and the ledger as every `CentralRegistry` must.
 *
 * @example centralRegistryContract("memory", { create: () => memoryRegistry() });
 */
export function centralRegistryContract(name: string, harness: CentralRegistryHarness): void {
  const { leftOut } = harness;
  const make: MakeRegistry = () =>
    forThisTest(
      () => harness.create(),
      (registry) => harness.destroy?.(registry),
    );
  const pass = (milliseconds: number) => harness.elapse?.(milliseconds) ?? elapse(milliseconds);

  describe(`central registry: ${name}`, () => {
    group("references", leftOut, () => referenceTests(filled(make)));
    group("byte equality", leftOut, () => byteEqualityTests(filled(make)));
    group("list", leftOut, () => listTests(filled(make)));
    group("inserts", leftOut, () => insertTests(make));
    group("updates", leftOut, () => updateTests(make));
    group("removals", leftOut, () => removalTests(make));
    group("domains", leftOut, () => domainTests(make));
    group("transactions", leftOut, () => transactionTests(make));
    group("concurrent transactions", leftOut, () => concurrencyTests(make));
    group("operations", leftOut, () => operationTests(make));
    group("leases", leftOut, () => leaseTests(make, pass));
    group("named leases", leftOut, () => namedLeaseTests(make, pass));
    group("ledger", leftOut, () => ledgerTests(make));
    group("outbox", leftOut, () => outboxTests(make));
    group("changes", leftOut, () => changeTests(make));
    group("domain directory", leftOut, () => domainDirectoryTests(make));
    group("servers", leftOut, () => serverTests(make));
    group("central domains", leftOut, () => centralDomainTests(make, harness.join));
    group("audit", leftOut, () => auditTests(make));
    group("accesses", leftOut, () => accessTests(make));
    group("sequences", leftOut, () => sequenceTests(make));
    group("schemas", leftOut, () => schemaTests(make));
    group("migration plans", leftOut, () => migrationPlanTests(make));
    group("history", leftOut, () => historyTests(make));
    group("several processes", leftOut, () => severalProcessesTests(make, harness.join));
    group("secrets", leftOut, () => secrecyTests(make, harness.breakTables));
  });
}

/** The store of a registry into which the contents of a store test were written. */
function filled(make: MakeRegistry): MakeStore {
  return async ({ tenants, domains = [] }) => {
    const registry = await make();
    await registry.transaction(async (transaction) => {
      for (const tenant of tenants) {
        const own = domains.filter(({ tenantId }) => tenantId === tenant.id);
        await transaction.tenants.insert(
          tenant,
          own.map(({ name, primary, verifiedAt }) => ({ name, primary, verifiedAt })),
        );
      }
    });
    return registry.store;
  };
}
