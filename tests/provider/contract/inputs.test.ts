import { refusalOf } from "../refusal";
import type { Type } from "../stack";
import { startWorld, type World } from "../world";

let world: World;
beforeAll(async () => void (world = await startWorld()));

describe("an invalid input is refused before any request is sent", () => {
  const member = "jane@example.com";
  test.each<[what: string, type: Type, inputs: Record<string, unknown>, message: string]>([
    [
      "an empty display name",
      "serviceAccount",
      { project: "p", displayName: "" },
      "displayName must not be empty",
    ],
    [
      "a blank display name",
      "serviceAccount",
      { project: "p", displayName: " \t" },
      "displayName must not be empty",
    ],
    ["no display name", "serviceAccount", { project: "p" }, "displayName is required"],
    [
      "a display name that is no text",
      "serviceAccount",
      { project: "p", displayName: 7 },
      "displayName must be a string",
    ],
    [
      "an organization in place of a project",
      "serviceAccount",
      { project: "organizations/o", displayName: "x" },
      'project must be an id or "projects/ID", not "organizations/o"',
    ],
    [
      "the wildcard project",
      "projectRoleBinding",
      { project: "projects/-", member, role: "project.user" },
      'project must be an id or "projects/ID", not "projects/-"',
    ],
    [
      "a project that would lead elsewhere",
      "projectRoleBinding",
      { project: "..", member, role: "project.user" },
      'project must be an id or "projects/ID", not ".."',
    ],
    ...["p\\..\\o", "p\u0000", "\u0000", "p\ud800", "p%2e", "p:list", "p?x", "p#x", "p/q", "pé"].map(
      (project): [string, Type, Record<string, unknown>, string] => [
        `a project that a URL would spell otherwise: ${JSON.stringify(project)}`,
        "projectRoleBinding",
        { project, member, role: "project.user" },
        `project must be an id or "projects/ID", not ${JSON.stringify(project)}`,
      ],
    ),
    ...[
      "projects/p/serviceaccounts/s\\..\\t",
      "projects/p\u0000/serviceaccounts/s",
      "projects/-/serviceaccounts/s",
    ].map((serviceAccount): [string, Type, Record<string, unknown>, string] => [
      `an account that a URL would spell otherwise: ${JSON.stringify(serviceAccount)}`,
      "serviceAccountKey",
      { serviceAccount },
      `serviceAccount must be a service account's id, "projects/P/serviceaccounts/S", not ${JSON.stringify(serviceAccount)}`,
    ]),
    [
      "a previous key whose deletion would go to its account",
      "keyRetirement",
      {
        serviceAccount: "projects/p/serviceaccounts/s",
        keyId: "k",
        createTime: "2020-01-01T00:00:00Z",
        previousKeyId: "..",
      },
      'previousKeyId must be an id, not ".."',
    ],
    [
      "an email with an unseen character",
      "projectRoleBinding",
      { project: "p", member: "jane\u0007@example.com", role: "project.user" },
      'member must be an email address, not "jane\\u0007@example.com"',
    ],
    [
      "a flag that is text",
      "serviceAccount",
      { project: "p", displayName: "x", enableBasicAuth: "yes" },
      "enableBasicAuth must be true or false",
    ],
    [
      "a name for an account's id",
      "serviceAccountKey",
      { serviceAccount: "erp" },
      'serviceAccount must be a service account\'s id, "projects/P/serviceaccounts/S", not "erp"',
    ],
    [
      "a malformed email",
      "projectRoleBinding",
      { project: "p", member: "jane", role: "project.user" },
      'member must be an email address, not "jane"',
    ],
    [
      "an email with a name around it",
      "orgAdminBinding",
      { organization: "o", member: "Jane <jane@example.com>" },
      'member must be an email address, not "Jane <jane@example.com>"',
    ],
    [
      "an organization's role in a project",
      "projectRoleBinding",
      { project: "p", member, role: "roles/organization.admin" },
      "role is organization.admin, an organization role; use an OrgAdminBinding",
    ],
    [
      "two roles in one",
      "projectRoleBinding",
      { project: "p", member, role: "project.user, project.admin" },
      'role must be a role, not "project.user, project.admin"; the roles are project.user, project.operator, project.developer, project.admin and, in an OrgAdminBinding, organization.admin',
    ],
    [
      "a misspelt input",
      "orgAdminBinding",
      { organization: "o", memeber: member },
      "member is required\nmemeber is not an input of this resource; its inputs are organization, member, role, expires, adopt, allowLockout",
    ],
    [
      "several at once",
      "serviceAccount",
      { displayName: "", adopt: false },
      "project is required\ndisplayName must not be empty\nadopt must be a string",
    ],
    [
      "a secret that is no text, unseen",
      "serviceAccountKey",
      { serviceAccount: "projects/p/serviceaccounts/s", secret: 74656 },
      "secret must be a string",
    ],
  ])("%s", async (_what, type, inputs, message) => {
    expect(await refusalOf(world, type, inputs)).toBe(message);
    expect(world.requests).toHaveLength(0);
  });
});
