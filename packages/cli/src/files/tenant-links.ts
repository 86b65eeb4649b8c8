import { lstat, mkdir, readlink, symlink, unlink } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import type { TenantRecord } from "@af-tenancy/core";

/** Where the files of a tenant that everybody may see are, and where the link to them stands; absolute. */
export interface TenantLink {
  readonly folder: string;
  readonly link: string;
}

/** What became of a link. */
export type LinkState = "made" | "there" | "removed" | "absent";

/** Tells whether a pattern of paths gives each tenant another one. */
export function isOnePerTenant(pattern: string): boolean {
  return /\{(id|slug)\}/.test(pattern);
}

/** Fills in the patterns of both paths for a tenant; `undefined` where its id is no name of a file. */
export function linkOf(
  base: string,
  patterns: TenantLink,
  { id, slug }: Pick<TenantRecord, "id" | "slug">,
): TenantLink | undefined {
  if (![id, slug].every(isFileName)) return undefined;
  const filled = (pattern: string) =>
    resolve(
      base,
      pattern.replaceAll("{id}", () => id).replaceAll("{slug}", () => slug),
    );
  return { folder: filled(patterns.folder), link: filled(patterns.link) };
}

/** Makes folder and link where they are missing; gives `undefined` where something else has the link's name. */
export async function makeLink(
  { folder, link }: TenantLink,
  isRelative: boolean,
): Promise<LinkState | undefined> {
  const standing = await targetOf(link);
  if (standing !== undefined) return standing === folder ? "there" : undefined;
  await mkdir(folder, { recursive: true });
  await mkdir(dirname(link), { recursive: true });
  await symlink(isRelative ? relative(dirname(link), folder) : folder, link, "dir");
  return "made";
}

/** Removes a link and leaves what it leads to; gives `undefined` where something else has its name. */
export async function removeLink({ folder, link }: TenantLink): Promise<LinkState | undefined> {
  const standing = await targetOf(link);
  if (standing === undefined) return "absent";
  if (standing !== folder) return undefined;
  await unlink(link);
  return "removed";
}

function isFileName(text: string): boolean {
  return basename(text) === text && !["", ".", ".."].includes(text) && !/[\\\0]/.test(text);
}

/** Where what is there leads; `""` where it is no link, and `undefined` where nothing is there. */
async function targetOf(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  return found.isSymbolicLink() ? resolve(dirname(path), await readlink(path)) : "";
}
