/** Texts of the commands that write a module. */
export interface MakeTexts {
  badName(name: string): string;
  noProject(folder: string): string;
  there(path: string): string;
  done(path: string): string;
  noFramework(names: string): string;
  readonly framework: string;
}
