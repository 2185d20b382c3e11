import type { StackValidationPolicy } from "@pulumi/policy";
import { milliseconds } from "../provider/contract/duration.js";
import { isA, peekText } from "./resources.js";

const day = 24 * 3_600_000;

/**
 * Every key must have a `rotateAfter` of at most this age, and no key can be older.
 *
 * @param oldest the maximum age, such as `90d`
 * @throws InvalidInput if `oldest` isn't a duration
 */
export function keyAge(oldest: string, asOf: () => Date): StackValidationPolicy {
  const most = milliseconds(oldest);
  return {
    name: "dt-key-age",
    description: `A key is rotated by the age of ${oldest}.`,
    enforcementLevel: "mandatory",
    validateStack({ resources }, report) {
      for (const key of resources) {
        if (!isA(key, "ServiceAccountKey")) continue;
        const rotateAfter = peekText(key, "rotateAfter");
        if (rotateAfter === undefined || !(milliseconds(rotateAfter) <= most)) {
          const is = rotateAfter === undefined ? "has no rotateAfter" : `has rotateAfter ${rotateAfter}`;
          report(`key "${key.name}" ${is}: set one of at most ${oldest}`, key.urn);
        }
        const age = asOf().getTime() - Date.parse(peekText(key, "createTime") ?? "");
        // One more day, because this update may be the one that rotates the key.
        if (age > most + day) {
          report(
            `key "${key.name}" is ${Math.floor(age / day)} days old: rotate it by \`pulumi up\``,
            key.urn,
          );
        }
      }
    },
  };
}
