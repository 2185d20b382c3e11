import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { handlerText } from "../../provider/stack/doors";
import { registrationsOf, secretOf } from "./program";

/** One of each, as users create them. */
const examples = {
  ServiceAccount: () =>
    new dt.ServiceAccount("x", { project: "p", displayName: "ERP", enableBasicAuth: false }),
  ServiceAccountKey: () => new dt.ServiceAccountKey("x", { serviceAccount: "projects/p/serviceaccounts/s" }),
  ProjectRoleBinding: () =>
    new dt.ProjectRoleBinding("x", { project: "p", member: "a@b.c", role: "project.user" }),
  OrgAdminBinding: () => new dt.OrgAdminBinding("x", { organization: "o", member: "a@b.c" }),
  ProjectAccess: () => new dt.ProjectAccess("x", { project: "p", members: ["a@b.c"] }),
  OrganizationAccess: () => new dt.OrganizationAccess("x", { organization: "o", members: ["a@b.c"] }),
};
type Name = keyof typeof examples;

// The states of all users contain these texts, so they must never change.
test.each<[Name, string]>([
  ["ServiceAccount", 'exports.handler = () => require("pulumi-dt/provider").serviceAccount;'],
  ["ServiceAccountKey", 'exports.handler = () => require("pulumi-dt/provider").serviceAccountKey;'],
  ["ProjectRoleBinding", 'exports.handler = () => require("pulumi-dt/provider").projectRoleBinding;'],
  ["OrgAdminBinding", 'exports.handler = () => require("pulumi-dt/provider").orgAdminBinding;'],
  ["ProjectAccess", 'exports.handler = () => require("pulumi-dt/provider").projectAccess;'],
  ["OrganizationAccess", 'exports.handler = () => require("pulumi-dt/provider").organizationAccess;'],
])("a %s is registered under its type, with the text that finds its handler", async (name, text) => {
  const [registered] = await registrationsOf(examples[name]);
  expect(registered).toMatchObject({
    type: `pulumi-nodejs:dynamic/dt:${name}`,
    name: "x",
    inputs: { __provider: text, __urn: `urn:pulumi:stack::project::pulumi-nodejs:dynamic/dt:${name}::x` },
  });
  expect(Buffer.byteLength(text)).toBeLessThan(100);
  // The plugin records the same text.
  expect(handlerText(name)).toBe(text);
});

test.each(Object.keys(examples) as Name[])("a %s sends only the arguments of its user", async (name) => {
  const [registered] = await registrationsOf(examples[name]);
  const given = {
    ServiceAccount: { project: "p", displayName: "ERP", enableBasicAuth: false },
    ServiceAccountKey: { serviceAccount: "projects/p/serviceaccounts/s" },
    ProjectRoleBinding: { project: "p", member: "a@b.c", role: "project.user" },
    OrgAdminBinding: { organization: "o", member: "a@b.c" },
    ProjectAccess: { project: "p", members: ["a@b.c"] },
    OrganizationAccess: { organization: "o", members: ["a@b.c"] },
  };
  expect(registered?.inputs).toEqual({
    ...given[name],
    __provider: expect.any(String) as string,
    __urn: expect.any(String) as string,
  });
});

interface Runtime {
  _setOrganization(name: string): void;
}

test.each([
  ["acme", "acme"],
  // The name in backends without organizations.
  ["organization", undefined],
])("a resource sends the organization of its stack, which is %s", async (organization, told) => {
  const [registered] = await registrationsOf(() => {
    // The engine gives it to a program in this way.
    (pulumi.runtime as unknown as Runtime)._setOrganization(organization);
    new dt.ServiceAccount("erp", { project: "p", displayName: "ERP" });
  });
  expect(registered?.inputs.__organization).toBe(told);
});

test.each<[Name, string[]]>([
  ["ServiceAccount", ["project", "displayName", "enableBasicAuth", "email", "createTime", "updateTime"]],
  [
    "ServiceAccountKey",
    [
      ...["serviceAccount", "keyId", "secret", "email", "createTime", "credentials", "generation"],
      ...["previousKeyId", "previousSecret", "rotateAt", "retireAt"],
    ],
  ],
  ["ProjectRoleBinding", ["project", "member", "role", "memberId", "status", "accountType", "displayName"]],
  ["OrgAdminBinding", ["organization", "member", "role", "memberId", "status", "accountType", "displayName"]],
  ["ProjectAccess", ["project", "members", "mode", "ignore", "undeclared"]],
  ["OrganizationAccess", ["organization", "members", "mode", "ignore", "undeclared"]],
])("a %s has its outputs, which other resources accept", async (name, outputs) => {
  let made: object = {};
  await registrationsOf(() => (made = examples[name]()));
  for (const output of outputs)
    expect(pulumi.Output.isInstance((made as Record<string, unknown>)[output])).toBe(true);
});

describe("a key's secrets", () => {
  const secrets = ["secret", "previousSecret", "credentials"];

  test("are secret outputs, whatever options its user sets", async () => {
    const key = (opts: pulumi.CustomResourceOptions) =>
      new dt.ServiceAccountKey("x", { serviceAccount: "projects/p/serviceaccounts/s" }, opts);
    const [plain] = await registrationsOf(() => key({}));
    expect(plain?.additionalSecretOutputs).toEqual(secrets);
    const [more] = await registrationsOf(() => key({ additionalSecretOutputs: ["email"], protect: true }));
    expect(more?.additionalSecretOutputs).toEqual(expect.arrayContaining([...secrets, "email"]));
  });

  test("that are given in plaintext with adopt, leave the program as secrets", async () => {
    const serviceAccount = "projects/p/serviceaccounts/s";
    const [registered] = await registrationsOf(
      () => new dt.ServiceAccountKey("x", { serviceAccount, adopt: "k", secret: "hush" }),
    );
    expect(registered?.inputs).toMatchObject({ adopt: "k", secret: secretOf("hush") });
  });
});

test("outputs of other resources are not secret", async () => {
  for (const name of ["ServiceAccount", "ProjectRoleBinding", "OrgAdminBinding"] as const) {
    const [registered] = await registrationsOf(examples[name]);
    expect(registered?.additionalSecretOutputs).toEqual([]);
  }
});

test("arguments may be outputs of other resources, and two resources may share one arguments object", async () => {
  const registered = await registrationsOf(() => {
    const account = new dt.ServiceAccount("erp", { project: "p", displayName: "ERP" });
    const args = { project: "p", displayName: account.id.apply((id) => `beside ${id}`) };
    new dt.ServiceAccount("a", args);
    new dt.ServiceAccount("b", args);
  });
  expect(registered.slice(1).map(({ name, inputs }) => [name, inputs.displayName])).toEqual([
    ["a", "beside erp-id"],
    ["b", "beside erp-id"],
  ]);
});

test("the URN of a child contains its parent's type, like the engine's", async () => {
  class Team extends pulumi.ComponentResource {
    constructor(name: string) {
      super("test:Team", name);
      new dt.ServiceAccount(`${name}-bot`, { project: "p", displayName: "Bot" }, { parent: this });
    }
  }
  const registered = await registrationsOf(() => new Team("a"));
  expect(registered.find(({ name }) => name === "a-bot")?.inputs.__urn).toBe(
    "urn:pulumi:stack::project::test:Team$pulumi-nodejs:dynamic/dt:ServiceAccount::a-bot",
  );
});

test("the error of a failed declaration shows its place, and the stack trace limit stays the same", () => {
  const { stackTraceLimit } = Error;
  const declare = (name: string) => new dt.ServiceAccount(name, { project: "p", displayName: "ERP" });
  let stack: string | undefined;
  try {
    declare("");
  } catch (error) {
    ({ stack } = error as Error);
  }
  expect(stack).toMatch(/name[^]*resources\.test/);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  declare("erp");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
