import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { registrationsOf, type Registered } from "./program";

/** The registered resources, as `Type name`. */
const namesOf = (registered: readonly Registered[]): string[] =>
  registered.map(({ type, name }) => `${type.replace(/^.*:/, "")} ${name}`);

const inputsOf = (registered: readonly Registered[], type: string): Record<string, unknown>[] =>
  registered.filter((each) => each.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);

const projects = { staging: "p1", production: "p2" };

describe("SystemAccess", () => {
  test("creates an account, the roles that are given, and a key, with stable names", async () => {
    const registered = await registrationsOf(
      () => new dt.SystemAccess("erp", { home: "p", projects, roles: { production: "project.user" } }),
    );
    expect(namesOf(registered).sort()).toEqual([
      "ProjectRoleBinding erp-production",
      "ServiceAccount erp",
      "ServiceAccountKey erp",
      "SystemAccess erp",
    ]);
    expect(inputsOf(registered, "ServiceAccount")).toEqual([
      expect.objectContaining({ project: "p", displayName: "erp", enableBasicAuth: false }),
    ]);
    expect(inputsOf(registered, "ProjectRoleBinding")).toEqual([
      expect.objectContaining({ project: "p2", role: "project.user" }),
    ]);
  });

  test("ends its roles, each at its own end or at the common one", async () => {
    const registered = await registrationsOf(
      () =>
        new dt.SystemAccess("erp", {
          ...{ home: "p", projects, key: false },
          expires: "2027-12-31",
          roles: { staging: "project.user", production: { role: "project.admin", expires: "2027-01-31" } },
        }),
    );
    expect(inputsOf(registered, "ProjectRoleBinding")).toEqual([
      expect.objectContaining({ project: "p1", role: "project.user", expires: "2027-12-31" }),
      expect.objectContaining({ project: "p2", role: "project.admin", expires: "2027-01-31" }),
    ]);
  });

  test("passes on the rotation settings of its key, and works without a key", async () => {
    let without: dt.SystemAccess | undefined;
    const registered = await registrationsOf(() => {
      const args = { home: "p", projects, roles: {} };
      new dt.SystemAccess("erp", { ...args, key: { rotateAfter: "90d" } });
      without = new dt.SystemAccess("bare", { ...args, key: false });
    });
    expect(inputsOf(registered, "ServiceAccountKey")).toEqual([
      expect.objectContaining({ rotateAfter: "90d" }),
    ]);
    expect(without!.key).toBeUndefined();
    expect(await new Promise((resolve) => without!.credentials.apply(resolve))).toBe("");
  });

  test("delivers its key to the given target", async () => {
    const registered = await registrationsOf(
      () =>
        new dt.SystemAccess("erp", {
          ...{ home: "p", projects, roles: {} },
          key: { rotateAfter: "90d", targets: { server: { deliver: "put-it" } } },
        }),
    );
    expect(namesOf(registered)).toEqual(
      expect.arrayContaining([
        "DeliveredKey erp",
        "ServiceAccountKey erp",
        "Command erp-server",
        "KeyRetirement erp",
      ]),
    );
    expect(inputsOf(registered, "ServiceAccountKey")).toEqual([
      expect.objectContaining({ rotateAfter: "90d", retirement: "afterDelivery" }),
    ]);
  });

  test("names the entry in roles that is not one of its projects", () => {
    expect(
      () => new dt.SystemAccess("erp", { home: "p", projects, roles: { prod: "project.user" } }),
    ).toThrow(new pulumi.RunError('erp: roles names "prod", which is not in projects (staging, production)'));
  });
});

describe("AccessGrant", () => {
  const bindingsOf = async (list: dt.AccessGrantArgs["projects"]) =>
    namesOf(
      await registrationsOf(
        () => new dt.AccessGrant("a", { member: "a@b.c", role: "project.user", projects: list }),
      ),
    ).slice(1);

  test("creates a binding for each project, named by its id however it is given, and once if it is given twice", async () => {
    const expected = ["ProjectRoleBinding a-p1", "ProjectRoleBinding a-p2"];
    expect(await bindingsOf(["p1", "projects/p2", "projects/p1"])).toEqual(expected);
    expect(await bindingsOf([{ name: "projects/p1" }, { name: "projects/p2" }])).toEqual(expected);
  });

  test("ends the access to each project at its own end or at the common one", async () => {
    const endsOf = async (list: dt.AccessGrantArgs["projects"], expires = "2027-12-31") => {
      const args = { member: "a@b.c", role: "project.user", projects: list, expires };
      const registered = await registrationsOf(() => new dt.AccessGrant("a", args));
      return inputsOf(registered, "ProjectRoleBinding")
        .map(({ project, expires: end }) => [project, end])
        .sort();
    };
    const ends = [
      ["p1", "2027-12-31"],
      ["p3", "2027-12-31"],
      ["projects/p2", "2027-01-31"],
    ];
    const p2 = { project: { name: "projects/p2" }, expires: "2027-01-31" };
    expect(await endsOf(["p1", p2, { project: "p3" }])).toEqual(ends);
    const later = { project: pulumi.output("projects/p2"), expires: pulumi.output("2027-01-31") };
    expect(await endsOf({ one: "p1", two: later, three: { project: "p3" } })).toEqual(ends);
  });

  test("accepts projects that are not known yet, under names that the user gives", async () => {
    const later = pulumi.output(Promise.resolve("p1"));
    expect(await bindingsOf({ oslo: later })).toEqual(["ProjectRoleBinding a-oslo"]);
  });
});

test("ClientAccess creates an account without access, its key, and the members that can create more keys", async () => {
  const args = { project: "p", client: "Client B", company: "Company A" };
  const registered = await registrationsOf(
    () => new dt.ClientAccess("b", { ...args, keyMakers: ["a@b.c", "a@b.c"], watch: "enforce" }),
  );
  expect(namesOf(registered)).toEqual([
    "ClientAccess b",
    "ServiceAccount b",
    "ProjectRoleBinding b-a@b.c",
    "ProjectAccess b",
    "ServiceAccountKey b",
  ]);
  expect(inputsOf(registered, "ServiceAccount")).toEqual([
    expect.objectContaining({ displayName: "Client B Access from Company A" }),
  ]);
  expect(inputsOf(registered, "ProjectRoleBinding")).toEqual([
    expect.objectContaining({ project: "p", role: "project.admin" }),
  ]);
  expect(inputsOf(registered, "ProjectAccess")).toEqual([
    expect.objectContaining({ members: ["a@b.c", "a@b.c"], mode: "enforce" }),
  ]);
  expect(namesOf(await registrationsOf(() => new dt.ClientAccess("b", args)))).not.toContain(
    "ProjectAccess b",
  );
});

test("ClientAccess creates the client's project if it gets the project's arguments, and everything is in it", async () => {
  const registered = await registrationsOf(
    () =>
      new dt.ClientAccess("b", {
        project: { organization: "o", displayName: "Client B", labels: { customer: "b" } },
        ...{ client: "Client B", company: "Company A", keyMakers: ["a@b.c"], watch: "report" },
      }),
  );
  expect(new Set(namesOf(registered))).toEqual(
    new Set([
      "ClientAccess b",
      "Project b",
      "ServiceAccount b",
      "ProjectRoleBinding b-a@b.c",
      "ProjectAccess b",
      "ServiceAccountKey b",
    ]),
  );
  expect(inputsOf(registered, "Project")).toEqual([
    expect.objectContaining({ organization: "o", displayName: "Client B", labels: { customer: "b" } }),
  ]);
  for (const kind of ["ServiceAccount", "ProjectRoleBinding", "ProjectAccess"])
    expect(inputsOf(registered, kind)).toEqual([expect.objectContaining({ project: "b-id" })]);
});

test("CompanyMasterAccess creates an account that administers the organization", async () => {
  const registered = await registrationsOf(
    () => new dt.CompanyMasterAccess("m", { organization: "o", home: "p", key: { rotateAfter: "30d" } }),
  );
  expect(namesOf(registered)).toEqual([
    "CompanyMasterAccess m",
    "ServiceAccount m",
    "OrgAdminBinding m",
    "ServiceAccountKey m",
  ]);
  expect(inputsOf(registered, "OrgAdminBinding")).toEqual([expect.objectContaining({ organization: "o" })]);
});
