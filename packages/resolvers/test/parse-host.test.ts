import { describe, expect, it } from "vitest";
import { parseHost } from "../src/parse-host.ts";

class Refusal extends Error {}

function refuse(text: string, reason: string): never {
  throw new Refusal(`${text}: ${reason}`);
}

// The grammar itself is tested where it meets requests (canonical-host) and registration (canonical-domain).
describe("parseHost", () => {
  it("gives the host itself when it is canonical already", () => {
    expect(parseHost("acme.example.com", refuse)).toBe("acme.example.com");
  });

  it("leaves it to the caller what is thrown, and tells it the text and the reason", () => {
    expect(() => parseHost("acme..com", refuse)).toThrow(Refusal);
    expect(() => parseHost("acme..com", refuse)).toThrow("acme..com: a part between its dots is");
  });
});
