import * as v from "valibot";

/**
 * Schemas of request bodies in proto3 JSON (protobuf.dev/programming-guides/json): a null field counts as absent,
 * unknown fields are ignored, and a list is not an object.
 */

type Fields = Record<string, unknown>;

/** Whether a value is an object, and not a list or null. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const plainObject = v.custom<Fields>(isObject, "expected an object");

const dropNulls = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** A proto3 message: validates known fields and treats null as absent. */
export function protoMessage<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  return v.pipe(plainObject, v.transform(dropNulls), v.object(entries));
}

/** An object with exactly these fields. For the control and seeds, where an unknown field is a mistake. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.GenericSchema<
  v.InferInput<v.StrictObjectSchema<Entries, undefined>>,
  v.InferOutput<v.StrictObjectSchema<Entries, undefined>>
> {
  const anObjectOfThese = v.custom<v.InferInput<v.StrictObjectSchema<Entries, undefined>>>(
    isObject,
    "expected an object",
  );
  return v.pipe(anObjectOfThese, v.strictObject(entries));
}

/** An object whose values are strings. */
export const stringMap = v.custom<Record<string, string>>(
  (value) => isObject(value) && Object.values(value).every((text) => typeof text === "string"),
  "expected an object of strings",
);

export const finiteNumber = v.pipe(v.number(), v.finite());

/** Allows any script, but no spaces, control characters or invisible characters. */
export const emailAddress = v.pipe(
  v.string(),
  v.maxLength(254),
  v.regex(/^[^@\s\p{C}]+@[^@\s\p{C}]+$/u, "expected an email address"),
);

/** The last segment of a resource name. */
export const resourceId = v.pipe(
  v.string(),
  v.regex(/^[\w-]+$/, "an id contains only letters, digits, _ and -"),
);
