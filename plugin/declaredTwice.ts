import { kindOf, nameIn } from "../provider/stack/urns.js";

/** The URNs of the resources that have declared something, by what they declare. A process serves one run. */
const declaredBy = new Map<string, string>();
/** What each resource has declared last, by its URN. */
const declaredLast = new Map<string, string>();

/**
 * Refuses a second resource that declares the same thing with the same credentials. They would undo each other's work:
 * deleting one removes what the other declares, and two roles change back and forth.
 *
 * @param thing undefined if the resource names nothing
 */
export function declaredTwice(thing: string | undefined, urn: string): string[] {
  if (urn === "") return [];
  const before = declaredLast.get(urn);
  if (before !== undefined && before !== thing) {
    // The engine checks a resource again after it has changed its inputs.
    declaredLast.delete(urn);
    declaredBy.delete(before);
  }
  if (thing === undefined) return [];
  const other = declaredBy.get(thing) ?? urn;
  if (other === urn) {
    declaredBy.set(thing, urn);
    declaredLast.set(urn, thing);
    return [];
  }
  const [first, second] = [other, urn].map((each) => `${kindOf(each)} "${nameIn(each)}"`);
  return [
    `two resources declare the same thing, ${thing}: ${first ?? ""} and ${second ?? ""}. Each would remove it from the other, so keep only one of them`,
  ];
}
