import { readdirSync, readlinkSync } from "node:fs";

/** Gives the files below a folder that this process holds open, each as often as it does. */
export function openFiles(folder: string): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(folder) ? [target.slice(folder.length + 1)] : [];
    } catch {
      return []; // closed since it was listed
    }
  });
}
