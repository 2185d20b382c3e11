import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { registrationsOf, runAlone, programFolder } from "./program";

const provider = (name: string) => new dt.Provider(name, { keyId: "k", keySecret: "s", email: "a@b.c" });

describe("two resources of one program for one membership are an error that names both", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "of one person in one project",
      () => {
        new dt.ProjectRoleBinding("admins-jane", {
          project: "p",
          member: "jane@example.com",
          role: "project.admin",
        });
        new dt.ProjectRoleBinding("readers-jane", {
          project: "p",
          member: "jane@example.com",
          role: "project.user",
        });
      },
      /ProjectRoleBinding "admins-jane" and ProjectRoleBinding "readers-jane"/,
    ],
    [
      "in two spellings of the place and the address",
      () => {
        new dt.ProjectRoleBinding("a", { project: "p", member: "åse@example.com", role: "project.user" });
        new dt.ProjectRoleBinding("b", {
          project: "projects/p",
          member: " A\u030ASE@example.com",
          role: "project.user",
        });
      },
      /"a" and ProjectRoleBinding "b"/,
    ],
    [
      "of one administrator, from two tables",
      () => {
        for (const table of ["it", "board"])
          new dt.OrgAdminBinding(`${table}-grace`, { organization: "o", member: "grace@example.com" });
      },
      /OrgAdminBinding "it-grace" and OrgAdminBinding "board-grace"/,
    ],
    [
      "of one output",
      () => {
        const { email } = new dt.ServiceAccount("erp", { project: "p", displayName: "ERP" });
        new dt.ProjectRoleBinding("a", { project: "q", member: email, role: "project.user" });
        new dt.ProjectRoleBinding("b", { project: "q", member: email, role: "project.admin" });
      },
      /"a" and ProjectRoleBinding "b"/,
    ],
    [
      "of one account that is adopted by its id and by its email",
      () => {
        new dt.ServiceAccount("a", { project: "p", displayName: "ERP", adopt: "s1" });
        new dt.ServiceAccount("b", {
          project: "p",
          displayName: "ERP",
          adopt: "s1@p.serviceaccount.d21s.com",
        });
      },
      /ServiceAccount "a" and ServiceAccount "b"/,
    ],
    [
      "of one key that is adopted twice",
      () => {
        const serviceAccount = "projects/p/serviceaccounts/s";
        new dt.ServiceAccountKey("a", { serviceAccount, adopt: "k1" });
        new dt.ServiceAccountKey("b", { serviceAccount, adopt: `${serviceAccount}/keys/k1` });
      },
      /ServiceAccountKey "a" and ServiceAccountKey "b"/,
    ],
    [
      "in two projects of a map that are one",
      () =>
        new dt.AccessGrant("jane", {
          member: "jane@example.com",
          role: "project.user",
          projects: { north: "p", south: "projects/p" },
        }),
      /"jane-north" and ProjectRoleBinding "jane-south"/,
    ],
  ])("%s", async (_name, program, message) => {
    await expect(registrationsOf(program)).rejects.toThrow(message);
  });

  test("even if outputs turn out to be the same", async () => {
    const folder = programFolder({ isInstalled: true });
    const text = `
      pulumi.runtime.setMocks({ newResource: ({ inputs, name }) => ({ id: name, state: inputs }), call: () => ({}) });
      process.on("unhandledRejection", ({ message }) => { console.log(message); process.exit(0); });
      const member = (text) => pulumi.output(Promise.resolve(text));
      new dt.ProjectRoleBinding("a", { project: "p", member: member("jane@example.com"), role: "project.user" });
      new dt.ProjectRoleBinding("b", { project: "p", member: member("Jane@Example.com"), role: "project.user" });
    `;
    expect(await runAlone(folder, text)).toContain('"a" and ProjectRoleBinding "b"');
  });
});

test("one membership may be declared under two providers, and be read where it is declared", async () => {
  const args = { project: "p", member: "jane@example.com", role: "project.user" };
  const registered = await registrationsOf(() => {
    new dt.ProjectRoleBinding("a", args, { provider: provider("one") });
    new dt.ProjectRoleBinding("b", args, { provider: provider("two") });
    const parent = new pulumi.ComponentResource("test:Team", "team", {}, { providers: [provider("three")] });
    new dt.ProjectRoleBinding("c", args, { parent });
    new dt.ProjectRoleBinding("d", args);
    new dt.ProjectRoleBinding("e", args, { id: "projects/p/members/1" });
  });
  expect(registered.map(({ name }) => name).sort()).toEqual([
    "a",
    "b",
    "c",
    "d",
    "one",
    "team",
    "three",
    "two",
  ]);
});
