import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { registrationsOf, type Registered } from "./program";

/** What was registered, as `Type name`. */
const namesOf = (registered: readonly Registered[]): string[] =>
  registered.map(({ type, name }) => `${type.replace(/^.*:/, "")} ${name}`);

const inputsOf = (registered: readonly Registered[], type: string): Record<string, unknown>[] =>
  registered.filter((each) => each.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);

const projects = { staging: "p1", production: "p2" };

describe("SystemAccess", () => {
  test("is an account, a role where one is said, and a key, each named so that it stays the same", async () => {
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

  test("hands on how its key is rotated, and does without one", async () => {
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

  test("delivers its key where it is told to", async () => {
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

  test("says which name in roles is none of its projects", () => {
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

  test("is a binding for each project, named by its id whatever it is given by, and once where it comes twice", async () => {
    const expected = ["ProjectRoleBinding a-p1", "ProjectRoleBinding a-p2"];
    expect(await bindingsOf(["p1", "projects/p2", "projects/p1"])).toEqual(expected);
    expect(await bindingsOf([{ name: "projects/p1" }, { name: "projects/p2" }])).toEqual(expected);
  });

  test("takes projects that are not known yet by names of one's own", async () => {
    const later = pulumi.output(Promise.resolve("p1"));
    expect(await bindingsOf({ oslo: later })).toEqual(["ProjectRoleBinding a-oslo"]);
  });
});

test("ClientAccess is an account that reaches nothing, its key, and who may make more of them", async () => {
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

test("CompanyMasterAccess is an account that administers the organization", async () => {
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
