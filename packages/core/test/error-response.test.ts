import { describe, expect, it } from "vitest";
import {
  DatabaseOwnedError,
  errorResponse,
  InvalidHostError,
  NoTenantContextError,
  RegistryUnavailableError,
  TenantNotFoundError,
  WrongSideError,
} from "../src/index.ts";

describe("a tenancy error", () => {
  it("is told by its code, status and public message, never by its own message", () => {
    const error = new DatabaseOwnedError("t_secret_g1", 'tenant "globex-id"');

    const response = errorResponse(error);

    expect(response).toEqual({
      status: 409,
      headers: {},
      body: { error: { code: "DATABASE_OWNED", message: error.publicMessage } },
    });
    expect(JSON.stringify(response)).not.toMatch(/t_secret|globex/);
  });

  it("says when to try again where it knows", () => {
    const { status, headers } = errorResponse(new RegistryUnavailableError({ cause: "down" }));

    expect([status, headers]).toEqual([503, { "retry-after": "5" }]);
  });

  it("of the input tells nothing of the input", () => {
    const { status, body } = errorResponse(new InvalidHostError("<script>", "no"));

    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain("<script>");
  });

  it("of a mistake in the application is a 500 that says nothing", () => {
    const { status, body } = errorResponse(new NoTenantContextError("db.em()"));

    expect(status).toBe(500);
    expect(body.error.message).toBe("Something went wrong on our side.");
  });

  it("is recognised when another copy of the package made it", () => {
    const foreign = Object.assign(new RangeError("internal"), {
      [Symbol.for("@af-tenancy/error")]: true,
      code: "TENANT_NOT_FOUND",
      status: 404,
      publicMessage: "There is nothing here.",
    });

    expect(errorResponse(foreign)).toEqual(errorResponse(new TenantNotFoundError("slug", "x")));
  });

  it("of the wrong side has the words of an unknown tenant", () => {
    const unknown = errorResponse(new TenantNotFoundError("slug", "x"));
    const wrongSide = errorResponse(new WrongSideError("central", "tenant"));

    expect(wrongSide.status).toBe(unknown.status);
    expect(wrongSide.body.error.message).toBe(unknown.body.error.message);
  });
});

describe("another error", () => {
  it.each([
    [413, "PAYLOAD_TOO_LARGE"],
    [415, "UNSUPPORTED_MEDIA_TYPE"],
  ])("of a client, %i, is told apart as %s", (status, code) => {
    const error = Object.assign(new RangeError("the body of jo@example.com"), { status });

    const answer = errorResponse(error);

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.body.error.message).not.toContain("jo@example.com");
  });

  it.each([400, 404, 499])("of a client, %i, keeps its status and nothing else", (status) => {
    const error = Object.assign(new RangeError("the body of jo@example.com"), { status });

    expect(errorResponse(error)).toEqual({
      status,
      headers: {},
      body: { error: { code: "BAD_REQUEST", message: "The request is malformed." } },
    });
  });

  it.each([
    ["an error", new RangeError("secret")],
    ["an error with status 500", Object.assign(new RangeError("secret"), { status: 500 })],
    ["an error with status 302", Object.assign(new RangeError("secret"), { status: 302 })],
    ["an error with status 200", Object.assign(new RangeError("secret"), { status: 200 })],
    ["an error with a status of text", Object.assign(new RangeError("secret"), { status: "404" })],
    ["a text", "secret"],
    ["null", null],
    ["undefined", undefined],
    ["an AggregateError", new AggregateError([new TenantNotFoundError("slug", "secret")])],
  ])("that is %s is a plain 500", (_, error) => {
    expect(errorResponse(error)).toEqual({
      status: 500,
      headers: {},
      body: { error: { code: "INTERNAL_ERROR", message: "Something went wrong on our side." } },
    });
  });
});
