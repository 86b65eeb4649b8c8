import { checkKnownOptions, InvalidInputError, type SeedRequest } from "@af-tenancy/core";

/** Throws `InvalidInputError` or `ConfigurationError` for what no seeding can be asked. */
export function checkSeedRequest(request: SeedRequest): void {
  checkKnownOptions<SeedRequest>("seeding.run", request, {
    ...{ seeders: true, again: true, signal: true, onProgress: true },
  });
  const { again, signal, onProgress } = request;
  if (again !== undefined && typeof again !== "boolean") {
    throw new InvalidInputError("again", `of type ${typeof again}`, "give true or false");
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidInputError("signal", `of type ${typeof signal}`, "give an AbortSignal");
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidInputError("onProgress", `of type ${typeof onProgress}`, "give a function");
  }
}
