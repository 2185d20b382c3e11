import * as v from "valibot";
import { apiId, apiName } from "../text/apiName.js";
import { idOf } from "../text/resourceNames.js";

/** https://docs.developer.disruptive-technologies.com, service accounts */
export const ServiceAccountBody = v.object({
  /** `projects/P/serviceaccounts/S` */
  name: apiName("projects/serviceaccounts"),
  email: v.string(),
  displayName: v.optional(v.string(), ""),
  enableBasicAuth: v.optional(v.boolean(), false),
  createTime: v.nullish(v.string(), ""),
  updateTime: v.nullish(v.string(), ""),
});
export type ServiceAccountBody = v.InferOutput<typeof ServiceAccountBody>;

export const KeyBody = v.pipe(
  v.object({
    /** `projects/P/serviceaccounts/S/keys/K` */
    name: apiName("projects/serviceaccounts/keys"),
    /** The last part of the name. */
    id: apiId,
    createTime: v.nullish(v.string(), ""),
  }),
  v.check(({ name, id }) => idOf(name) === id),
);
export type KeyBody = v.InferOutput<typeof KeyBody>;

/** The answer to a key's creation. No other answer ever contains the secret. */
export const NewKeyBody = v.object({ key: KeyBody, secret: v.pipe(v.string(), v.nonEmpty()) });
export type NewKeyBody = v.InferOutput<typeof NewKeyBody>;
