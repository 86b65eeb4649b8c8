import { chmod, lstat } from "node:fs/promises";
import type { Finding, Fix } from "./finding.ts";

/** Gives what can be done about a finding of the databases' own doctor, and taken back. */
export function fileFixOf({ check, subject }: Finding): Fix | undefined {
  if (check !== "sqlite/open-to-others") return undefined;
  return { does: `chmod o-w '${subject.replaceAll("'", "'\\''")}'`, act: () => close(subject) };
}

/** Never through a link, which may lead anywhere. */
async function close(path: string): Promise<void> {
  const { mode } = await lstat(path);
  await chmod(path, mode & 0o7775);
}
