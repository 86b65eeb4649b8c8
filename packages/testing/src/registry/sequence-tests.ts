import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks that numbers are given once each. */
export function sequenceTests(make: MakeRegistry): void {
  it("begins each sequence at 1 and gives every number to one of racing callers", async () => {
    const registry = await make();
    const next = (name: string) => registry.transaction(({ sequences }) => sequences.next(name));

    const { values } = await outcomes(Array.from({ length: 20 }, () => () => next("tenants")));

    expect([...values].sort((one, other) => one - other)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect([await next("TENANTS"), await next("invoices"), await next("tenants")]).toEqual([
      1, 1, 21,
    ]);
  });

  it("gives a number again that a failed transaction took", async () => {
    const registry = await make();

    const failed = registry.transaction(async ({ sequences }) => {
      await sequences.next("tenants");
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });

    await expect(failed).rejects.toThrow("on purpose");
    expect(await registry.transaction(({ sequences }) => sequences.next("tenants"))).toBe(1);
  });
}
