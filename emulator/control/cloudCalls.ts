import * as v from "valibot";
import { parentOf } from "../cloud/ids";
import type { Cloud } from "../cloud/outOfBand";
import { strictObject, finiteNumber, stringMap } from "../schemas/jsonSchemas";

/** An invalid request to the control. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

const text = v.string();
const id = v.exactOptional(text);
const location = strictObject({
  latitude: v.nullable(finiteNumber),
  longitude: v.nullable(finiteNumber),
  timeLocation: text,
});

const projectFields = {
  inventory: v.exactOptional(v.boolean()),
  sensorCount: v.exactOptional(finiteNumber),
  cloudConnectorCount: v.exactOptional(finiteNumber),
  location: v.exactOptional(location),
  labels: v.exactOptional(stringMap),
};
const accountFields = { displayName: v.exactOptional(text), enableBasicAuth: v.exactOptional(v.boolean()) };
const keyFields = { secret: v.exactOptional(text), createTime: v.exactOptional(text) };

/** The kinds of resources and their fields, by the collection segment of their names. */
const resourceKinds = {
  organizations: resourceKind("organizations", undefined, { id, displayName: text }, { displayName: id }),
  projects: resourceKind(
    "projects",
    undefined,
    { id, organization: text, displayName: text, ...projectFields },
    { displayName: id, organization: id, ...projectFields },
  ),
  serviceaccounts: resourceKind("accounts", "project", { id, ...accountFields }, accountFields),
  keys: resourceKind("keys", "account", { id, ...keyFields }, keyFields),
  members: resourceKind(
    "members",
    "scope",
    { email: text, roles: v.array(text) },
    {
      roles: v.exactOptional(v.array(text)),
      ...{ displayName: id, status: id, email: id, accountType: id, createTime: id },
    },
  ),
  users: resourceKind(
    "users",
    undefined,
    { email: text, displayName: id, known: v.exactOptional(v.boolean()) },
    { email: id, displayName: id, known: v.exactOptional(v.boolean()) },
  ),
};

type Shelves = Omit<Cloud, "mails" | "credentials" | "acceptInvitation">;
type AnyShelf = {
  list: (parent?: string) => object[];
  get: (name: string) => object | undefined;
  create: (input: never) => object;
  update: (name: string, changes: never) => object;
  delete: (name: string) => boolean;
};

function resourceKind(
  shelf: keyof Shelves,
  parent: string | undefined,
  toCreate: v.ObjectEntries,
  toChange: v.ObjectEntries,
): { shelf: keyof Shelves; parent: string | undefined; create: AnySchema; change: AnySchema } {
  return { shelf, parent, create: strictObject(toCreate), change: strictObject(toChange) };
}

type AnySchema = v.BaseSchema<unknown, object, v.BaseIssue<unknown>>;

/** Reads or changes a resource, or a list (a name that ends with a collection), out of band. @throws {ControlError} */
export function handleCloudCall(cloud: Cloud, method: string, name: string, body: unknown): object {
  const segments = name.split("/");
  const isList = segments.length % 2 === 1;
  const collection = segments.at(isList ? -1 : -2) ?? "";
  if (!isCollection(collection))
    throw new ControlError(
      404,
      `unknown collection "${collection}": use ${Object.keys(resourceKinds).join(", ")}`,
    );
  const { shelf: shelfName, parent, create, change } = resourceKinds[collection];
  const shelf: AnyShelf = cloud[shelfName];
  if (isList) {
    const parentName = segments.slice(0, -1).join("/");
    if (method === "GET") return { [collection]: shelf.list(parentName === "" ? undefined : parentName) };
    if (method !== "POST")
      throw new ControlError(405, "a list supports GET and POST only", { Allow: "GET, POST" });
    const given = { ...parseBody(create, body), ...(parent === undefined ? {} : { [parent]: parentName }) };
    return shelf.create(given as never);
  }
  if (method === "POST")
    throw new ControlError(405, `send the POST to the list: ${parentOf(name)}/${collection}`, {
      Allow: "GET, PATCH, DELETE",
    });
  if (!shelf.get(name)) throw new ControlError(404, `${name} does not exist`);
  if (method === "PATCH") return shelf.update(name, parseBody(change, body) as never);
  if (method === "DELETE") return { deleted: shelf.delete(name) };
  return shelf.get(name) ?? {};
}

const isCollection = (word: string): word is keyof typeof resourceKinds => Object.hasOwn(resourceKinds, word);

/** Validates a body. @throws {ControlError} naming the field */
export function parseBody<Output>(
  schema: v.BaseSchema<unknown, Output, v.BaseIssue<unknown>>,
  body: unknown,
): Output {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ControlError(400, `${v.getDotPath(issue) ?? "the body"}: ${issue.message}`);
}
