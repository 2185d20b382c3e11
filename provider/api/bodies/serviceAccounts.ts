import * as v from "valibot";

/** https://docs.developer.disruptive-technologies.com, service accounts */
export const ServiceAccountBody = v.object({
  /** `projects/P/serviceaccounts/S` */
  name: v.string(),
  email: v.string(),
  displayName: v.optional(v.string(), ""),
  enableBasicAuth: v.optional(v.boolean(), false),
  createTime: v.nullish(v.string(), ""),
  updateTime: v.nullish(v.string(), ""),
});
export type ServiceAccountBody = v.InferOutput<typeof ServiceAccountBody>;

export const KeyBody = v.object({
  /** `projects/P/serviceaccounts/S/keys/K` */
  name: v.string(),
  id: v.string(),
  createTime: v.nullish(v.string(), ""),
});
export type KeyBody = v.InferOutput<typeof KeyBody>;

/** The answer to a key's creation: the only one that ever holds the secret. */
export const NewKeyBody = v.object({ key: KeyBody, secret: v.pipe(v.string(), v.nonEmpty()) });
export type NewKeyBody = v.InferOutput<typeof NewKeyBody>;
