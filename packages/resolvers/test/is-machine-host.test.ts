import { describe, expect, it } from "vitest";
import { isMachineHost } from "../src/is-machine-host.ts";

describe("isMachineHost", () => {
  it.each([
    "localhost",
    "127.0.0.1",
    "127.1",
    "127.0.0.0x1",
    "2130706433",
    "0177.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "0x",
    "acme.0x1",
    "acme.example.1",
    "256.256.256.256",
    "[::1]",
    "[::ffff:127.0.0.1]",
  ])("F024: %j names a machine", (host) => {
    expect(isMachineHost(host)).toBe(true);
  });

  it.each([
    "acme.localhost",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "1password.com",
    "acme.1a",
    "acme.0xg",
    "acme.x1",
  ])("F024: %j may name a tenant", (host) => {
    expect(isMachineHost(host)).toBe(false);
  });
});
