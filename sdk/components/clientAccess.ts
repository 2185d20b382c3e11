import * as pulumi from "@pulumi/pulumi";
import { Project, type ProjectArgs } from "../project.js";
import { ProjectAccess } from "../projectAccess.js";
import { ProjectRoleBinding } from "../projectRoleBinding.js";
import { ServiceAccount } from "../serviceAccount.js";
import type { ServiceAccountKey } from "../serviceAccountKey.js";
import { accountKey, type KeyArgs } from "./accountKey.js";

export interface ClientAccessArgs {
  /**
   * Your own project for this client, such as "Client B": its id or API name, or the arguments of a `Project` to create
   * it. Its administrators can create keys for the client's cloud.
   */
  project: pulumi.Input<string> | ProjectArgs;
  /** The client's name, which people see. */
  client: string;
  /** Your company's name, which the client sees in its list of members. */
  company: string;
  /**
   * Emails of people to make administrators of `project`, so that they can create and delete keys. Its other
   * administrators can do that, too.
   */
  keyMakers?: readonly string[];
  /**
   * What to do about other members of `project`, who may be able to create keys, too. `report` shows them as drift.
   * `enforce` removes the members that the preview named. This is the `mode` of a `ProjectAccess`.
   * @default no `ProjectAccess` is created
   */
  watch?: "report" | "enforce";
  /**
   * How to rotate, adopt and deliver the key. `false` creates no key.
   * @default a key that is an output and is never rotated
   */
  key?: KeyArgs | false;
}

/**
 * Your side of access to another company's cloud: an account in your cloud, named "CLIENT Access from COMPANY". The
 * client grants roles to its `email`. Until then, the account has no access. It never has access to your own projects.
 * You can rotate its key without the client.
 *
 * @example
 * ```ts
 * const b = new dt.ClientAccess("client-b", {
 *   project: { organization: "c11humqoss9000pgu53g", displayName: "Client B" },
 *   client: "Client B",
 *   company: "Company A",
 * });
 * export const handOver = b.email;
 * ```
 */
export class ClientAccess extends pulumi.ComponentResource {
  /** The project, if this component creates it. */
  readonly project: Project | undefined;
  readonly account: ServiceAccount;
  /** Undefined with `key: false`. */
  readonly key: ServiceAccountKey | undefined;
  /** The account's email. Give it to the client, who grants roles to it. It isn't a secret. */
  readonly email: pulumi.Output<string>;
  /** The key as the JSON file that the vendor's clients read. A Pulumi secret. Empty with `key: false`. */
  readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: ClientAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:ClientAccess", name, {}, opts);
    const { client, company, keyMakers = [], watch } = args;
    const child = { parent: this };
    this.project = isToCreate(args.project) ? new Project(name, args.project, child) : undefined;
    const project = this.project?.id ?? (args.project as pulumi.Input<string>);

    const displayName = `${client} Access from ${company}`;
    this.account = new ServiceAccount(name, { project, displayName }, child);
    for (const member of new Set(keyMakers)) {
      const binding = { project, member, role: "project.admin" };
      new ProjectRoleBinding(`${name}-${member}`, binding, child);
    }
    if (watch !== undefined) {
      new ProjectAccess(name, { project, members: keyMakers, mode: watch }, child);
    }
    ({ key: this.key, credentials: this.credentials } = accountKey(name, this.account, args.key, child));
    this.email = this.account.email;
    this.registerOutputs({ email: this.email, credentials: this.credentials });
  }
}

/** Whether an argument describes a project instead of naming one. */
const isToCreate = (project: ClientAccessArgs["project"]): project is ProjectArgs =>
  typeof project === "object" && "displayName" in project && !pulumi.Output.isInstance(project);
