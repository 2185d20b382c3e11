import * as v from "valibot";

/**
 * The shapes of request bodies, as proto3 JSON reads them (protobuf.dev/programming-guides/json): a field that is null
 * is absent, fields that nobody asked for are passed over, and a list is not an object.
 */

type Fields = Record<string, unknown>;

/** An object of the language, which JSON also writes as `{…}`: not a list, not null. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const plainObject = v.custom<Fields>(isObject, "an object is due");

const dropNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** A message: known fields are checked, a null is absent. */
export function protoMessage<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  return v.pipe(plainObject, v.transform(dropNulls), v.object(entries));
}

/** An object of exactly these fields, where a mistake of the writer is to be told: the control, seeds. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<
  v.InferInput<v.StrictObjectSchema<Entries, undefined>>,
  v.InferOutput<v.StrictObjectSchema<Entries, undefined>>
> {
  const anObjectOfThese = v.custom<v.InferInput<v.StrictObjectSchema<Entries, undefined>>>(
    isObject,
    "an object is due",
  );
  return v.pipe(anObjectOfThese, v.strictObject(entries));
}

/** A map of texts by any key. */
export const stringMap = v.custom<Record<string, string>>(
  (value) => isObject(value) && Object.values(value).every((text) => typeof text === "string"),
  "an object of texts is due",
);

export const finiteNumber = v.pipe(v.number(), v.finite());

/** Letters and digits of any script, but no space, no control character and nothing invisible. */
export const emailAddress = v.pipe(
  v.string(),
  v.maxLength(254),
  v.regex(/^[^@\s\p{C}]+@[^@\s\p{C}]+$/u, "an email has an @"),
);

/** The last segment of a resource name. */
export const resourceId = v.pipe(v.string(), v.regex(/^[\w-]+$/, "an id is letters, digits, _ and -"));
