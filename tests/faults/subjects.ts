import type { Match } from "../../emulator";
import type { Scene } from "./scene";
import type { Properties } from "../engine/harness/providerProcess";
import type { Program, Type } from "./stack";

/** One resource to test, in its own scene. */
export interface Subject {
  readonly type: Type;
  /** Its name in the program. */
  readonly name: string;
  readonly inputs: Properties;
  /** The request that creates it. */
  readonly creation: Match;
  /** The request that looks for it if its creation was not answered. */
  readonly look: Match;
  /** A resource that another person might create at the same moment, so that it looks like ours. */
  readonly lookalike: () => { name: string };
}

/** A program with only this resource. */
export const programOf = ({ name, type, inputs }: Subject, more: Properties = {}): Program => ({
  [name]: [type, { ...inputs, ...more }],
});

/** The resources that create something. */
export const subjects: Readonly<Record<Type, (scene: Scene) => Subject>> = {
  project: ({ client, world }) => ({
    type: "project",
    name: "client",
    inputs: { organization: world.organization, displayName: client, labels: { customer: "b" } },
    creation: { method: "POST", path: "/v2/projects" },
    look: { method: "GET", path: "/v2/projects" },
    lookalike: () => world.cloud.projects.create({ organization: world.organization, displayName: client }),
  }),
  serviceAccount: ({ home, world }) => ({
    type: "serviceAccount",
    name: "erp",
    inputs: { project: home, displayName: "ERP" },
    creation: { method: "POST", path: `/v2/${home}/serviceaccounts` },
    look: { method: "GET", path: `/v2/${home}/serviceaccounts` },
    lookalike: () => world.cloud.accounts.create({ project: home, displayName: "ERP" }),
  }),
  serviceAccountKey: ({ account, world }) => ({
    type: "serviceAccountKey",
    name: "key",
    inputs: { serviceAccount: account },
    creation: { method: "POST", path: `/v2/${account}/keys` },
    look: { method: "GET", path: `/v2/${account}/keys` },
    lookalike: () => world.cloud.keys.create({ account }),
  }),
  projectRoleBinding: ({ home, person, world }) => ({
    type: "projectRoleBinding",
    name: "role",
    inputs: { project: home, member: person, role: "project.user" },
    creation: { method: "POST", path: `/v2/${home}/members` },
    look: { method: "GET", path: `/v2/${home}/members` },
    lookalike: () =>
      world.cloud.members.create({ scope: home, email: person, roles: ["roles/project.admin"] }),
  }),
  orgAdminBinding: ({ person, world }) => ({
    type: "orgAdminBinding",
    name: "admin",
    inputs: { organization: world.organization, member: person },
    creation: { method: "POST", path: `/v2/${world.organization}/members` },
    look: { method: "GET", path: `/v2/${world.organization}/members` },
    lookalike: () =>
      world.cloud.members.create({
        scope: world.organization,
        email: person,
        roles: ["roles/organization.admin"],
      }),
  }),
};

export const types = Object.keys(subjects) as Type[];
