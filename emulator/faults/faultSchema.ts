import { validateHeaderName, validateHeaderValue } from "node:http";
import * as v from "valibot";
import { strictObject, finiteNumber, stringMap } from "../schemas/jsonSchemas";

const moment = v.picklist(["beforeCommit", "afterCommit"]);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** The longest delay of Node's timers. */
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(2 ** 31 - 1));
/** Keeps the date of a Retry-After within JavaScript's range. */
const seconds = v.pipe(finiteNumber, v.minValue(-1e9), v.maxValue(1e9));

const headers = v.pipe(stringMap, v.check(areValidHeaders, "HTTP does not allow this header"));
const body = v.pipe(v.unknown(), v.check(isSerializable, "it cannot be serialized as JSON"));

const effect = v.variant("kind", [
  v.strictObject({ kind: v.literal("latency"), ms: milliseconds }),
  v.strictObject({
    kind: v.literal("respond"),
    status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
    body: v.exactOptional(body),
    headers: v.exactOptional(headers),
    retryAfter: v.exactOptional(
      strictObject({ seconds, as: v.exactOptional(v.picklist(["seconds", "date"])) }),
    ),
    when: v.exactOptional(moment),
  }),
  v.strictObject({ kind: v.literal("drop"), when: moment }),
  v.strictObject({ kind: v.literal("hang"), when: moment }),
  v.strictObject({ kind: v.literal("truncate"), bytes: count }),
]);

/** A fault in a control request. */
export const faultSchema = strictObject({
  method: v.exactOptional(v.string()),
  path: v.string(),
  caller: v.exactOptional(v.string()),
  effect,
  times: v.exactOptional(v.union([count, v.literal("untilCleared")])),
  skip: v.exactOptional(count),
});

function areValidHeaders(given: Record<string, string>): boolean {
  try {
    for (const [name, value] of Object.entries(given)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}

/** JSON.stringify throws on values that are nested too deeply. */
function isSerializable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
