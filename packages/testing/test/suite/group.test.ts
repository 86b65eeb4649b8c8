import { expect, it } from "vitest";
import { group } from "../../src/suite/group.ts";

const ran: string[] = [];

group("kept", {}, () => {
  it("runs its tests", () => {
    ran.push("kept");
  });
});

group("left", { left: "this is the test of leaving out" }, () => {
  it("does not run its tests", () => {
    ran.push("left");
  });
});

it("declares every group but those with a reason", () => {
  expect(ran).toEqual(["kept"]);
});

it("does not take silence for a reason", () => {
  expect(() => group("left", { left: " " }, () => {})).toThrow("say why");
});
