/** A Markdown file, by its path in the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}
