import * as v from "valibot";
import { emailAddress, strictObject, isObject, resourceId } from "../schemas/jsonSchemas";

const name = v.pipe(v.string(), v.nonEmpty());
const id = v.exactOptional(resourceId);
const plainObject = v.custom<Record<string, string>>(isObject, "an object is due");
const rolesByEmail = v.optional(v.pipe(plainObject, v.record(emailAddress, name)), {});

const accountSeed = strictObject({
  id,
  displayName: v.exactOptional(v.string()),
  enableBasicAuth: v.exactOptional(v.boolean()),
  keys: v.optional(v.array(strictObject({ id, secret: v.exactOptional(name) })), []),
});
const projectSeed = strictObject({
  id,
  displayName: name,
  inventory: v.exactOptional(v.boolean()),
  accounts: v.optional(v.array(accountSeed), []),
  members: rolesByEmail,
});

/**
 * The schema of a seed; a seed file is its JSON.
 * @internal
 */
export const seedSchema = strictObject({
  /** Organizations with their projects; in each a project's service accounts and its members by email. */
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
  /** People that have signed up. */
  users: v.optional(v.array(strictObject({ email: emailAddress, displayName: v.optional(name) })), []),
  /** The account that the five settings log in as: administers the first organization, made in its first project. */
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

/** What a cloud holds at first. Written out, so that users need no types of the library that checks it. */
export interface Seed {
  /** Organizations with their projects; in each a project's service accounts and its members by email. */
  organizations: SeedOrganization[];
  /** People that have signed up. */
  users?: { email: string; displayName?: string | undefined }[] | undefined;
  /** The account that the five settings log in as: administers the first organization, made in its first project. */
  admin?: SeedAdmin | undefined;
}

/** A small company: four projects, an admin account, a human administrator and a person without access. */
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
