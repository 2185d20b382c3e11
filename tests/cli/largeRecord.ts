import { recordSchemaId, type AccessRecord, type RecordedAccess } from "../../cli/access/record";
import { classes, type Finding } from "../../cli/findings/finding";

/** A record of this many people and projects. A person has access to about half of the projects. */
export function largeRecord(people: number, projects: number): AccessRecord {
  const places = Array.from({ length: projects }, (_, index) => ({
    name: `projects/p${index}`,
    displayName: `Project ${index}`,
    organization: "organizations/o",
    labels: { env: ["production", "staging", "development"][index % 3]! },
  }));
  const members = Array.from({ length: people }, (_, index) => ({
    id: `m${index}`,
    email: `person-${index}@example.com`,
    displayName: `Person ${index}`,
    kind: index % 5 === 0 ? ("serviceAccount" as const) : ("person" as const),
    isExternal: null,
    account: index % 5 === 0 ? `projects/p0/serviceaccounts/m${index}` : "",
    standing: index % 5 === 0 ? ("declared" as const) : null,
  }));
  const roles = ["roles/project.user", "roles/project.developer", "roles/project.admin"];
  const access = members.flatMap(({ id, email }, row) =>
    places
      .filter((_, column) => (row * 7 + column * 13) % 9 < 4)
      .map(({ name }, column): RecordedAccess => {
        const isDeclared = (row + column) % 4 > 0;
        const role = roles[(row + column) % 3]!;
        return {
          ...{ member: id, email, place: name, role, declared: isDeclared ? role : "" },
          standing: isDeclared ? "declared" : "undeclared",
          resources: isDeclared
            ? [`urn:pulumi:large::access::pulumi-nodejs:dynamic/dt:ProjectRoleBinding::r${row}-${column}`]
            : [],
          ...{ since: "2026-03-01T12:00:00Z", until: "", through: "", status: "ACCEPTED", reason: "" },
        };
      }),
  );
  const findings = access
    .filter(({ standing }) => standing === "undeclared")
    .map(({ member, place, email, role }): Finding => ({
      ...{ id: `${place}/members/${member}`, class: "unmanaged", kind: "membership", parent: place },
      ...{ resources: [], email, role, changes: [], message: `this membership is not declared: ${role}` },
    }));
  const counts = Object.fromEntries(
    classes.map((name) => [name, name === "unmanaged" ? findings.length : 0]),
  ) as AccessRecord["summary"]["counts"];
  const keys = members
    .filter(({ account }) => account !== "")
    .map(({ account, id }, index) => ({
      ...{ name: `${account}/keys/k${id}`, account, createTime: "2026-03-01T12:00:00Z", days: index },
      ...{ standing: "declared" as const, resources: [] },
    }));
  const none = { projects: 0, organizations: 0, serviceAccounts: 0, keys: 0, memberships: 0 };
  return {
    ...{ $schema: recordSchemaId, schemaVersion: 1, project: "access", stack: "large" },
    ...{ asOf: "2026-11-24T00:00:00.000Z", apiUrl: "https://api.example/v2" },
    criteria: { domains: [], keyAge: "90d", within: "14d" },
    summary: {
      ...{ result: "drift", counts, accepted: 0, people, systems: keys.length, administrators: people },
      ...{ external: null, oldKeys: keys.length, endingSoon: 0, undeclared: findings.length },
    },
    changes: null,
    ...{ places, members, access, keys, findings, accepted: [], staleDecisions: [] },
    coverage: {
      declared: { ...none, resources: 0 },
      lists: { read: 2 * projects, failed: 0 },
      seen: none,
      ...{ byDefault: 0, notCompared: [], notLookedAt: [] },
    },
    unread: [],
  };
}
