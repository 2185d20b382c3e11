import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { unknown, type Properties } from "../provider/lifecycle/properties.js";

/**
 * Property values as Pulumi sends them: a secret is an object with a signature, and an unknown value is a fixed text.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
const signature = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";
const outputKind = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stand for unknown values whose type is known: a boolean, a number, a list, an asset, an archive or an object. */
const typedUnknowns: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Properties without the marks of secrets, and the names of those that hold a secret anywhere. */
export interface Given {
  readonly plain: Properties;
  readonly secrets: ReadonlySet<string>;
}

export function fromStruct(struct: Struct | undefined): Given {
  const plain: Properties = {};
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries(struct?.toJavaScript() ?? {})) {
    const opened = open(value);
    plain[name] = opened.plain;
    if (opened.isSecret) secrets.add(name);
  }
  return { plain, secrets };
}

/** @param secrets the names of the properties to mark as secret. The empty text is never marked */
export function toStruct(properties: object, secrets: ReadonlySet<string> = new Set()): Struct {
  const entries = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]) => [
      name,
      secrets.has(name) && value !== "" ? { [signature]: secretKind, value } : value,
    ]);
  return Struct.fromJavaScript(Object.fromEntries(entries) as Record<string, JavaScriptValue>);
}

interface Opened {
  readonly plain: unknown;
  readonly isSecret: boolean;
}

function open(value: unknown): Opened {
  if (typeof value !== "object" || value === null)
    return { plain: typedUnknowns.has(value) ? unknown : value, isSecret: false };
  if (Array.isArray(value)) {
    const items = value.map(open);
    return { plain: items.map(({ plain }) => plain), isSecret: items.some(({ isSecret }) => isSecret) };
  }
  const object = value as Properties;
  if (object[signature] === secretKind) return { plain: open(object.value).plain, isSecret: true };
  if (object[signature] === outputKind)
    return {
      plain: "value" in object ? open(object.value).plain : unknown,
      isSecret: object.secret === true,
    };
  const entries = Object.entries(object).map(([name, inner]) => [name, open(inner)] as const);
  return {
    plain: Object.fromEntries(entries.map(([name, { plain }]) => [name, plain])),
    isSecret: entries.some(([, { isSecret }]) => isSecret),
  };
}
