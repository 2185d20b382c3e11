import * as pulumi from "@pulumi/pulumi";
import { ProjectRoleBinding, type ProjectRole } from "../projectRoleBinding.js";
import { bareId } from "../spelling.js";

export interface AccessGrantArgs {
  /** Email of a person or of any company's service account. */
  member: pulumi.Input<string>;
  /** The role in each project, with or without `roles/`. */
  role: pulumi.Input<ProjectRole>;
  /**
   * The projects: ids, names or what `getProjects` returns; or a map of them by names of your own, which may hold what is not known
   * before the update. Taking one out takes the access away.
   */
  projects: readonly (string | { readonly name: string })[] | Readonly<Record<string, pulumi.Input<string>>>;
  /** Takes over memberships that exist already, and brings them to `role`. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Allows removing or demoting the identity that Pulumi itself runs as. @default false */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * One member's access to many projects, in one role. Removing it, or a project from it, revokes at once.
 *
 * @example
 * ```ts
 * new dt.AccessGrant("company-a", { member: emailOfA, role: "project.admin", projects: ["c15j9p094l47cdv0o3pg"] });
 * ```
 */
export class AccessGrant extends pulumi.ComponentResource {
  /** By the project's id, or its name in the map. */
  readonly bindings: Readonly<Record<string, ProjectRoleBinding>>;
  /** Names of the memberships, `projects/P/members/M`, once all of them exist. */
  readonly memberships: pulumi.Output<string[]>;

  constructor(name: string, args: AccessGrantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:AccessGrant", name, {}, opts);
    const { projects, ...grant } = args;
    const labelled = byLabel(projects);
    this.bindings = Object.fromEntries(
      Object.entries(labelled).map(([label, project]) => [
        label,
        new ProjectRoleBinding(
          `${name}-${label}`,
          { ...grant, project },
          { parent: this, aliases: aliasesOf(name, project, labelled) },
        ),
      ]),
    );
    this.memberships = pulumi.all(Object.values(this.bindings).map(({ id }) => id));
    this.registerOutputs({ memberships: this.memberships });
    if (Object.keys(this.bindings).length === 0) {
      // A filter that fits nothing any more takes everything away.
      void pulumi.log.warn("it has no projects: it grants nothing, and revokes what it granted before", this);
    }
  }
}

/** A project that comes twice is one. */
function byLabel(projects: AccessGrantArgs["projects"]): ProjectMap {
  if (!isList(projects)) return projects;
  const names = projects.map((project) => (typeof project === "string" ? project : project.name));
  return Object.fromEntries(names.map((name) => [bareId(name), name]));
}

/** The name that a binding has where the projects are a list: a list that becomes a map changes nothing in the cloud. */
function aliasesOf(name: string, project: pulumi.Input<string>, labelled: ProjectMap): pulumi.Alias[] {
  if (typeof project !== "string" || bareId(project) in labelled) return [];
  return [{ name: `${name}-${bareId(project)}` }];
}

type ProjectMap = Readonly<Record<string, pulumi.Input<string>>>;
type ProjectList = Exclude<AccessGrantArgs["projects"], ProjectMap>;

const isList = (projects: AccessGrantArgs["projects"]): projects is ProjectList => Array.isArray(projects);
