import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { AdmissionOptions, TenancyRequest } from "../src/index.ts";
import { ConfigurationError } from "../src/index.ts";
import { MaintenancePass } from "../src/maintenance-pass.ts";
import { acme } from "./support/tenants.ts";

const maintenance = { message: "Back at noon.", retryAfter: 600, allowed: ["192.0.2.0/24"] };
const request: TenancyRequest = {
  ...{ method: "GET", url: "/", rawHeaders: [], remoteAddress: "192.0.2.7" },
};

it.each<[string, () => unknown, string]>([
  ["a number", () => 42, "a value of type number"],
  ["a list", () => ["192.0.2.7"], "a value of type object"],
  ["a promise", async () => "192.0.2.7", "a promise"],
  ["a promise that fails", () => Promise.reject(new RangeError("no proxy")), "a promise"],
])(
  "C101: lets nobody pass, and says what to give, where the address is %s",
  async (_, give, what) => {
    const ask = () => lets(give);

    expect(ask).toThrow(ConfigurationError);
    expect(ask).toThrow(
      `Option "admission.clientAddress" is a function that gave ${what}: have it give the address as a text`,
    );
    await setImmediate(); // where a rejection that nobody handles would end the test
  },
);

it.each([undefined, null, "", "nobody", "198.51.100.7"])(
  "C101: lets nobody pass where the address is %j",
  (address) => {
    expect(lets(() => address)).toBe(false);
    expect(lets(() => "192.0.2.7")).toBe(true);
  },
);

function lets(clientAddress: () => unknown): boolean {
  const options = { clientAddress } as AdmissionOptions;
  return new MaintenancePass(undefined, Date, options).lets(acme, maintenance, request);
}
