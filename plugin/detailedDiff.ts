import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { isEqual, isObject } from "../provider/lifecycle/properties.js";

type Change = "add" | "update" | "delete";

/**
 * The places in a property at which two values differ, such as `rotationTriggers.incident` or `members[2]`. Pulumi
 * shows them, and compares them with `replaceOnChanges`.
 */
export function differences(name: string, old: unknown, present: unknown): Map<string, Change> {
  if (isEqual(old, present)) return new Map();
  const kind = changeOf(old, present);
  if (!isObject(old) || !isObject(present) || Array.isArray(old) !== Array.isArray(present))
    return new Map([[name, kind]]);
  const keys = [...new Set([...Object.keys(old), ...Object.keys(present)])];
  if (keys.some(isUnwritable)) return new Map([[name, kind]]);
  return new Map(
    keys.flatMap((key) => [
      ...differences(`${name}${step(key, Array.isArray(old))}`, old[key], present[key]),
    ]),
  );
}

/** The kind of change between two values that differ. */
export function changeOf(old: unknown, present: unknown): Change {
  if (old === undefined) return "add";
  return present === undefined ? "delete" : "update";
}

/** @param isInput whether the change is one of the inputs, and not of the state */
export function propertyDiff(change: Change, isReplacement: boolean, isInput = false): PropertyDiff {
  const message = new PropertyDiff();
  message.setKind(messageKinds[change][isReplacement ? 1 : 0]);
  message.setInputdiff(isInput);
  return message;
}

const { Kind } = PropertyDiff;
const messageKinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
} as const;

/** Whether no path can hold a key: in quotes, a backslash before the last quote escapes it. */
const isUnwritable = (key: string): boolean => isQuoted(key) && key.endsWith("\\");

const isQuoted = (key: string): boolean => !/^[^.[\]"]+$/.test(key);

/** A step in Pulumi's property paths. */
function step(key: string, isIndex: boolean): string {
  if (isIndex) return `[${key}]`;
  return isQuoted(key) ? `["${key.replaceAll('"', '\\"')}"]` : `.${key}`;
}
