/**
 * Takes the `!` off fields such as `id!: number`, which the compiler cannot bear beside a decorator; it means nothing at run
 * time. Only lines that begin as a field does are changed, and only by this one character.
 */
export function withoutDefiniteMarks(source: string): string {
  return source.replace(fieldLine, "$1 $2");
}

const fieldLine =
  /^([ \t]*(?:@.*[ \t])?(?:(?:public|private|protected|readonly|override)[ \t]+)*[\w$]+)!([ \t]*:)/gm;
