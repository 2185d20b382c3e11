import type { Claim } from "./claimIndex.js";
import type { Recorded } from "./stackState.js";

/** A resource that holds a thing. The first of its names is the one that the thing has in the API. */
export interface Holder extends Claim {
  /** Its outputs, where only Pulumi's state told of it; secrets in them are encrypted. */
  readonly outputs?: Recorded["outputs"];
}

/** Finds the recorded resources of a kind that hold one of these things. */
export function recordedHolders(
  recorded: readonly Recorded[],
  kind: string,
  names: readonly string[],
): readonly Holder[] {
  const index = indexOf(recorded);
  return names.flatMap((name) => index.get(keyOf(kind, name)) ?? []);
}

/** The names of all things that recorded resources hold, those that Pulumi still has to delete included. */
export const recordedNames = (recorded: readonly Recorded[]): string[] => recorded.flatMap(namesIn);

const indexes = new WeakMap<readonly Recorded[], ReadonlyMap<string, Holder[]>>();

/** Without resources that Pulumi still has to delete, and those that a program only reads. */
function indexOf(recorded: readonly Recorded[]): ReadonlyMap<string, Holder[]> {
  const known = indexes.get(recorded);
  if (known !== undefined) return known;
  const index = new Map<string, Holder[]>();
  for (const resource of recorded) {
    if (resource.delete || resource.external) continue;
    const { urn, outputs } = resource;
    const names = namesIn(resource);
    const holder: Holder = { urn, madeAt: textOf(outputs.madeAt), names, outputs };
    for (const name of names) {
      const key = keyOf(kindOf(urn), name);
      index.set(key, [...(index.get(key) ?? []), holder]);
    }
  }
  indexes.set(recorded, index);
  return index;
}

const keyOf = (kind: string, name: string): string => `${kind} ${name}`;

/** The kind of a resource: `pulumi-nodejs:dynamic/dt:ServiceAccount` and a plugin's `disruptive:index:ServiceAccount` are one. */
export const kindOf = (urn: string): string => /[:/]([^:/$]+)::[^:]*$/.exec(urn)?.[1] ?? "";

/** The names of the things that a recorded resource holds. */
function namesIn({ id, outputs }: Recorded): string[] {
  const parent = id.split("/").slice(0, -2).join("/");
  const [memberId, member, keyId, previousKeyId] = [
    outputs.memberId,
    outputs.member,
    outputs.keyId,
    outputs.previousKeyId,
  ].map(textOf);
  const inCollection = (collection: string, ids: readonly (string | undefined)[]) =>
    ids.flatMap((each) => (each === undefined ? [] : [`${parent}/${collection}/${each}`]));
  if (keyId !== undefined) return inCollection("keys", [keyId, previousKeyId]);
  if (memberId !== undefined) return inCollection("members", [memberId, member]);
  return [id];
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
