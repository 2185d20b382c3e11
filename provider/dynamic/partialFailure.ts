/** What Pulumi takes for "created, but not finished": it records `properties`, and shows `reasons`. */
interface PartialFailure {
  readonly message: string;
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];
}

const partialFailures = new WeakSet();

/** A value to be thrown, so that what was created so far is recorded. */
export function partialFailure(id: string, properties: object, reason: string): PartialFailure {
  const failure = { message: reason, id, properties, reasons: [reason] };
  partialFailures.add(failure);
  return failure;
}

export const isPartialFailure = (error: unknown): boolean =>
  typeof error === "object" && error !== null && partialFailures.has(error);
