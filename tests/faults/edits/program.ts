import * as pulumi from "@pulumi/pulumi";
import type { Door, Kind } from "../../engine/harness/doors";

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
  readonly provider: Readonly<Record<string, string>>;
  /** The system's account and key exist before the program, so it adopts them. */
  readonly system: {
    readonly home: string;
    readonly account: string;
    readonly keyId: string;
    readonly secret: string;
  };
}

const teamType = "test:index:Team";

/** The way in which the program declares everything, and the way in which it did before, given to Pulumi as aliases. */
export interface Doors {
  readonly present: Door;
  readonly former: Door | undefined;
}

const kindOf = ({ place }: Grant): Kind =>
  place === "organization" ? "OrgAdminBinding" : "ProjectRoleBinding";

export const urnOf = (grant: Grant, door: Door): string =>
  `urn:pulumi:test::test::${grant.team === undefined ? "" : `${teamType}$`}${door.typeOf(kindOf(grant))}::${grant.name}`;

/** The URNs of a system's account and key. */
export const systemUrns = ({ account, key }: System, door: Door): string[] => [
  `urn:pulumi:test::test::${door.typeOf("ServiceAccount")}::${account}`,
  `urn:pulumi:test::test::${door.typeOf("ServiceAccountKey")}::${key}`,
];

/** The program as a person would write it. */
export const programOf = (grants: readonly Grant[], system: System, cloud: Cloud, doors: Doors) => () => {
  const { present: door, former } = doors;
  const { home, account, keyId, secret } = cloud.system;
  const aliasesOf = (kind: Kind, names: readonly string[] = []): pulumi.Alias[] => [
    ...names.map((name) => ({ name })),
    ...(former === undefined ? [] : [{ type: former.typeOf(kind) }]),
    ...names.flatMap((name) => (former === undefined ? [] : [{ name, type: former.typeOf(kind) }])),
  ];
  const inputs = { project: home, displayName: "ERP", adopt: account };
  door.declare("ServiceAccount", system.account, inputs, { aliases: aliasesOf("ServiceAccount") });
  const key = { serviceAccount: account, adopt: keyId, secret };
  door.declare("ServiceAccountKey", system.key, key, { aliases: aliasesOf("ServiceAccountKey") });
  const provider = door.provider("second", cloud.provider);
  const teams = new Map(
    [...new Set(grants.flatMap(({ team }) => team ?? []))].map((team) => [
      team,
      new pulumi.ComponentResource(teamType, team),
    ]),
  );
  for (const grant of grants) {
    const parent = grant.team === undefined ? undefined : teams.get(grant.team);
    const opts: pulumi.CustomResourceOptions = {
      aliases: aliasesOf(kindOf(grant), grant.aliases),
      deleteBeforeReplace: grant.deleteFirst,
      ...(parent === undefined ? {} : { parent }),
      ...(grant.isElsewhere ? { provider } : {}),
    };
    const { name, place, address: member, role } = grant;
    const scope = place === "organization" ? "organization" : "project";
    const given = { [scope]: cloud.names[place], member, adopt: true };
    door.declare(kindOf(grant), name, place === "organization" ? given : { ...given, role }, opts);
  }
};
