import { isTenancyError, type TenantRecord, type TenantStatus } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type CallName, call, callNames } from "./calls.ts";
import { startLife } from "./life.ts";
import { type ModelTenant, modelCall } from "./model.ts";

const begin: readonly TenantStatus[] = ["active", "inactive", "provisioning", "failed", "pending"];
const names = fc.constantFrom(...callNames);
const first = fc.constantFrom(...begin);

it("S030: any sequence of calls does what the model of the table says", async () => {
  await fc.assert(
    fc.asyncProperty(first, fc.array(names, { maxLength: 30 }), async (status, calls) => {
      const { tenants, add, read, acts } = await startLife();
      await add({ slug: "acme", status });
      const other = await add({ slug: "globex" });
      let model: ModelTenant = { status, former: undefined };
      let moved = 0;

      for (const name of calls) {
        const { after, outcome } = modelCall(model, name);
        expect(await outcomeOf(call(tenants, name, "acme"), 1 + moved)).toBe(outcome);
        model = after;
        if (outcome === "moved") moved += 1;
        expect(modelOf(await read("acme"))).toEqual(model);
      }

      const { outbox, audit } = await acts();
      expect([outbox.length, audit]).toEqual([moved, outbox]);
      expect(await read("globex")).toEqual(other);
    }),
    { numRuns: Math.ceil(500 * testScale()) },
  );
});

it("of moves of one tenant at once, those that are made are legal one after the other, and no other is", async () => {
  await fc.assert(
    fc.asyncProperty(
      first,
      fc.array(names, { minLength: 2, maxLength: 4 }),
      async (status, calls) => {
        const shared = await startLife();
        await shared.add({ slug: "acme", status });
        const processes = await Promise.all(calls.map(() => shared.join()));

        const outcomes = await Promise.all(
          processes.map(({ tenants }, index) =>
            tenants[calls[index] as CallName]("acme").then(
              () => "passed",
              (error: unknown) => (isTenancyError(error) ? error.code : error),
            ),
          ),
        );

        const after = modelOf(await shared.read("acme"));
        const { outbox } = await shared.acts();
        const orders = permutations(
          calls.map((name, index) => ({ name, outcome: outcomes[index] })),
        );
        const explains = orders.some((order) => {
          let model: ModelTenant = { status, former: undefined };
          let moved = 0;
          const agrees = order.every(({ name, outcome }) => {
            const answer = modelCall(model, name);
            model = answer.after;
            if (answer.outcome === "moved") moved += 1;
            return outcome === (answer.outcome === "refused" ? "ILLEGAL_MOVE" : "passed");
          });
          return agrees && moved === outbox.length && same(model, after);
        });
        expect(explains, JSON.stringify({ status, calls, outcomes, after, outbox })).toBe(true);
      },
    ),
    { numRuns: Math.ceil(500 * testScale()) },
  );
});

async function outcomeOf(moving: Promise<TenantRecord>, version: number): Promise<unknown> {
  try {
    return (await moving).version === version ? "there already" : "moved";
  } catch (error) {
    return isTenancyError(error) && error.code === "ILLEGAL_MOVE" ? "refused" : error;
  }
}

function modelOf(tenant: TenantRecord | undefined): ModelTenant | undefined {
  return tenant && { status: tenant.status, former: tenant.formerStatus };
}

function same(one: ModelTenant, other: ModelTenant | undefined): boolean {
  return one.status === other?.status && one.former === other.former;
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, index) =>
    permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [one, ...rest]),
  );
}
