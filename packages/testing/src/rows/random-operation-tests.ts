import type { Tenant } from "@af-tenancy/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { testScale } from "../fixtures/test-scale.ts";
import type { MakeSharedTables } from "./shared-tables-contract.ts";
import type { SharedTablesManager } from "./shared-tables-harness.ts";

type Operation = readonly [who: number, what: number, key: number];

/** Checks random operations of three tenants with the same keys against what each alone would have. */
export function randomOperationTests(make: MakeSharedTables, scale: number): void {
  it("C130: finds no crossing in random operations of three tenants with the same keys", {
    timeout: 120_000,
  }, async () => {
    const subject = await make();
    const { Note } = subject.entities;
    const operation = fc.tuple(fc.nat(2), fc.nat(8), fc.integer({ min: 1, max: 4 }));

    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        const tenants = await Promise.all([subject.add(), subject.add(), subject.add()]);
        const models = tenants.map(() => new Map<number, string>());
        await Promise.all(
          tenants.map((tenant, who) =>
            play(subject, Note, tenant, who, models[who] ?? new Map(), operations),
          ),
        );
        for (const [who, tenant] of tenants.entries()) {
          const rows = await subject.admin(
            `select id, text from note where tenant_id = '${tenant.id}' order by id`,
          );
          const expected = [...(models[who] ?? [])].sort(([one], [other]) => one - other);
          expect(rows.map(({ id, text }) => [Number(id), text])).toEqual(expected);
          await subject.drop(tenant);
        }
      }),
      { numRuns: Math.max(3, Math.ceil(150 * testScale() * scale)) },
    );
  });
}

/** Plays one tenant's operations in their order, while the others play theirs. */
async function play(
  { run }: Pick<Awaited<ReturnType<MakeSharedTables>>, "run">,
  note: unknown,
  tenant: Tenant,
  me: number,
  model: Map<number, string>,
  operations: readonly Operation[],
): Promise<void> {
  for (const [step, [who, what, key]] of operations.entries()) {
    if (who !== me) continue;
    const text = `${me}:${step}`;
    await run(tenant, (em) => operate(em.fork(), note, model, what, key, text));
  }
}

async function operate(
  em: SharedTablesManager,
  note: unknown,
  model: Map<number, string>,
  what: number,
  key: number,
  text: string,
): Promise<void> {
  const there = model.has(key);
  const update = { text };
  if (what === 0) await em.upsert(note, { id: key, text });
  else if (what === 1) await em.upsertMany(note, [{ id: key, text }]);
  else if (what === 2 && !there) await em.insert(note, { id: key, text });
  else if (what === 3 && !there) {
    em.create(note, { id: key, text });
    await em.flush();
  } else if (what === 4 && there) await em.nativeUpdate(note, { id: key }, update);
  else if (what === 5 && there) {
    Object.assign(em.getReference(note, key), update);
    await em.flush();
  } else if (what === 6) {
    await em.createQueryBuilder(note).update(update).execute();
    for (const one of model.keys()) model.set(one, text);
    return;
  } else if (what === 7) {
    await em.nativeDelete(note, { id: key });
    model.delete(key);
    return;
  } else {
    const found = await em.find(note, {}, { orderBy: { id: 1 } });
    const expected = [...model].sort(([one], [other]) => one - other);
    expect(found.map((row) => [row.id, row.text])).toEqual(expected);
    return;
  }
  model.set(key, text);
}
