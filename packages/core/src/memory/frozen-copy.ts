/** Copies a value of plain objects and arrays so that nobody, the giver included, can change the copy. */
export function frozenCopy<V>(value: V): V {
  return freeze(structuredClone(value));
}

function freeze<V>(value: V): V {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
