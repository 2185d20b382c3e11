import * as pulumi from "@pulumi/pulumi";
import { ProjectRoleBinding, type ProjectRole } from "../projectRoleBinding.js";
import { bareId } from "../spelling.js";

export interface AccessGrantArgs {
  /** The email of a person, or of a service account of any company. */
  member: pulumi.Input<string>;
  /** The role in each project, with or without `roles/`. */
  role: pulumi.Input<ProjectRole>;
  /**
   * The projects: a list of ids, API names or results of `getProjects`, or a map from names that you choose to
   * projects. A map can contain outputs. An entry `{ project, expires }` has an end of its own. Removing a project
   * revokes the access to it.
   */
  projects:
    | readonly (
        | string
        | { readonly name: string }
        | {
            readonly project: string | { readonly name: string };
            readonly expires?: pulumi.Input<string> | undefined;
          }
      )[]
    | Readonly<
        Record<
          string,
          | pulumi.Input<string>
          | {
              readonly project: pulumi.Input<string>;
              readonly expires?: pulumi.Input<string> | undefined;
            }
        >
      >;
  /**
   * When the access ends in all projects: a date such as `2027-01-31`, which ends at the end of that day in UTC, or a
   * time in RFC 3339. An entry's own `expires` overrides this one.
   * @default the access has no end
   */
  expires?: pulumi.Input<string> | undefined;
  /** Adopts memberships that already exist and sets their role to `role`. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Allows removing or demoting the identity that Pulumi itself runs as. @default false */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * One member's access to many projects, with one role. Removing the grant, or a project from it, revokes the access.
 *
 * @example
 * ```ts
 * new dt.AccessGrant("company-a", { member: emailOfA, role: "project.admin", projects: ["c15j9p094l47cdv0o3pg"] });
 * ```
 */
export class AccessGrant extends pulumi.ComponentResource {
  /** The bindings, by the project's id or its name in the map. */
  readonly bindings: Readonly<Record<string, ProjectRoleBinding>>;
  /** The API names of the memberships, `projects/P/members/M`. Known when all of them exist. */
  readonly memberships: pulumi.Output<string[]>;

  constructor(name: string, args: AccessGrantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:AccessGrant", name, {}, opts);
    const { projects, expires: common, ...grant } = args;
    const labelled = byLabel(projects);
    this.bindings = Object.fromEntries(
      Object.entries(labelled).map(([label, { project, expires = common }]) => [
        label,
        new ProjectRoleBinding(
          `${name}-${label}`,
          { ...grant, project, ...(expires === undefined ? {} : { expires }) },
          { parent: this, aliases: aliasesOf(name, project, labelled) },
        ),
      ]),
    );
    this.memberships = pulumi.all(Object.values(this.bindings).map(({ id }) => id));
    this.registerOutputs({ memberships: this.memberships });
    if (Object.keys(this.bindings).length === 0) {
      // A filter that no longer matches any project revokes everything.
      void pulumi.log.warn("it has no projects: it grants nothing, and revokes what it granted before", this);
    }
  }
}

/** The projects by label. A project that is listed twice becomes one entry. */
function byLabel(projects: AccessGrantArgs["projects"]): Labelled {
  if (!isList(projects))
    return Object.fromEntries(Object.entries(projects).map(([label, entry]) => [label, entryOf(entry)]));
  const entries = projects.map((each): Entry<string> => {
    if (typeof each === "string") return { project: each };
    const { project, expires } = "name" in each ? { project: each, expires: undefined } : each;
    return { project: typeof project === "string" ? project : project.name, expires };
  });
  return Object.fromEntries(entries.map((entry) => [bareId(entry.project), entry]));
}

/** An entry of a map. An output or a promise is the project itself. */
function entryOf(entry: Entry | pulumi.Input<string>): Entry {
  const isPlain = typeof entry === "object" && !pulumi.Output.isInstance(entry) && "project" in entry;
  return isPlain ? entry : { project: entry };
}

/**
 * The name that the binding has in a list of projects. With this alias, changing the list to a map changes nothing in
 * the cloud.
 */
function aliasesOf(name: string, project: pulumi.Input<string>, labelled: Labelled): pulumi.Alias[] {
  if (typeof project !== "string" || bareId(project) in labelled) return [];
  return [{ name: `${name}-${bareId(project)}` }];
}

interface Entry<Project = pulumi.Input<string>> {
  readonly project: Project;
  readonly expires?: pulumi.Input<string> | undefined;
}
type Labelled = Readonly<Record<string, Entry>>;
type ProjectList = Extract<AccessGrantArgs["projects"], readonly unknown[]>;

const isList = (projects: AccessGrantArgs["projects"]): projects is ProjectList => Array.isArray(projects);
