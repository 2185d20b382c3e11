import * as v from "valibot";

const moment = v.picklist(["beforeCommit", "afterCommit"]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const effect = v.variant("kind", [
  v.strictObject({ kind: v.literal("latency"), ms: v.pipe(v.number(), v.minValue(0)) }),
  v.strictObject({
    kind: v.literal("respond"),
    status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
    body: v.exactOptional(v.unknown()),
    headers: v.exactOptional(v.record(v.string(), v.string())),
    retryAfter: v.exactOptional(
      v.strictObject({ seconds: v.number(), as: v.exactOptional(v.picklist(["seconds", "date"])) }),
    ),
    when: v.exactOptional(moment),
  }),
  v.strictObject({ kind: v.literal("drop"), when: moment }),
  v.strictObject({ kind: v.literal("hang"), when: moment }),
  v.strictObject({ kind: v.literal("truncate"), bytes: count }),
]);

/** A fault as it comes over HTTP. */
export const faultSchema = v.strictObject({
  method: v.exactOptional(v.string()),
  path: v.string(),
  caller: v.exactOptional(v.string()),
  effect,
  times: v.exactOptional(v.union([count, v.literal("untilCleared")])),
  skip: v.exactOptional(count),
});
