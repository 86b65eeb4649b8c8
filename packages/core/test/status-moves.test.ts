import { describe, expect, it } from "vitest";
import { checkMove, type StatusMove, statusMoves, type TenantStatus } from "../src/index.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const statuses = Object.keys(statusMoves) as TenantStatus[];
const names = [...new Set(statuses.flatMap((from) => Object.values(statusMoves[from])))];

describe("the table of moves", () => {
  it("lets no tenant go to where it is, and none leave what is being purged", () => {
    expect(statuses.filter((from) => statusMoves[from][from] !== undefined)).toEqual([]);
    expect(statusMoves.deleting).toEqual({});
  });

  it("frees nobody by the way: each call serves only whom its opposite had taken the service from", () => {
    const serving = statuses.filter((from) => statusMoves[from].active !== undefined);

    expect(Object.fromEntries(serving.map((from) => [from, statusMoves[from].active]))).toEqual({
      provisioning: "create",
      pending: "claim",
      inactive: "activate",
      suspended: "resume",
      blocked: "unblock",
      archived: "unarchive",
      deleted: "restore",
    });
  });

  it("can be changed by nobody", () => {
    expect(() => Object.assign(statusMoves, { deleting: { active: "restore" } })).toThrow(
      TypeError,
    );
  });
});

describe.each(statuses)("from %s", (status) => {
  it("exactly the moves of the table pass", async () => {
    for (const to of statuses) {
      for (const move of names) {
        const error = await thrownBy(() => checkMove({ ...acme, status }, move, to));
        const isAllowed = statusMoves[status][to] === move;

        expect(error === undefined, `${move} to ${to}`).toBe(isAllowed);
      }
    }
  });

  it("a refusal names the status, the wish and what is allowed", async () => {
    const error = await thrownBy(() => checkMove({ ...acme, status }, "claim", "deleting"));
    const allowed: StatusMove[] = [...new Set(Object.values(statusMoves[status]))];

    expect(error).toMatchObject({ code: "ILLEGAL_MOVE", status: 409, from: status, allowed });
    for (const part of [acme.id, status, "claim", ...allowed]) {
      expect((error as Error).message).toContain(`${part}`);
    }
    expect(error).toHaveProperty("publicMessage", expect.not.stringContaining(acme.id));
  });
});
