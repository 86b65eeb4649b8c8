import { describe, expect, it } from "vitest";
import { isTenancyError, NoScopeError } from "../../src/index.ts";

describe("isTenancyError", () => {
  it.each([
    ["an error", new Error("no")],
    ["an object with code and status", { code: "TENANT_NOT_FOUND", status: 404 }],
    ["null", null],
    ["undefined", undefined],
    ["a text", "TENANT_NOT_FOUND"],
  ])("says no to %s", (_, value) => {
    expect(isTenancyError(value)).toBe(false);
  });

  it("does not put its mark where a log would print it", () => {
    expect(Object.keys(new NoScopeError("end"))).not.toContain("Symbol(@af-tenancy/error)");
    expect(JSON.stringify(new NoScopeError("end"))).toContain('"code":"NO_SCOPE"');
  });
});
