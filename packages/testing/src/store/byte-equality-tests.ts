import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, tenantRecord } from "../fixtures/tenant-record.ts";
import type { MakeStore } from "./tenant-store-harness.ts";

/** Checks that no collation, folding or trimming makes two values equal. */
export function byteEqualityTests(make: MakeStore): void {
  it("F030: finds nothing by a value that only looks like the right one", async () => {
    const store = await make({
      tenants: [acme({ id: "acme-id" })],
      domains: [{ ...tenantDomain("acme.example.com"), tenantId: "acme-id" }],
    });

    for (const value of lookalikes("acme")) {
      expect(await store.find({ by: "slug", value }), JSON.stringify(value)).toBeUndefined();
    }
    for (const value of lookalikes("acme-id")) {
      expect(await store.find({ by: "id", value }), JSON.stringify(value)).toBeUndefined();
    }
    for (const value of lookalikes("acme.example.com")) {
      expect(await store.find({ by: "domain", value }), JSON.stringify(value)).toBeUndefined();
    }
  });

  it("F030: keeps tenants apart whose slugs a collation would take for equal", async () => {
    const slugs = ["acme", "ACME", "acmé", "acme ", "strasse", "straße"];
    const tenants = slugs.map((slug, index) => tenantRecord({ id: `tenant-${index}`, slug }));
    const store = await make({ tenants });

    for (const { id, slug } of tenants) {
      expect((await store.find({ by: "slug", value: slug }))?.id, slug).toBe(id);
    }
  });

  it("keeps tenants apart whose ids differ in case only", async () => {
    const tenants = [
      tenantRecord({ id: "tenant-a", slug: "lower" }),
      tenantRecord({ id: "TENANT-A", slug: "upper" }),
    ];
    const store = await make({ tenants });

    expect((await store.find({ by: "id", value: "tenant-a" }))?.slug).toBe("lower");
    expect((await store.find({ by: "id", value: "TENANT-A" }))?.slug).toBe("upper");
  });
}

function lookalikes(value: string): readonly string[] {
  return [
    value.toUpperCase(),
    value.replace("e", "é"),
    value.replace("e", "e\u0301"),
    value.replace("a", "\uff41"), // full-width a
    value.replace("a", "\u0430"), // Cyrillic a
    `${value} `,
    ` ${value}`,
    `${value}\u00a0`,
    `${value}\u00ad`, // soft hyphen
    `${value}\0`,
    `${value}.`,
    `${value}%`,
    value.replace("c", "_"),
    value.slice(0, -1),
  ];
}
