import { waitingSeeders } from "@af-tenancy/testing";
import { startSeeded } from "../start-seeded.ts";

/** Seeds one tenant as another process of the application does, and waits in the middle. */
const { place, tenant, seeder } = JSON.parse(process.argv[2] ?? "");
const seeders = waitingSeeders(() => void process.stdout.write("begun\n"));
const { databases } = await startSeeded(place, seeders);
await databases.seeding?.run(tenant, { seeders: [seeder] });
