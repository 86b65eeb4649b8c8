import type { Tenant } from "@af-tenancy/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  PersonRecord,
  ResourceSyncingHarness,
  ResourceSyncingSubject,
} from "./resource-syncing-harness.ts";

/**
 * Checks that records are kept alike in the central database and in the tenants that have them, and only there.
 *
 * @example resourceSyncingContract("sqlite", { start });
 */
export function resourceSyncingContract(name: string, { start }: ResourceSyncingHarness): void {
  describe(`resource syncing: ${name}`, { timeout: 60_000 }, () => {
    let subject: ResourceSyncingSubject;
    let lost = false;

    beforeAll(async () => {
      subject = await start((step) => {
        if (!lost) return subject.syncing.perform(step as never);
      });
    }, 60_000);
    afterAll(() => subject?.close());

    const inTenant = (tenant: Tenant, globalId: string) =>
      subject.run(tenant, (em) => em.findOne(subject.entities.Person, { globalId }));
    const inCentral = (globalId: string) =>
      subject.central().findOne(subject.entities.CentralPerson, { globalId });
    const everywhere = async (globalId: string) => {
      const records = await Promise.all(subject.tenants.map((one) => inTenant(one, globalId)));
      return [await inCentral(globalId), ...records];
    };
    const make = (tenant: Tenant, values: Partial<PersonRecord> & { globalId: string }) =>
      subject.run(tenant, async (em) => {
        em.create(subject.entities.Person, { name: tenant.slug, role: tenant.slug, ...values });
        await em.flush();
      });
    const change = (tenant: Tenant, globalId: string, values: Partial<PersonRecord>) =>
      subject.run(tenant, async (em) => {
        Object.assign((await em.findOne(subject.entities.Person, { globalId })) ?? {}, values);
        await em.flush();
      });
    const changeCentral = async (globalId: string, values: Partial<PersonRecord>) => {
      const em = subject.central();
      Object.assign((await em.findOne(subject.entities.CentralPerson, { globalId })) ?? {}, values);
      await em.flush();
    };
    const makeCentral = async (globalId: string) => {
      const em = subject.central();
      const record = em.create(subject.entities.CentralPerson, {
        ...{ globalId, name: "central", role: "owner" },
      });
      await em.flush();
      return record as object;
    };
    const heard = () => {
      const events: string[] = [];
      const tell = (name: string, tenantId: string | null) =>
        void events.push(`${name} ${slugOf(tenantId)}`);
      const slugOf = (id: string | null) =>
        subject.tenants.find((one) => one.id === id)?.slug ?? "central";
      const removes = [
        subject.events.on("resourceChanged", ({ tenantId }) => tell("changed", tenantId)),
        subject.events.on("resourceSynced", ({ tenantId }) => tell("synced", tenantId)),
      ];
      return () => {
        for (const remove of removes) remove();
        return events.sort();
      };
    };

    it("C152 C153: has one central record for those of tenants, and moves synced fields alone, each once", async () => {
      const [acme, globex] = subject.tenants;
      const born = new Date(0);
      await make(acme, { globalId: "ann", email: "ann@a" });
      await make(globex, { globalId: "ann", email: "ann@g" });

      expect((await inCentral("ann"))?.role).toBe("member");
      expect((await inTenant(acme, "ann"))?.email).toBe("ann@g");
      const stop = heard();
      await change(acme, "ann", { name: "Ann", role: "boss" });
      expect(stop()).toEqual(["changed acme", "synced central", "synced globex"]);
      const stopped = heard();
      await change(globex, "ann", { role: "guest", born });
      expect(stopped()).toEqual([]);

      const [central, ofAcme, ofGlobex, ofThird] = await everywhere("ann");
      expect([central?.name, ofAcme?.name, ofGlobex?.name]).toEqual(["Ann", "Ann", "Ann"]);
      expect([central?.role, ofAcme?.role, ofGlobex?.role]).toEqual(["member", "boss", "guest"]);
      expect([central?.born, ofAcme?.born, ofGlobex?.born]).toEqual([null, null, born]);
      expect(ofThird).toBeNull();
    });

    it("C154: gives a record to the tenants it is attached to, and takes it from those it is detached from", async () => {
      const [acme, globex] = subject.tenants;
      const record = await makeCentral("bob");
      await subject.syncing.attachRecords(record, [acme, globex]);
      expect((await inTenant(globex, "bob"))?.role).toBe("member");
      const stop = heard();
      await subject.syncing.attachRecords(record, [acme]);
      expect(stop()).toEqual([]);

      await subject.syncing.detachRecords([record], [acme]);

      const [central, ofAcme, ofGlobex] = await everywhere("bob");
      expect([central?.name, ofAcme, ofGlobex?.name]).toEqual(["central", null, "central"]);
      const left = await subject.syncing.mappings({ globalId: "bob" });
      expect(left.map(({ tenantId }) => tenantId)).toEqual([globex.id]);
    });

    it("C155: moves to the trash, out of it, and removes with the central record, and in one tenant for itself", async () => {
      const [acme, globex, initech] = subject.tenants;
      const deletedAt = new Date(1_000);
      await subject.syncing.attachRecords(await makeCentral("cid"), subject.tenants);
      await subject.run(initech, async (em) => {
        const own = await em.findOne(subject.entities.Person, { globalId: "cid" });
        await em.remove(own ?? {}).flush();
      });
      await change(acme, "cid", { deletedAt });
      expect((await everywhere("cid")).map((one) => one?.deletedAt)).toEqual([
        ...[null, deletedAt, null],
        undefined,
      ]);

      await changeCentral("cid", { deletedAt });
      expect((await inTenant(globex, "cid"))?.deletedAt).toEqual(deletedAt);
      await changeCentral("cid", { deletedAt: null });
      expect((await inTenant(acme, "cid"))?.deletedAt).toBeNull();
      const em = subject.central();
      const central = await em.findOne(subject.entities.CentralPerson, { globalId: "cid" });
      await em.remove(central ?? {}).flush();

      expect(await everywhere("cid")).toEqual([null, null, null, null]);
      expect(await subject.syncing.mappings({ globalId: "cid" })).toEqual([]);
    });

    it("C152 C157: delivers what was left, in any order, and nothing twice", async () => {
      const [acme, globex, initech] = subject.tenants;
      await subject.syncing.attachRecords(await makeCentral("dan"), [acme, globex]);
      lost = true;
      await change(acme, "dan", { name: "of acme" });
      await changeCentral("dan", { name: "of central", email: "dan@central" });
      await make(initech, { globalId: "eve" });
      await change(globex, "dan", { email: "dan@globex" });
      lost = false;

      const { failures } = await subject.syncing.deliver();

      expect(failures).toEqual([]);
      const [central, ...tenants] = await everywhere("dan");
      expect([central?.name, central?.email]).toEqual(["of acme", "dan@globex"]);
      for (const own of tenants.slice(0, 2)) {
        expect([own?.name, own?.email]).toEqual(["of acme", "dan@globex"]);
      }
      expect((await inCentral("eve"))?.name).toBe(initech.slug);
      expect((await subject.syncing.deliver()).steps).toBe(0);
    });

    it("C152 X01: keeps tenants apart that have the same keys, whoever is done first", async () => {
      const [acme, globex, initech] = subject.tenants;
      await subject.syncing.attachRecords(await makeCentral("flo"), [acme, globex]);
      await Promise.all([
        make(acme, { id: 1_000, globalId: "only-acme" }),
        make(globex, { id: 1_000, globalId: "only-globex" }),
        change(acme, "flo", { name: "Flo" }),
        change(globex, "flo", { email: "flo@globex" }),
      ]);

      await subject.syncing.deliver();

      expect(await inTenant(globex, "only-acme")).toBeNull();
      expect(await inTenant(acme, "only-globex")).toBeNull();
      expect((await inTenant(acme, "only-acme"))?.id).toBe(1_000);
      expect((await inTenant(globex, "only-globex"))?.id).toBe(1_000);
      expect(await inTenant(initech, "flo")).toBeNull();
      const [central, ofAcme, ofGlobex] = await everywhere("flo");
      for (const one of [central, ofAcme, ofGlobex]) {
        expect([one?.name, one?.email]).toEqual(["Flo", "flo@globex"]);
      }
    });
  });
}
