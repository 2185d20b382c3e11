/** Pulumi treats an error of this shape as "created, but not finished". It records `properties` and shows `reasons`. */
interface PartialFailure {
  readonly message: string;
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];
}

const partialFailures = new WeakSet();

/** Returns a value to throw, so that Pulumi records what exists so far. */
export function partialFailure(id: string, properties: object, reason: string): PartialFailure {
  const failure = { message: reason, id, properties, reasons: [reason] };
  partialFailures.add(failure);
  return failure;
}

export const isPartialFailure = (error: unknown): boolean =>
  typeof error === "object" && error !== null && partialFailures.has(error);
