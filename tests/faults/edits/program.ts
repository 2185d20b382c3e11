import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../../sdk";

export type Place = "staging" | "production" | "organization";
export type Person = "ann" | "bob" | "cy";

/** One membership that the program declares. */
export interface Grant {
  readonly person: Person;
  readonly place: Place;
  /** The address in the program. */
  address: string;
  /** The resource's name. */
  name: string;
  /** The component that contains it; undefined if there is none. */
  team: string | undefined;
  /** A role of a project. */
  role: "project.user" | "project.developer" | "project.admin";
  /** Its earlier names, given to Pulumi. */
  aliases: string[];
  /** Whether it has its own provider. */
  isElsewhere: boolean;
  deleteFirst: boolean;
}

/** The names of the resources that declare a system's account and its key. */
export interface System {
  readonly account: string;
  readonly key: string;
}

/** The facts about the cloud that the program needs. */
export interface Cloud {
  readonly names: Readonly<Record<Place, string>>;
  readonly provider: dt.ProviderArgs;
  /** The system's account and key exist before the program, so it adopts them. */
  readonly system: {
    readonly home: string;
    readonly account: string;
    readonly keyId: string;
    readonly secret: string;
  };
}

const teamType = "test:index:Team";
const types = {
  project: "pulumi-nodejs:dynamic/dt:ProjectRoleBinding",
  organization: "pulumi-nodejs:dynamic/dt:OrgAdminBinding",
} as const;

export const urnOf = ({ place, name, team }: Grant): string => {
  const type = place === "organization" ? types.organization : types.project;
  return `urn:pulumi:test::test::${team === undefined ? "" : `${teamType}$`}${type}::${name}`;
};

/** The program as a person would write it. */
export const programOf = (grants: readonly Grant[], system: System, cloud: Cloud) => () => {
  const { home, account, keyId, secret } = cloud.system;
  new dt.ServiceAccount(system.account, { project: home, displayName: "ERP", adopt: account });
  new dt.ServiceAccountKey(system.key, { serviceAccount: account, adopt: keyId, secret });
  const provider = new dt.Provider("second", cloud.provider);
  const teams = new Map(
    [...new Set(grants.flatMap(({ team }) => team ?? []))].map((team) => [
      team,
      new pulumi.ComponentResource(teamType, team),
    ]),
  );
  for (const grant of grants) {
    const parent = grant.team === undefined ? undefined : teams.get(grant.team);
    const opts: pulumi.CustomResourceOptions = {
      aliases: grant.aliases.map((name) => ({ name })),
      deleteBeforeReplace: grant.deleteFirst,
      ...(parent === undefined ? {} : { parent }),
      ...(grant.isElsewhere ? { provider } : {}),
    };
    const { name, place, address: member, role } = grant;
    if (place === "organization") {
      new dt.OrgAdminBinding(name, { organization: cloud.names[place], member, adopt: true }, opts);
    } else {
      new dt.ProjectRoleBinding(name, { project: cloud.names[place], member, role, adopt: true }, opts);
    }
  }
};
