import { expect, it } from "vitest";
import { z } from "zod";
import { outputs } from "../src/outputs/outputs.ts";
import { applicationHere, jsonHere } from "./support/run-here.ts";

const changed = z.object({
  tenants: z.array(z.object({ status: z.string() })),
  changes: z.array(z.unknown()),
});

it("S061 S067: a tenant's whole life is told as its schemas say, and a dry run changes nothing of it", async () => {
  const folder = await applicationHere();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  const listed = async () => outputs.tenants.parse(await tell("tenant list --all"));
  const steps: [argv: string, status: string][] = [
    ["tenant create acme --domain acme.example.com --plan gold --homepage", "active"],
    [
      "tenant update acme --without-plan --expires 2090-01-31 --access read-only --name Acme",
      "active",
    ],
    ["tenant rename acme acme-europe", "active"],
    ["tenant suspend acme-europe --grace 3d --reason unpaid", "suspended"],
    ["tenant activate acme-europe", "active"],
    ["tenant archive acme-europe", "archived"],
    ["tenant activate acme-europe", "active"],
    ["tenant delete acme-europe --yes --grace 1d", "deleted"],
    ["tenant restore acme-europe", "active"],
  ];

  for (const [argv, status] of steps) {
    const before = await listed();
    const rehearsal = outputs.change.parse(await tell(`${argv} --dry-run`));
    expect(rehearsal).toMatchObject({ dryRun: true });
    expect(changed.parse(rehearsal).changes, argv).not.toEqual([]);
    expect(await listed(), argv).toEqual(before);

    const done = outputs.change.parse(await tell(argv));
    expect(done).toMatchObject({ dryRun: false });
    expect(changed.parse(done), argv).toMatchObject({ tenants: [{ status }] });
  }
  expect(outputs.tenant.parse(await tell("tenant show acme-europe"))).toMatchObject({
    tenant: { slug: "acme-europe", name: "Acme", plan: null, access: "read-only" },
    domains: [{ name: "acme.example.com", primary: true }],
    history: expect.arrayContaining([
      expect.objectContaining({ action: "tenant.suspended", reason: "unpaid" }),
    ]),
  });
  expect(outputs.status.parse(await tell("tenant status acme.example.com"))).toMatchObject({
    served: true,
    refusal: null,
    operation: null,
  });
});
