import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { newOperation } from "./new-operation.ts";
import { withTenants } from "./with-tenants.ts";

const long = 60_000;
const short = 20;

/** Checks who may work on an operation, and for how long. */
export function leaseTests(
  makeEmpty: MakeRegistry,
  elapse: (milliseconds: number) => Promise<void>,
): void {
  async function opened() {
    const registry = await withTenants(makeEmpty);
    await registry.transaction(({ operations }) => operations.open(newOperation()));
    return {
      claim: (owner: string, milliseconds: number, id = "operation-1") =>
        registry.transaction(({ operations }) => operations.claim(id, owner, milliseconds)),
      save: (owner: string, progress: object, id = "operation-1") =>
        registry.transaction(({ operations }) => operations.save(id, owner, progress)),
      read: () => registry.transaction(({ operations }) => operations.find({ id: "operation-1" })),
    };
  }

  it("gives the lease to the one who claims it", async () => {
    const { claim, read } = await opened();

    const claimed = await claim("first", long);

    expect(claimed).toMatchObject({ state: "running", leaseOwner: "first", attempt: 1 });
    expect(claimed?.leaseUntil).toBeTypeOf("number");
    expect(await read()).toEqual(claimed);
  });

  it("refuses another owner as long as the lease runs", async () => {
    const { claim, read } = await opened();
    const held = await claim("first", long);

    expect(await claim("second", long)).toBeUndefined();
    expect(await read()).toEqual(held);
  });

  it("lets its owner renew the lease without a new attempt", async () => {
    const { claim } = await opened();
    const first = await claim("first", long);

    const renewed = await claim("first", 2 * long);

    expect(renewed).toMatchObject({ leaseOwner: "first", attempt: 1 });
    expect(renewed?.leaseUntil).toBeGreaterThan(first?.leaseUntil ?? Number.POSITIVE_INFINITY);
  });

  it("F057: lets another owner take over an expired lease, and its old owner write no more", async () => {
    const { claim, save, read } = await opened();
    await claim("zombie", short);
    await elapse(5 * short);

    const taken = await claim("second", long);

    expect(taken).toMatchObject({ leaseOwner: "second", attempt: 2 });
    expect(await rejectionCode(save("zombie", { done: ["one"] }))).toBe("STALE_OPERATION");
    expect(await claim("zombie", long)).toBeUndefined();
    expect(await read()).toEqual(taken);
  });

  it("lets the owner of an expired lease write as long as nobody took it over", async () => {
    const { claim, save } = await opened();
    await claim("first", short);
    await elapse(5 * short);

    const saved = await save("first", { done: ["one"] });

    expect(saved).toMatchObject({ done: ["one"], leaseOwner: "first", attempt: 1 });
  });

  it("gives an expired lease to exactly one of racing owners", async () => {
    const { claim } = await opened();
    await claim("zombie", short);
    await elapse(5 * short);
    const owners = ["a", "b", "c", "d", "e", "f", "g", "h"];

    const { values, errors } = await outcomes(owners.map((owner) => () => claim(owner, long)));

    expect(errors).toEqual([]);
    expect(values.filter((value) => value !== undefined)).toHaveLength(1);
  });

  it("refuses progress from someone without the lease", async () => {
    const { claim, save, read } = await opened();

    expect(await rejectionCode(save("first", { done: ["one"] }))).toBe("STALE_OPERATION");
    const held = await claim("first", long);
    expect(await rejectionCode(save("FIRST", { done: ["one"] }))).toBe("STALE_OPERATION");
    expect(await rejectionCode(save("first", {}, "nothing"))).toBe("STALE_OPERATION");

    expect(await read()).toEqual(held);
  });

  it("writes exactly the progress that is given", async () => {
    const { claim, save, read } = await opened();
    await claim("first", long);

    const noted = await save("first", { error: "lost connection", done: ["one"] });
    const moved = await save("first", { generation: 2, done: ["one", "two"] });
    const cleared = await save("first", { error: undefined });

    expect(noted).toMatchObject({ error: "lost connection", done: ["one"], generation: 1 });
    expect(moved).toMatchObject({ error: "lost connection", done: ["one", "two"], generation: 2 });
    expect(cleared).toMatchObject({ done: ["one", "two"], generation: 2, state: "running" });
    expect(cleared.error).toBeUndefined();
    expect(await read()).toEqual(cleared);
  });

  it("frees the lease of an operation that failed, so that anybody may try again at once", async () => {
    const { claim, save } = await opened();
    await claim("first", long);

    const failed = await save("first", { state: "failed", error: "no space" });
    const again = await claim("second", long);

    expect(failed).toMatchObject({ state: "failed", error: "no space" });
    expect([failed.leaseOwner, failed.leaseUntil]).toEqual([undefined, undefined]);
    expect(again).toMatchObject({ state: "running", leaseOwner: "second", attempt: 2 });
  });

  it("gives no lease of an operation that is over or unknown", async () => {
    const { claim, save } = await opened();
    await claim("first", long);
    await save("first", { state: "done" });

    expect(await claim("first", long)).toBeUndefined();
    expect(await claim("second", long)).toBeUndefined();
    expect(await claim("second", long, "nothing")).toBeUndefined();
    expect(await rejectionCode(save("first", { state: "running" }))).toBe("STALE_OPERATION");
  });
}
