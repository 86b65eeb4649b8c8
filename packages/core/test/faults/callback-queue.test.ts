import fc from "fast-check";
import { expect, it } from "vitest";
import { ContextEndedError, type Tenancy } from "../../src/index.ts";
import { gate } from "../support/gate.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

/** Lets one in at a time and calls the next one back when somebody leaves: in the context of whoever leaves. */
class CallbackSemaphore {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  enter(callback: () => void): void {
    if (this.#taken) {
      this.#waiting.push(callback);
      return;
    }
    this.#taken = true;
    callback();
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}

it("F013: a callback that waits in globex runs as acme when acme leaves, and with bind as globex", async () => {
  const tenancy = await startTenancy();
  const semaphore = new CallbackSemaphore();
  const seen: string[] = [];
  const done = gate();

  const acmeStay = tenancy.run(acme, async () => {
    semaphore.enter(() => {});
    await done.opened;
    semaphore.leave();
    semaphore.leave();
  });
  const globexStay = tenancy.run(globex, async () => {
    semaphore.enter(() => seen.push(`plain ${tenancy.current()?.slug}`));
    semaphore.enter(tenancy.bind(() => void seen.push(`bound ${tenancy.current()?.slug}`)));
    await acmeStay;
  });
  done.open();
  await globexStay;

  expect(seen).toEqual(["plain acme", "bound globex"]);
});

it("F013: bound callbacks of two tenants never cross, whoever leaves first", async () => {
  const visits = fc.array(fc.constantFrom(acme, globex), { minLength: 2, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), visits, async (scheduler, list) => {
      const tenancy = await startTenancy();
      const semaphore = new CallbackSemaphore();

      const seen = await scheduler.waitFor(
        Promise.all(
          list.map((tenant) =>
            tenancy.run(tenant, async () => {
              const slug = await entered(tenancy, semaphore);
              await scheduler.schedule(Promise.resolve());
              semaphore.leave();
              return slug;
            }),
          ),
        ),
      );

      expect(seen).toEqual(list.map(({ slug }) => slug));
    }),
  );
});

it("F013: a bound callback that is called after its scope has ended throws and does not run", async () => {
  const tenancy = await startTenancy();
  const semaphore = new CallbackSemaphore();
  const seen: string[] = [];

  semaphore.enter(() => {});
  await tenancy.run(globex, () => semaphore.enter(tenancy.bind(() => void seen.push("ran"))));

  expect(() => semaphore.leave()).toThrow(ContextEndedError);
  expect(seen).toEqual([]);
});

/** Waits for its turn and gives whose callback ran. */
function entered(tenancy: Tenancy, semaphore: CallbackSemaphore): Promise<string> {
  return new Promise((resolve) => {
    semaphore.enter(tenancy.bind(() => resolve(tenancy.current()?.slug ?? "nobody")));
  });
}
