import * as v from "valibot";
import {
  emailAddress,
  finiteNumber,
  strictObject,
  isObject,
  resourceId,
  stringMap,
} from "../schemas/jsonSchemas";

const name = v.pipe(v.string(), v.nonEmpty());
const id = v.exactOptional(resourceId);
const plainObject = v.custom<Record<string, string>>(isObject, "expected an object");
const rolesByEmail = v.optional(v.pipe(plainObject, v.record(emailAddress, name)), {});

const accountSeed = strictObject({
  id,
  displayName: v.exactOptional(v.string()),
  enableBasicAuth: v.exactOptional(v.boolean()),
  keys: v.optional(v.array(strictObject({ id, secret: v.exactOptional(name) })), []),
});
const count = v.exactOptional(v.pipe(finiteNumber, v.integer(), v.minValue(0)));
const projectSeed = strictObject({
  id,
  displayName: name,
  inventory: v.exactOptional(v.boolean()),
  labels: v.exactOptional(stringMap),
  sensorCount: count,
  cloudConnectorCount: count,
  accounts: v.optional(v.array(accountSeed), []),
  members: rolesByEmail,
});

/**
 * The schema of a seed, and of the JSON in a seed file.
 * @internal
 */
export const seedSchema = strictObject({
  /** Organizations with their projects, service accounts, and members by email. */
  organizations: v.pipe(
    v.array(
      strictObject({
        id,
        displayName: name,
        members: rolesByEmail,
        projects: v.optional(v.array(projectSeed), []),
      }),
    ),
    v.minLength(1),
  ),
  /** People who have signed up. */
  users: v.optional(v.array(strictObject({ email: emailAddress, displayName: v.optional(name) })), []),
  /** The account that the five settings log in as. Created in the first project; administers its organization. */
  admin: v.optional(
    strictObject({
      id,
      displayName: v.optional(name),
      keyId: v.optional(resourceId),
      secret: v.optional(name),
    }),
    {},
  ),
}) satisfies v.GenericSchema<Seed, unknown>;

/** Roles by email, each with or without `roles/`. */
type RolesByEmail = Record<string, string>;

interface SeedAccount {
  id?: string;
  displayName?: string;
  enableBasicAuth?: boolean;
  keys?: { id?: string; secret?: string }[] | undefined;
}

interface SeedProject {
  id?: string;
  displayName: string;
  inventory?: boolean;
  labels?: Record<string, string>;
  /** The number of sensors in the project. A project with devices can't be deleted. */
  sensorCount?: number;
  cloudConnectorCount?: number;
  accounts?: SeedAccount[] | undefined;
  members?: RolesByEmail | undefined;
}

interface SeedOrganization {
  id?: string;
  displayName: string;
  members?: RolesByEmail | undefined;
  projects?: SeedProject[] | undefined;
}

interface SeedAdmin {
  id?: string;
  displayName?: string | undefined;
  keyId?: string | undefined;
  secret?: string | undefined;
}

/** The initial content of a cloud. Written out, so that the public types do not need the schema library. */
export interface Seed {
  /** Organizations with their projects, service accounts, and members by email. */
  organizations: SeedOrganization[];
  /** People who have signed up. */
  users?: { email: string; displayName?: string | undefined }[] | undefined;
  /** The account that the five settings log in as. Created in the first project; administers its organization. */
  admin?: SeedAdmin | undefined;
}

/** A small company: four projects, an admin account, a human admin and a person without access. */
export const defaultSeed: Seed = {
  organizations: [
    {
      displayName: "Example Company",
      members: { "ada@example.com": "organization.admin" },
      projects: [
        { displayName: "System Service Accounts" },
        { displayName: "Development" },
        { displayName: "Staging" },
        { displayName: "Production" },
      ],
    },
  ],
  users: [
    { email: "ada@example.com", displayName: "Ada Admin" },
    { email: "grace@example.com", displayName: "Grace Known" },
  ],
  admin: { displayName: "Pulumi" },
};
