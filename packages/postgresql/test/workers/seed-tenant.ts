import { randomUUID } from "node:crypto";
import type { MakeSeeders } from "@af-tenancy/testing";
import { startSeeded } from "../start-seeded.ts";

/** Seeds one tenant as another process of the application does, and waits in the middle. */
const { place, tenant, seeder } = JSON.parse(process.argv[2] ?? "");

function* notes(count: number) {
  for (let text = 0; text < count; text += 1) {
    yield { id: randomUUID(), text: String(text).padStart(4, "0") };
  }
}

function wait(): Promise<void> {
  process.stdout.write("begun\n");
  return new Promise((resolve) => setTimeout(resolve, 600_000));
}

type Context = { readonly em: { insertMany(entity: unknown, rows: object[]): Promise<unknown> } };

const seeders = (note: unknown) => ({
  async whole({ em }: Context) {
    await em.insertMany(note, [...notes(30)]);
    await wait();
  },
  batched: {
    ...{ entity: note, batch: 10 },
    async *rows() {
      yield* notes(35);
      await wait();
    },
  },
});
const { databases } = await startSeeded(place, seeders as unknown as MakeSeeders);
await databases.seeding?.run(tenant, { seeders: [seeder] });
