/** A method of which nothing is known but that it is one. */
export type Method = (...args: unknown[]) => unknown;

/** Puts a method around an object's own or inherited one. */
export function replaceMethod(
  target: object,
  name: string,
  by: (original: Method) => Method,
): void {
  const value = by(Reflect.get(target, name));
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
}
